internal import PosternModel
package import PosternPostgres

/// One database session of a gateway that appends deliveries, with a writer number of its own.
///
/// Blocking. Belongs to one writer thread. After any error the session must be given up: whether the last batch is
/// stored may be unknown, and only a number of its own keeps "order of sequence is order of commit" true.
package struct WriterSession: ~Copyable {
    /// The number in `writers`.
    package let writer: Int64
    private var connection: Connection
    private var parameters: ParameterBuffer
    private var sequence: Int64 = 0
    /// From the cursors' own start on: a clock that went back must not put a delivery before them.
    private var lastStoredAt: Timestamp

    /// The first of the two numbers of a writer's advisory lock; the second is the writer's own.
    ///
    /// The session holds the lock for as long as it lives, which is how consumers learn that a writer is gone.
    package static let lockClass: Int32 = 1_886_614_643

    /// Connects and registers: a number, its lock, and a cursor in every lane.
    ///
    /// `gateway`: who we are, for the people who read `writers`.
    /// Throws what connecting or registering failed with; nothing stays behind.
    package init(_ configuration: ConnectionConfiguration, gateway: String) throws(PostgresError) {
        var connection = try Connection(configuration)
        let limit: Duration = .seconds(10)
        let now = Timestamp.now()
        self.writer = try connection.transaction(within: limit) { connection throws(PostgresError) in
            var parameters = ParameterBuffer()
            parameters.append(gateway)
            let writer = try connection.query(.registerWriter, parameters, within: limit).int64(0, 0)
            parameters.removeAll()
            parameters.append(Self.lockClass)
            parameters.append(Int32(truncatingIfNeeded: writer))
            _ = try connection.query(.lockWriter, parameters, within: limit)
            let lanes = try connection.query(.lanes, within: limit).int32s(0, 0)
            _ = try connection.pipeline(within: limit) { pipeline throws(PostgresError) in
                try BatchStatement.newCursors.send(rows: lanes.count, to: &pipeline, using: &parameters) {
                    row,
                    parameters in
                    parameters.append(lanes[row])
                    parameters.append(writer)
                    parameters.append(now)
                }
            }
            return writer
        }
        self.connection = connection
        self.lastStoredAt = now
        self.parameters = ParameterBuffer(parameters: 256 * 11, bytes: 512 * 1024)
    }

    /// Commits a batch, in one transaction and one round trip.
    ///
    /// - Parameters:
    ///   - rows: 1 to 256.
    ///   - limit: how long the commit may take.
    ///   - bytes: hands the headers and the body of the numbered row to the closure it is given.
    /// - Throws: nothing of the batch may be taken for stored; give the session up.
    package mutating func commit(
        _ rows: [DeliveryRow],
        within limit: Duration,
        bytes: (Int, (RawSpan, RawSpan) -> Void) -> Void
    ) throws(PostgresError) {
        try self.commit(
            rows,
            within: limit,
            appending: { index, parameters in
                bytes(index) { headers, body in
                    parameters.append(bytes: headers)
                    parameters.append(bytes: body)
                }
            }
        )
    }

    /// Commits a batch whose bytes are in arrays: 1 to 256 rows, each with its headers and body at the same index.
    ///
    /// - Throws: nothing of the batch may be taken for stored; give the session up.
    package mutating func commit(
        _ rows: [DeliveryRow],
        contents: [(headers: [UInt8], body: [UInt8])],
        within limit: Duration
    ) throws(PostgresError) {
        precondition(rows.count == contents.count, "\(rows.count) rows, \(contents.count) contents")
        try self.commit(
            rows,
            within: limit,
            appending: { index, parameters in
                parameters.append(bytes: contents[index].headers)
                parameters.append(bytes: contents[index].body)
            }
        )
    }

    /// Commits a batch; `append` appends the headers and the body of the numbered row.
    private mutating func commit(
        _ rows: [DeliveryRow],
        within limit: Duration,
        appending append: (Int, inout ParameterBuffer) -> Void
    ) throws(PostgresError) {
        // Never back within one writer: a cursor prunes older partitions by the time of the last row it read.
        let storedAt = max(Timestamp.now(), self.lastStoredAt)
        let writer = self.writer
        let first = self.sequence + 1
        var parameters = ParameterBuffer()
        swap(&parameters, &self.parameters)
        defer { swap(&parameters, &self.parameters) }
        _ = try self.connection.pipeline(within: limit) { pipeline throws(PostgresError) in
            try BatchStatement.deliveries.send(rows: rows.count, to: &pipeline, using: &parameters) {
                index,
                parameters in
                let row = rows[index]
                parameters.append(row.lane.number)
                parameters.append(writer)
                parameters.append(first + Int64(index))
                parameters.append(storedAt)
                parameters.append(row.id)
                parameters.append(row.organization)
                parameters.append(row.endpoint)
                parameters.append(row.secret?.id)
                parameters.append(row.platform.text)
                append(index, &parameters)
            }
        }
        self.lastStoredAt = storedAt
        self.sequence += Int64(rows.count)
    }

    /// Looks whether the server is still there, without asking it: for a session that has nothing to do.
    ///
    /// Throws ``PostgresError/unreachable(_:)`` when it went away.
    package mutating func check() throws(PostgresError) {
        guard self.connection.isStillThere() else { throw .unreachable("the server closed the session") }
    }

    /// Says that nothing more will come, so that the cursors close at once.
    package mutating func retire() throws(PostgresError) {
        self.parameters.removeAll()
        self.parameters.append(self.writer)
        _ = try self.connection.query(.closeWriter, self.parameters, within: .seconds(5))
    }
}
