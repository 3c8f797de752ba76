package import PosternModel

/// One organization and its limits.
package struct OrganizationRecord: Sendable, Equatable {
    package let id: OrganizationID
    package let name: String
    package let tier: String
    /// Verified requests a minute: its own limit, else the tier's; `nil` for no limit.
    package let requestsPerMinute: Int32?
    /// How many may come at once: its own, else the tier's; `nil` for no limit.
    package let burst: Int32?
    package let createdAt: Timestamp

    /// Joins the values.
    package init(
        id: OrganizationID,
        name: String,
        tier: String,
        requestsPerMinute: Int32?,
        burst: Int32?,
        createdAt: Timestamp
    ) {
        self.id = id
        self.name = name
        self.tier = tier
        self.requestsPerMinute = requestsPerMinute
        self.burst = burst
        self.createdAt = createdAt
    }
}
