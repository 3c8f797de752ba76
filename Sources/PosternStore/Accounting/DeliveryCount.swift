package import PosternModel

/// How many deliveries of a day belong to one organization.
package struct DeliveryCount: Sendable, Equatable {
    package let organization: OrganizationID
    /// All of them.
    package let stored: Int64
    /// Those that no lane's owner has read.
    package let inFlight: Int64
}
