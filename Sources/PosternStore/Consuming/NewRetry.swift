package import PosternModel

/// A row for the retry queue.
package struct NewRetry: Sendable {
    package let failed: FailedDelivery
    /// Counted from 1.
    package let attempt: Int32
    package let scheduledAt: Timestamp

    /// Joins the fields.
    package init(failed: FailedDelivery, attempt: Int32, scheduledAt: Timestamp) {
        self.failed = failed
        self.attempt = attempt
        self.scheduledAt = scheduledAt
    }
}
