package import PosternModel

/// A dead letter as lists show it: everything but its payload.
package struct DeadLetterListing: Sendable, Equatable {
    package let id: UniqueID
    package let lane: Lane
    package let delivery: DeliveryID
    package let organization: OrganizationID
    package let endpoint: EndpointID
    package let platform: String
    /// The reason's code, to group by.
    package let reason: String
    /// What exactly was wrong, for a person.
    package let detail: String
    package let attempts: Int32
    package let requiresManualReview: Bool
    /// `open`, `acknowledged`, `resolved` or `discarded`.
    package let reviewState: String
    package let payloadBytes: Int64
    package let createdAt: Timestamp
}
