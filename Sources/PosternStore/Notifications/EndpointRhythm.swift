package import PosternModel

/// How regularly requests have come to an endpoint, as its counters tell.
package struct EndpointRhythm: Sendable, Equatable {
    package let organization: OrganizationID
    package let endpoint: EndpointID
    /// The endpoint's name within its organization.
    package let name: String
    package let platform: String
    /// The first minute with an accepted request in the days looked at.
    package let first: Timestamp
    /// The last one.
    package let last: Timestamp
    /// How many minutes had one.
    package let minutes: Int64
    /// The longest time between two of them.
    package let longestGap: Duration

    /// Joins the fields.
    package init(
        organization: OrganizationID,
        endpoint: EndpointID,
        name: String,
        platform: String,
        first: Timestamp,
        last: Timestamp,
        minutes: Int64,
        longestGap: Duration
    ) {
        self.organization = organization
        self.endpoint = endpoint
        self.name = name
        self.platform = platform
        self.first = first
        self.last = last
        self.minutes = minutes
        self.longestGap = longestGap
    }
}
