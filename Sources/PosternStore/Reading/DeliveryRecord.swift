package import PosternModel

/// One delivery as stored: the exact bytes a platform sent.
package struct DeliveryRecord: Sendable, Equatable {
    package let id: DeliveryID
    package let lane: Lane
    package let writer: Int64
    package let sequence: Int64
    package let storedAt: Timestamp
    package let organization: OrganizationID
    package let endpoint: EndpointID
    /// The secret that proved it; `nil` for a scheme without one.
    package let secret: SecretID?
    package let platform: String
    /// `name: value` lines, names in lower case; the first is `:target: …`.
    package let headers: [UInt8]
    package let body: [UInt8]
}
