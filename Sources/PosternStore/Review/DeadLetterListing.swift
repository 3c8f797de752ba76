package import PosternModel

/// A dead letter as lists show it: everything but its payload.
package struct DeadLetterListing: Sendable, Equatable {
    package let id: DeadLetterID
    package let lane: Lane
    package let delivery: DeliveryID
    package let organization: OrganizationID
    package let endpoint: EndpointID
    package let platform: String
    /// The event's type; `nil` for a delivery that failed before it had one.
    package let type: String?
    /// Where the event did not arrive; `nil` for a delivery that could not be normalized.
    package let destination: DestinationID?
    package let event: EventID?
    package let fingerprint: UniqueID
    /// The reason's code, to group by.
    package let reason: String
    /// What exactly was wrong, for a person.
    package let detail: String
    package let attempts: Int32
    package let requiresManualReview: Bool
    package let state: DeadLetterState
    /// Its row in the retry queue while a replay is under way.
    package let replay: RetryID?
    package let payloadBytes: Int64
    package let createdAt: Timestamp
    /// When it failed last.
    package let failedAt: Timestamp
}
