package import PosternModel

/// An event for the retry queue.
package struct NewDeliveryRetry: Sendable, Equatable {
    /// Its row.
    package let id: RetryID
    package let content: OutgoingEvent
    /// Which retry it waits for, counted from 1; 0 for an event that waits for its turn and was not tried yet.
    package let attempt: Int32
    /// When to try; `nil` lets it wait until it is the first of its ``account``.
    package let scheduledAt: Timestamp?
    /// In whose order it goes; `nil` where the destination is not ordered.
    package let account: String?
    package let failure: DeliveryFailure

    /// Joins the fields; without a time there must be an account.
    package init(
        id: RetryID = .fresh(at: .now()),
        content: OutgoingEvent,
        attempt: Int32,
        scheduledAt: Timestamp?,
        account: String? = nil,
        failure: DeliveryFailure
    ) {
        precondition(scheduledAt != nil || account != nil, "event \(content.event) would wait for nothing")
        self.id = id
        self.content = content
        self.attempt = attempt
        self.scheduledAt = scheduledAt
        self.account = account
        self.failure = failure
    }
}
