package import PosternModel

/// A wish for the next events of one organization in one lane.
package struct FeedRequest: Sendable, Equatable {
    package let lane: Lane
    package let organization: OrganizationID
    /// The number to go on behind.
    package let after: Int64
    /// When the event at ``after`` was stored.
    package let since: Timestamp
    /// How many events to bring at most, at least 1.
    package let limit: Int

    /// Joins the fields.
    package init(lane: Lane, organization: OrganizationID, after: Int64, since: Timestamp, limit: Int) {
        self.lane = lane
        self.organization = organization
        self.after = after
        self.since = since
        self.limit = limit
    }
}
