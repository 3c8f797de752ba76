internal import PosternConsumer
internal import PosternCrypto
internal import PosternModel
internal import PosternPlatforms
internal import PosternStore

/// Requests to any platform: the first byte chooses it, header lines follow up to an empty one, the rest is the body.
enum PlatformFuzz {
    /// A platform with an endpoint nobody knows the secret of.
    private struct Endpoint: Sendable {
        let platform: Platform
        let parameters: [String: String]
        let verifier: Verifier?
        let handshakeSecrets: HandshakeSecrets?
    }

    private static let catalog: PlatformCatalog = {
        do throws(DefinitionError) { return try PlatformCatalog.load() } catch { preconditionFailure("\(error)") }
    }()

    private static let endpoints: [Endpoint] = Self.catalog.all.map { platform in
        let parameters = Dictionary(uniqueKeysWithValues: platform.parameters.map { ($0.name, "fuzz") })
        let scheme = platform.schemes.first
        let secret = Secret(scheme?.makeSecret() ?? "")
        let secrets = platform.secretKinds.map { kind in
            (id: SecretID(UniqueID(high: 0, low: 1)), kind: kind.name, secret: secret)
        }
        return Endpoint(
            platform: platform,
            parameters: parameters,
            // Schemes this program cannot check have none.
            verifier: scheme.flatMap {
                try? Verifier(scheme: $0, platform: platform, secrets: secrets, parameters: parameters)
            },
            handshakeSecrets: try? HandshakeSecrets(secrets: secrets, parameters: parameters)
        )
    }

    /// Nobody forges a signature, and nothing worse happens.
    static func verify(_ bytes: [UInt8]) {
        guard let request = Self.request(bytes), let verifier = request.endpoint.verifier else { return }
        let platform = request.endpoint.platform
        let facts = RequestFacts(platform: platform, method: "POST", origin: "https://a.test", target: request.target)
        for (name, value) in request.lines.fields { facts.note(name, value) }
        var verification = verifier.begin(facts)
        let middle = request.body.count / 2
        verification.update(request.body.span.extracting(0..<middle))
        verification.update(request.body.span.extracting(middle..<request.body.count))
        let verdict = verification.finish(body: request.body, now: Timestamp(seconds: 1_795_244_400))
        if case .accepted = verdict {
            precondition(!verifier.scheme.needsSecret, "\(platform.name) accepted what nobody signed")
        }
        guard let secrets = request.endpoint.handshakeSecrets else { return }
        for verified in [false, true] {
            _ = platform.handshake(for: facts, body: request.body, verified: verified, secrets: secrets)
        }
    }

    /// Every delivery becomes events that can be stored, or says why not.
    static func normalize(_ bytes: [UInt8]) {
        guard let request = Self.request(bytes) else { return }
        let content = DeliveryContent(
            lane: Lane(0),
            id: DeliveryID(UniqueID(high: 0x7000, low: 1)),
            organization: OrganizationID(UniqueID(high: 1, low: 1)),
            endpoint: EndpointID(UniqueID(high: 2, low: 1)),
            platform: request.endpoint.platform.name.text,
            headers: request.headers,
            body: request.body
        )
        let normalizer = PlatformNormalizer(Self.catalog)
        switch normalizer.normalize(content, parameters: request.endpoint.parameters) {
        case .events(let normalized, _, _):
            precondition(!normalized.events.isEmpty, "a delivery became nothing")
            precondition(normalized.unrecognized <= normalized.events.count, "\(normalized.unrecognized) of fewer")
            for event in normalized.events {
                JSONFuzz.expect(event.data)
                for text in [event.type, event.key, event.account, event.subject].compactMap({ $0 }) {
                    // What the columns and their indexes take.
                    precondition(text.utf8.count <= 512 && !text.utf8.contains(0), "\(text) cannot be stored")
                }
            }
        case .permanent: return
        case .transient(let reason, let detail): preconditionFailure("\(reason): \(detail)")
        }
    }

    private static func request(
        _ bytes: [UInt8]
    ) -> (endpoint: Endpoint, lines: RequestLines, target: String, headers: [UInt8], body: [UInt8])? {
        guard let first = bytes.first, Int(first) < Self.endpoints.count else { return nil }
        var rest = bytes.dropFirst()
        var headers: [UInt8] = []
        while let end = rest.firstIndex(of: UInt8(ascii: "\n")), end > rest.startIndex {
            headers += rest[...end]
            rest = rest[(end + 1)...]
        }
        let lines = RequestLines(headers)
        return (Self.endpoints[Int(first)], lines, lines.target, headers, Array(rest.dropFirst()))
    }
}
