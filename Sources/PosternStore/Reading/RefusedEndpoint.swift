package import PosternModel

/// An endpoint whose requests we refuse now.
package struct RefusedEndpoint: Sendable, Equatable {
    package let organization: OrganizationID
    package let endpoint: EndpointID
    /// The endpoint's name within its organization.
    package let name: String
    package let platform: PlatformName
    /// The first minute with a refusal since a request was accepted; of an endpoint that accepts some requests and refuses
    /// others, since an hour ago.
    package let since: Timestamp
    /// The last minute with a refusal.
    package let last: Timestamp
    /// How many requests were refused in the last hour.
    package let refused: Int64
    /// How many were accepted in the last hour.
    package let accepted: Int64
}
