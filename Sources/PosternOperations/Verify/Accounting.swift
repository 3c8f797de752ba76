internal import PosternModel
package import PosternPostgres
internal import PosternStore

/// Proves that nothing is stuck and nothing lost: each stored row is somewhere, and the books agree with the rows.
///
/// All is read in one snapshot, so traffic may go on. Memory is bounded by a page, by the number of writers, and by the
/// number of organizations and destinations. For a session of the operator; nothing is changed. Blocking: connection
/// threads only.
package struct Accounting: Sendable {
    /// What is looked at.
    let scope: AccountingScope
    /// Normalizes deliveries once more.
    let derivation: any KeyDerivation

    /// Prepares the accounting; nothing is read yet.
    package init(_ scope: AccountingScope, derivation: any KeyDerivation) {
        self.scope = scope
        self.derivation = derivation
    }

    /// Reads everything and says what was found.
    ///
    /// - Parameters:
    ///   - connection: a session of the operator.
    ///   - progress: called at each step and page.
    /// - Returns: the books.
    /// - Throws: any ``PostgresError``.
    package func run(
        _ connection: inout Connection,
        progress: (AccountingStep) -> Void = { _ in }
    ) throws(PostgresError) -> AccountingBook {
        try connection.transaction(opening: AccountingPeriod.opening, within: self.scope.wholeLimit) {
            connection throws(PostgresError) in
            let period = try AccountingPeriod.load(&connection, within: self.scope.statementLimit)
            let days = period.deliveries.filter { day in self.includes(day) }
            var book = AccountingBook(
                snapshotAt: period.now,
                since: days.first?.start,
                limit: self.scope.faultLimit
            )
            try self.checkDeliveries(days, period, &book, &connection, progress)
            if self.scope.organization == nil { try self.checkEvents(period, &book, &connection, progress) }
            try self.checkDestinations(period, &book, &connection, progress)
            progress(.queues)
            let faults = try QueueFaults.find(
                of: self.scope.organization,
                limit: self.scope.faultLimit,
                &connection,
                within: self.scope.statementLimit
            )
            for fault in faults { book.note(fault) }
            return book
        }
    }

    /// Whether a day is looked at.
    func includes(_ day: AccountedDay) -> Bool { self.scope.since.map { $0 < day.end } ?? true }
}
