package import PosternModel

/// A delivery as it will stand in the log, without its bytes.
package struct DeliveryRow: Sendable {
    package let id: DeliveryID
    package let organization: OrganizationID
    package let endpoint: EndpointID
    package let lane: Lane
    package let platform: PlatformName
    /// The secret that proved it; `nil` where the scheme has none.
    package let secret: SecretID?

    /// Joins the fields.
    package init(
        id: DeliveryID,
        organization: OrganizationID,
        endpoint: EndpointID,
        lane: Lane,
        platform: PlatformName,
        secret: SecretID?
    ) {
        self.id = id
        self.organization = organization
        self.endpoint = endpoint
        self.lane = lane
        self.platform = platform
        self.secret = secret
    }
}
