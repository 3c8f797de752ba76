/// Statements on their way to the server without waiting for each answer.
///
/// Lent out by ``Connection/pipeline(within:_:)``; belongs to the connection's thread.
package struct Pipeline: ~Copyable {
    /// What the server will answer to, in order.
    enum Due {
        case preparation(Statement, name: String)
        case rows
    }

    /// How many bytes may be queued before sending waits for the socket.
    private static let queueLimitBytes = 65_536

    private let session: Session
    private let deadline: Deadline
    private var queuedBytes = 0
    /// The answers to expect.
    private(set) var due: [Due] = []
    private var preparing: [String: String] = [:]

    /// Starts an empty pipeline.
    init(_ session: Session, _ deadline: Deadline) {
        self.session = session
        self.deadline = deadline
    }

    /// Sends one statement; the parameters are copied, so that the buffer can be used again at once.
    ///
    /// Statements this connection has not prepared yet are prepared on the way. Blocks while the socket is full.
    ///
    /// - Throws: ``PostgresError/unreachable(_:)`` and ``PostgresError/deadline(_:)``; errors of the statement itself
    ///   come out of ``Connection/pipeline(within:_:)``.
    package mutating func send(
        _ statement: Statement,
        _ parameters: borrowing ParameterBuffer
    ) throws(PostgresError) {
        try self.session.checkUsable()
        statement.check(parameters)
        let name: String
        if let pending = self.preparing[statement.name] {
            name = pending
        } else {
            let (known, isNew) = self.session.name(of: statement)
            name = known
            if isNew {
                try self.session.send(preparing: statement, as: name)
                self.due.append(.preparation(statement, name: name))
                self.preparing[statement.name] = name
                self.queuedBytes += statement.sql.utf8.count
            }
        }
        try self.session.took(self.session.wire.send(executing: name, parameters))
        self.due.append(.rows)
        self.queuedBytes += parameters.byteCount + 4 * parameters.count + 64
        if self.queuedBytes >= Self.queueLimitBytes {
            try self.session.flush(self.deadline)
            self.queuedBytes = 0
        }
    }

    /// Sends one statement without parameters.
    package mutating func send(_ statement: Statement) throws(PostgresError) {
        try self.send(statement, ParameterBuffer())
    }
}
