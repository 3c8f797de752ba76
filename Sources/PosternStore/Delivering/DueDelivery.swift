package import PosternModel

/// An event of the retry queue whose time has come.
package struct DueDelivery: Sendable, Equatable {
    package let row: RetryRow
    package let content: OutgoingEvent
    /// When it was to be tried.
    package let scheduledAt: Timestamp

    /// Joins the fields.
    package init(row: RetryRow, content: OutgoingEvent, scheduledAt: Timestamp) {
        self.row = row
        self.content = content
        self.scheduledAt = scheduledAt
    }
}
