package import PosternModel

/// How far a destination has come in a lane: everything up to ``number`` is settled.
package struct DestinationCursor: Sendable, Equatable {
    package let lane: Lane
    package let destination: DestinationID
    package let organization: OrganizationID
    /// The last event that is settled, or that the destination began behind.
    package let number: Int64
    /// When the event at ``number`` was stored; older days need no look.
    package let storedAt: Timestamp

    /// Joins the fields.
    package init(
        lane: Lane,
        destination: DestinationID,
        organization: OrganizationID,
        number: Int64,
        storedAt: Timestamp
    ) {
        self.lane = lane
        self.destination = destination
        self.organization = organization
        self.number = number
        self.storedAt = storedAt
    }
}
