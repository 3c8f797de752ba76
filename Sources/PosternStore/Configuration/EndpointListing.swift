package import PosternModel

/// An endpoint as lists show it: everything but its secrets.
package struct EndpointListing: Sendable, Equatable {
    /// The endpoint, without secrets.
    package let endpoint: EndpointRecord
    package let organizationName: String
    /// How many secrets are active now.
    package let activeSecrets: Int64
    package let updatedAt: Timestamp
}
