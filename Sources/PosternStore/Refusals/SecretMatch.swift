package import PosternModel

/// How often one secret proved a request in one hour.
package struct SecretMatch: Sendable, Equatable {
    package let secret: SecretID
    package let organization: OrganizationID
    package let endpoint: EndpointID
    /// The start of the hour.
    package let hour: Timestamp
    package var count: Int64
    /// The last time within the hour.
    package var lastAt: Timestamp

    /// Counts matches of which the last one was at `lastAt`, which is rounded down to its hour.
    package init(
        secret: SecretID,
        organization: OrganizationID,
        endpoint: EndpointID,
        count: Int64,
        lastAt: Timestamp
    ) {
        self.secret = secret
        self.organization = organization
        self.endpoint = endpoint
        let remainder = lastAt.seconds % 3600
        self.hour = Timestamp(seconds: lastAt.seconds - (remainder < 0 ? remainder + 3600 : remainder))
        self.count = count
        self.lastAt = lastAt
    }
}
