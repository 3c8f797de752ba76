package import PosternModel

/// A row of the retry queue that waits for its next attempt.
package struct PostponedDelivery: Sendable, Equatable {
    package let row: RetryRow
    /// Which retry is next: higher than the row's, unless the row was not tried.
    package let attempt: Int32
    package let scheduledAt: Timestamp
    package let failure: DeliveryFailure

    /// Joins the fields.
    package init(row: RetryRow, attempt: Int32, scheduledAt: Timestamp, failure: DeliveryFailure) {
        self.row = row
        self.attempt = attempt
        self.scheduledAt = scheduledAt
        self.failure = failure
    }
}
