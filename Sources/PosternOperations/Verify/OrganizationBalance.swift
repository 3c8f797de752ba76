package import PosternModel

/// What became of the deliveries of one organization.
package struct OrganizationBalance: Sendable, Equatable {
    package let organization: OrganizationID
    /// Stored in the days looked at.
    package var accepted: Int64 = 0
    /// Normalized: its events are stored, or were known before, or it holds none.
    package var settled: Int64 = 0
    /// Not read by its lane's owner.
    package var inFlight: Int64 = 0
    /// In the retry queue, to be normalized.
    package var retrying: Int64 = 0
    /// A dead letter that is open or acknowledged.
    package var deadLettered: Int64 = 0
    /// A dead letter that was discarded.
    package var discarded: Int64 = 0
    /// Nothing says what became of it, and nothing can.
    package var unprovable: Int64 = 0
    /// Nothing says what became of it, and something should.
    package var lost: Int64 = 0

    /// Starts with nothing.
    package init(_ organization: OrganizationID) { self.organization = organization }

    /// Whether each delivery is somewhere.
    package var isBalanced: Bool {
        self.lost == 0
            && self.accepted == self.settled + self.inFlight + self.retrying + self.deadLettered + self.discarded
                + self.unprovable
    }
}
