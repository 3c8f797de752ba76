package import PosternModel

/// One refused request as it is remembered: who sent it and why it was refused, without its body.
package struct RejectionSample: Sendable, Equatable {
    /// How many bytes of headers are kept; more are cut off at the end of a line.
    package static let headerLimitBytes = 16_384

    package let id: UniqueID
    package let organization: OrganizationID
    package let endpoint: EndpointID
    package let at: Timestamp
    /// The refusal's code.
    package let reason: String
    /// The address that limits count.
    package let address: String
    package let method: String
    /// `name: value` lines as in a delivery, without those that hold secrets.
    package let headers: [UInt8]

    /// Joins the values; headers beyond ``headerLimitBytes`` are left out.
    package init(
        id: UniqueID,
        organization: OrganizationID,
        endpoint: EndpointID,
        at: Timestamp,
        reason: String,
        address: String,
        method: String,
        headers: [UInt8]
    ) {
        self.id = id
        self.organization = organization
        self.endpoint = endpoint
        self.at = at
        self.reason = reason
        self.address = address
        self.method = method
        self.headers = Self.cut(headers)
    }

    private static func cut(_ headers: [UInt8]) -> [UInt8] {
        guard headers.count > Self.headerLimitBytes else { return headers }
        let kept = headers.prefix(Self.headerLimitBytes)
        guard let end = kept.lastIndex(of: UInt8(ascii: "\n")) else { return Array(kept) }
        return Array(kept[...end])
    }
}
