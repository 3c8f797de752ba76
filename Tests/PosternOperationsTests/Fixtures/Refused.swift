import PosternModel
import PosternPlatforms
import PosternStore
import Testing

/// Requests as gateways put them in quarantine.
enum Refused {
    /// Compiled once: that takes most of a second.
    static let catalog = Result<PlatformCatalog, any Error> { try PlatformCatalog.load() }
    static let organization = OrganizationID(UniqueID(high: 1, low: 1))
    static let time = Timestamp(seconds: 1_795_219_200)

    /// An endpoint of a platform with these secrets, the newest first.
    static func endpoint(
        _ platform: String,
        scheme: String = "default",
        secrets: [String],
        parameters: [String: String] = [:]
    ) throws -> EndpointRecord {
        let id = EndpointID(UniqueID(high: 2, low: 2))
        return EndpointRecord(
            id: id,
            organization: Self.organization,
            platform: try #require(PlatformName(platform)),
            scheme: scheme,
            key: try #require(EndpointKey("abcdefghijklmnopqrstuvwxyz")),
            name: "orders",
            lane: Lane(organization: Self.organization, endpoint: id, count: 4),
            parameters: parameters,
            createdAt: Self.time,
            secrets: secrets.enumerated().map { index, text in
                SecretRecord(id: Self.secret(index), kind: "signing", secret: Secret(text), createdAt: Self.time)
            }
        )
    }

    /// The id of the secret at an index.
    static func secret(_ index: Int) -> SecretID { SecretID(UniqueID(high: 3, low: UInt64(index))) }

    /// A request that `secret` signs as the platform does, in the form a gateway keeps it.
    static func request(
        of endpoint: EndpointRecord,
        signedWith secret: String,
        headers: [(name: String, value: String)] = [],
        target: String? = nil,
        body: String,
        at time: Timestamp = Self.time,
        signedAt: Timestamp? = nil
    ) throws -> QuarantinedRequest {
        let platform = try #require(try Self.catalog.get().platform(named: endpoint.platform))
        let scheme = try #require(SchemeName(endpoint.scheme).flatMap { platform.scheme(named: $0) })
        let verifier = try Verifier(
            scheme: scheme,
            platform: platform,
            secrets: [(id: Self.secret(99), kind: "signing", secret: Secret(secret))],
            parameters: endpoint.parameters
        )
        let signed = try Signer(verifier).sign(
            SignedRequest(
                method: "POST",
                origin: "https://hooks.example.com",
                target: target ?? "/webhooks/\(endpoint.platform)/\(endpoint.key)",
                headers: headers.map { HeaderLine(name: $0.name, value: $0.value) },
                body: Array(body.utf8)
            ),
            now: signedAt ?? time,
            deliveryID: "0198c0de-0000-7000-8000-000000000001"
        )
        return Self.kept(signed, of: endpoint, secretHeaders: verifier.secretHeaderNames, at: time)
    }

    /// The gateway's form: lines in lower case, values of secret headers beside them.
    private static func kept(
        _ signed: SignedRequest,
        of endpoint: EndpointRecord,
        secretHeaders: [String],
        at time: Timestamp
    ) -> QuarantinedRequest {
        var lines = ":target: \(signed.target)\n"
        var hidden: [QuarantineContent.SecretHeader] = []
        for header in signed.headers {
            let name = header.name.lowercased()
            if secretHeaders.contains(name) {
                hidden.append(QuarantineContent.SecretHeader(name: name, value: Secret(header.value)))
            }
            lines += "\(name): \(secretHeaders.contains(name) ? "[secret]" : header.value)\n"
        }
        return QuarantinedRequest(
            id: DeliveryID.fresh(at: time),
            organization: endpoint.organization,
            endpoint: endpoint.id,
            receivedAt: time,
            expiresAt: Timestamp.now().advanced(by: .seconds(3600)),
            reason: "signature_mismatch",
            address: "192.0.2.1",
            content: QuarantineContent(
                method: signed.method,
                target: signed.target,
                origin: signed.origin,
                headers: Array(lines.utf8),
                secretHeaders: hidden,
                body: signed.body
            )
        )
    }
}
