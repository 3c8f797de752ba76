package import PosternModel

/// Dead letters of one organization that failed alike: same platform, type, reason, destination and definition version.
package struct DeadLetterGroup: Sendable, Equatable {
    package let organization: OrganizationID
    package let fingerprint: UniqueID
    package let platform: String
    /// The events' type; `nil` for deliveries that failed before they had one.
    package let type: String?
    /// The reason's code.
    package let reason: String
    package let destination: DestinationID?
    /// How many there are.
    package let count: Int64
    /// How many of them have a replay under way.
    package let replaying: Int64
    /// When the oldest was made.
    package let firstSeen: Timestamp
    /// When the newest was made.
    package let lastSeen: Timestamp
}
