/// The end of a row of the retry queue.
package struct RetryEnd: Sendable, Equatable {
    /// How it ended.
    package enum How: Sendable, Equatable {
        /// The destination took it; a dead letter it replays is resolved.
        case delivered
        /// It will not be tried again: a dead letter it replays is open again, any other comes with a
        /// ``NewDeliveryDeadLetter`` in the same settlement.
        case buried(DeliveryFailure)
    }

    package let row: RetryRow
    package let how: How

    /// Joins the fields.
    package init(row: RetryRow, how: How) {
        self.row = row
        self.how = how
    }
}
