package import PosternModel

/// Which stored events go to which destination once more; every condition that is given must hold.
///
/// Whether an event was delivered before, or was there before the destination, is no condition, and what the destination
/// is subscribed to is none either: it is named here.
package struct EventReplayFilter: Sendable, Equatable {
    package var organization: OrganizationID
    package var destination: DestinationID
    package var endpoint: EndpointID?
    package var platform: String?
    /// A pattern for the type: `*` is any run of characters, `?` is one.
    package var typeGlob: String?
    package var account: String?
    /// Stored at this time or later.
    package var since: Timestamp?
    /// Stored before this time.
    package var until: Timestamp?

    /// Means all events of an organization unless a condition is given.
    package init(
        organization: OrganizationID,
        destination: DestinationID,
        endpoint: EndpointID? = nil,
        platform: String? = nil,
        typeGlob: String? = nil,
        account: String? = nil,
        since: Timestamp? = nil,
        until: Timestamp? = nil
    ) {
        self.organization = organization
        self.destination = destination
        self.endpoint = endpoint
        self.platform = platform
        self.typeGlob = typeGlob
        self.account = account
        self.since = since
        self.until = until
    }
}
