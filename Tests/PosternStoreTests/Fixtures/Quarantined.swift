import PosternModel
import PosternStore

/// Requests to put in quarantine.
enum Quarantined {
    /// A request of an endpoint whose sealed form has `bytes` bytes.
    static func request(
        _ number: Int = 0,
        of endpoint: EndpointRecord,
        bytes: Int = 1000,
        address: String = "192.0.2.1",
        expiresIn: Duration = .seconds(3600)
    ) -> QuarantinedRequest {
        let now = Timestamp.now()
        return QuarantinedRequest(
            id: DeliveryID(UniqueID(high: 0x0190_0000_0000_7000, low: 0x8000_0000_0000_0000 | UInt64(number))),
            organization: endpoint.organization,
            endpoint: endpoint.id,
            receivedAt: now,
            expiresAt: now.advanced(by: expiresIn),
            reason: "signature_mismatch",
            address: address,
            content: Self.content(bytes: bytes)
        )
    }

    /// A content whose sealed form has `bytes` bytes.
    static func content(bytes: Int) -> QuarantineContent {
        func content(body: Int) -> QuarantineContent {
            QuarantineContent(
                method: "POST",
                target: "/w/key",
                origin: "https://hooks.example",
                headers: Array(":target: /w/key\n".utf8),
                secretHeaders: [QuarantineContent.SecretHeader(name: "x-token", value: Secret("hush"))],
                body: [UInt8](repeating: UInt8(ascii: "b"), count: body)
            )
        }
        return content(body: bytes - Self.sealing - content(body: 0).encodedByteCount)
    }

    /// Version, key identifier, nonce and tag.
    private static let sealing = 1 + 4 + 12 + 16
}
