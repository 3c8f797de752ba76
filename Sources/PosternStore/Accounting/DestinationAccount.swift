package import PosternModel

/// The books of one destination in one lane.
package struct DestinationAccount: Sendable, Equatable {
    package let lane: Lane
    package let destination: DestinationID
    package let organization: OrganizationID
    /// The destination's name within its organization.
    package let name: String
    /// Where it began to follow the log.
    package let firstNumber: Int64
    /// Up to where it has come.
    package let number: Int64
    /// Counted: at the first attempt.
    package let delivered: Int64
    /// Counted: to the retry queue.
    package let handed: Int64
    /// Counted: dead-lettered at the first attempt.
    package let buried: Int64
    /// Counted: passed over.
    package let unsubscribed: Int64
    /// Counted: of those handed, delivered later.
    package let recovered: Int64
    /// Counted: of those handed, dead-lettered later.
    package let exhausted: Int64
    /// In the log: events of the organization that it has passed and that are still there.
    package let passed: Int64
    /// In the log: events of the organization that lie before it.
    package let ahead: Int64
    /// The number of the oldest event of the lane that is still there; `nil` for none.
    package let oldestNumber: Int64?
    /// In the retry queue, replays left out.
    package let waiting: Int64
    /// Its dead letters in the lane, whatever became of them.
    package let letters: DestinationLetters
    /// Whether the destination was deleted: its cursors stand still, and what waited was moved to the dead letters.
    package let isDeleted: Bool

    /// Whether no event of the lane was dropped by retention since the destination began to follow.
    ///
    /// Only then can what it passed be counted.
    package func keepsAllPassed(_ period: AccountingPeriod) -> Bool {
        self.number == self.firstNumber || period.keepsAllEvents
            || period.keepsEventsBetween && (self.oldestNumber.map { $0 <= self.firstNumber + 1 } ?? false)
    }
}
