extension Connection {
    /// Runs `body` between BEGIN and COMMIT; an error rolls back.
    ///
    /// - Parameters:
    ///   - opening: what begins the transaction, in one round trip: `BEGIN ISOLATION LEVEL REPEATABLE READ; SET LOCAL
    ///     …`.
    ///   - limit: for all of it; calls inside cannot outlast it.
    ///   - body: must not begin or end transactions; must not swallow errors, because the transaction has failed with
    ///     them.
    /// - Returns: what `body` returned, once the commit is confirmed.
    /// - Throws: the body's error; ``PostgresError/refused(sqlstate:message:)`` with 25P02 when a statement inside
    ///   failed and the body went on; any error of BEGIN or COMMIT. After ``PostgresError/unreachable(_:)`` and
    ///   ``PostgresError/deadline(_:)`` the commit's outcome is unknown.
    package mutating func transaction<Value: ~Copyable>(
        opening: String = "BEGIN",
        within limit: Duration,
        _ body: (inout Connection) throws(PostgresError) -> Value
    ) throws(PostgresError) -> Value {
        precondition(!self.isInTransaction, "a transaction within a transaction")
        let outer = self.session.outerDeadline
        self.session.outerDeadline = self.session.deadline(within: limit)
        self.isInTransaction = true
        defer {
            self.session.outerDeadline = outer
            self.isInTransaction = false
        }
        do throws(PostgresError) {
            try self.script(opening, within: limit)
            let value = try body(&self)
            try self.commit(within: limit)
            return value
        } catch {
            self.comeToRest()
            throw error
        }
    }

    private mutating func commit(within limit: Duration) throws(PostgresError) {
        try self.session.checkUsable()
        guard self.session.wire.transaction != .none else {
            throw .refused(sqlstate: "25P01", message: "the body ended the transaction itself")
        }
        let tag = try self.session.execute(script: "COMMIT", self.session.deadline(within: limit))
        // The server answers COMMIT of a failed transaction with success, and the tag of what it really did.
        guard tag == "COMMIT" else {
            throw .refused(
                sqlstate: "25P02",
                message: "rolled back: a statement had failed and its error was not thrown on"
            )
        }
    }

    /// Rolls back what is open, or gives the connection up.
    mutating func comeToRest() {
        guard self.session.loss == nil, self.session.wire.transaction != .none else { return }
        self.session.isShielded = true
        defer { self.session.isShielded = false }
        do throws(PostgresError) {
            try self.session.execute(script: "ROLLBACK", Deadline(within: self.session.grace))
        } catch {
            _ = self.session.lose("the transaction could not be rolled back: \(error)")
        }
    }
}
