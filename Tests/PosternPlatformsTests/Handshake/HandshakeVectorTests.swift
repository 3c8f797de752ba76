import PosternModel
import PosternPlatforms
import Testing

@Suite struct HandshakeVectorTests {
    private let catalog: PlatformCatalog

    init() throws { self.catalog = try SharedCatalog.get() }

    private func scheme(_ alias: String) -> (platform: Platform, scheme: SchemeName)? {
        self.catalog.scheme(forAlias: alias)
    }

    @Test func `there are handshakes of nine platforms`() throws {
        #expect(try HandshakeVector.read().count == 13)
        #expect(HandshakeVector.supported.count == 10)
    }

    @Test(arguments: HandshakeVector.supported)
    func `gives the answer the platform wants`(_ vector: HandshakeVector) throws {
        let (platform, name) = try #require(self.scheme(vector.platform))
        let facts = vector.facts(platform)
        let id = SecretID(UniqueID(high: 0, low: 1))
        // The fixture's secret is the signing secret, but for Meta's handshake, where it is the verify token.
        let kind = vector.platform == "meta" ? "verify_token" : SecretKind.signing
        let secrets = vector.secret.isEmpty ? [] : [(id: id, kind: kind, secret: Secret(vector.secret))]
        #expect(platform.handshakes.mayApply(method: vector.request.method, verified: vector.signed))
        if vector.signed {
            let verifier = try Verifier(
                scheme: try #require(platform.scheme(named: name)),
                platform: platform,
                secrets: secrets
            )
            let now = Timestamp(seconds: try #require(vector.timestamp))
            let verdict = verifier.verify(facts, body: vector.body, now: now)
            guard case .accepted = verdict else {
                Issue.record("refused: \(verdict)")
                return
            }
        }
        let outcome = platform.handshake(
            for: facts,
            body: platform.handshakes.needsBody(method: vector.request.method, verified: vector.signed)
                ? vector.body : [],
            verified: vector.signed,
            secrets: try HandshakeSecrets(secrets: secrets)
        )
        switch try #require(outcome) {
        case .answer(let answer, let delivers):
            #expect(answer.status == vector.expect.status)
            #expect(String(decoding: answer.body, as: UTF8.self) == vector.expect.body)
            #expect(answer.contentType == vector.expect.headers["Content-Type"])
            if let value = vector.expect.headers["X-Content-Type-Options"] {
                #expect(answer.headers == [HeaderLine(name: "X-Content-Type-Options", value: value)])
            }
            #expect(!delivers)
        case .refuse(let status): #expect(status == vector.expect.status)
        }
    }

    @Test(arguments: HandshakeVector.supported)
    func `keeps signed and unsigned handshakes apart`(_ vector: HandshakeVector) throws {
        let (platform, _) = try #require(self.scheme(vector.platform))
        let outcome = platform.handshake(
            for: vector.facts(platform),
            body: vector.body,
            verified: !vector.signed,
            secrets: try HandshakeSecrets(secrets: [])
        )
        #expect(outcome == nil)
    }
}
