package import PosternModel

/// A request that failed verification, kept because its endpoint's secret may be the one at fault.
package struct QuarantinedRequest: Sendable, Equatable {
    /// Version 7, of its arrival; the delivery's own when it is admitted.
    package let id: DeliveryID
    package let organization: OrganizationID
    package let endpoint: EndpointID
    package let receivedAt: Timestamp
    package let expiresAt: Timestamp
    /// The code it was refused with.
    package let reason: String
    /// The address that limits count.
    package let address: String
    package let content: QuarantineContent

    /// Joins the values.
    package init(
        id: DeliveryID,
        organization: OrganizationID,
        endpoint: EndpointID,
        receivedAt: Timestamp,
        expiresAt: Timestamp,
        reason: String,
        address: String,
        content: QuarantineContent
    ) {
        self.id = id
        self.organization = organization
        self.endpoint = endpoint
        self.receivedAt = receivedAt
        self.expiresAt = expiresAt
        self.reason = reason
        self.address = address
        self.content = content
    }

    /// What counts as one sender: the address, of IPv6 the /64.
    ///
    /// Reads the text addresses have here: eight groups without compression for IPv6.
    static func source(of address: String) -> String {
        let groups = address.split(separator: ":", omittingEmptySubsequences: false)
        guard groups.count == 8 else { return address }
        return groups.prefix(4).joined(separator: ":") + "::/64"
    }

    /// What its sealed content is bound to, so that it opens as no other request and at no other endpoint.
    static func sealingContext(endpoint: EndpointID, id: DeliveryID) -> [UInt8] {
        [endpoint.id.high, endpoint.id.low, id.id.high, id.id.low].flatMap { half in
            stride(from: 56, through: 0, by: -8).map { UInt8(truncatingIfNeeded: half >> UInt64($0)) }
        }
    }
}
