extension Connection {
    /// Sends statements without waiting for each answer; all of them are one transaction.
    ///
    /// Outside of ``transaction(opening:within:_:)`` the statements between are one implicit transaction, and this
    /// returns after its commit is confirmed. Inside, they are part of the open transaction. Any error undoes all of
    /// them. `BEGIN` and `COMMIT` must not be sent.
    ///
    /// - Returns: one result for each statement sent, in order.
    /// - Throws: the first error; when `body` throws, everything sent is rolled back and its error thrown. After
    ///   ``PostgresError/unreachable(_:)`` and ``PostgresError/deadline(_:)`` the commit's outcome is unknown.
    package mutating func pipeline(
        within limit: Duration,
        _ body: (inout Pipeline) throws(PostgresError) -> Void
    ) throws(PostgresError) -> [Rows] {
        let session = self.session
        let deadline = session.deadline(within: limit)
        try session.begin(deadline)
        try session.took(session.wire.enterPipeline())
        session.stage = .open
        var pipeline = Pipeline(session, deadline)
        do throws(PostgresError) {
            try body(&pipeline)
        } catch {
            Self.abandon(session)
            throw error
        }
        try session.took(session.wire.sendSync())
        session.stage = .synchronized
        try session.flush(deadline)
        return try Self.collect(session, pipeline.due, deadline)
    }

    /// Rolls back what was sent so far and leaves pipeline mode, unless an interruption has done so already.
    private static func abandon(_ session: Session) {
        guard session.loss == nil, session.stage == .open else { return }
        session.poison()
        guard session.drain(until: Deadline(within: session.grace)) == .dry else {
            _ = session.lose("a pipeline that was given up did not come to rest")
            return
        }
    }

    /// Reads the answers of a pipeline up to its end.
    private static func collect(
        _ session: Session,
        _ due: [Pipeline.Due],
        _ deadline: Deadline
    ) throws(PostgresError) -> [Rows] {
        var results: [Rows] = []
        results.reserveCapacity(due.count)
        var failure: PostgresError?
        var position = 0
        var isAnswered = false
        while true {
            try session.awaitAnswer(deadline)
            switch session.wire.next() {
            case nil:
                // Between two statements. Two in a row would mean that libpq has nothing more to say.
                guard isAnswered else { throw session.lose("the pipeline's answers ended early") }
                isAnswered = false
                position += 1
            case .rows(let rows):
                isAnswered = true
                guard position < due.count else { break }
                switch due[position] {
                case .preparation(let statement, let name): session.remember(statement, as: name)
                case .rows: results.append(rows)
                }
            case .failed(let diagnosis):
                isAnswered = true
                let error = session.digest(diagnosis)
                failure = failure ?? error
                guard session.loss == nil || session.wire.isHealthy else { throw failure ?? error }
            case .skipped: isAnswered = true
            case .copy: throw session.lose("the statement began a COPY, which Postern does not speak")
            case .synchronized:
                session.stage = .none
                session.isPreparing = false
                try session.took(session.wire.exitPipeline())
                if let failure { throw failure }
                try session.checkReplication()
                return results
            }
        }
    }
}
