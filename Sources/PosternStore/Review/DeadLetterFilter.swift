package import PosternModel

/// Which dead letters are meant; every condition that is given must hold.
package struct DeadLetterFilter: Sendable, Equatable {
    /// The states they may be in; at least one.
    package var states: [DeadLetterState]
    /// Whose; `nil` for everything the session sees.
    package var organization: OrganizationID?
    package var platform: String?
    /// A pattern for the event's type: `*` is any run of characters, `?` is one.
    package var typeGlob: String?
    /// The code of the failure.
    package var reason: String?
    package var destination: DestinationID?
    package var endpoint: EndpointID?
    /// What they are grouped by.
    package var fingerprint: UniqueID?
    /// Made at this time or later.
    package var since: Timestamp?
    /// Made before this time.
    package var until: Timestamp?

    /// Means everything in these states unless a condition is given.
    package init(
        states: [DeadLetterState] = DeadLetterState.unsettled,
        organization: OrganizationID? = nil,
        platform: String? = nil,
        typeGlob: String? = nil,
        reason: String? = nil,
        destination: DestinationID? = nil,
        endpoint: EndpointID? = nil,
        fingerprint: UniqueID? = nil,
        since: Timestamp? = nil,
        until: Timestamp? = nil
    ) {
        self.states = states
        self.organization = organization
        self.platform = platform
        self.typeGlob = typeGlob
        self.reason = reason
        self.destination = destination
        self.endpoint = endpoint
        self.fingerprint = fingerprint
        self.since = since
        self.until = until
    }
}
