import PosternModel
import PosternPlatforms
import Testing

@Suite struct SignerTests {
    private let catalog: PlatformCatalog
    private let now = Timestamp(seconds: 1_795_219_200)

    init() throws { self.catalog = try SharedCatalog.get() }

    private func verifier(_ vector: SignatureVector) throws -> Verifier {
        let found = self.catalog.scheme(forAlias: vector.platform)
        let (platform, name) = try #require(found)
        return try Verifier(
            scheme: try #require(platform.scheme(named: name)),
            platform: platform,
            secrets: vector.secrets,
            parameters: vector.parameters
        )
    }

    /// One valid request of each scheme, without anything that proves it.
    static let samples: [SignatureVector] = {
        var seen: Set<String> = []
        return SignatureVector.shared.filter { $0.valid && seen.insert($0.platform).inserted }
    }()

    private func unsigned(_ vector: SignatureVector) -> SignedRequest {
        // Everything that proves a request is in a header of its own, but for what stands in bodies and URLs.
        let kept = vector.request.headers.filter { $0.key.lowercased() == "content-type" }
        let query = vector.request.url.firstRange(of: "&bodySHA256")
        return SignedRequest(
            method: vector.request.method,
            origin: "",
            target: query.map { String(vector.request.url[..<$0.lowerBound]) } ?? vector.request.url,
            headers: kept.map { HeaderLine(name: $0.key, value: $0.value) },
            body: vector.body
        )
    }

    private func verdict(_ verifier: Verifier, _ request: SignedRequest, _ now: Timestamp) -> Verdict {
        let facts = RequestFacts(
            platform: verifier.platform,
            method: request.method,
            origin: request.origin,
            target: request.target,
            headers: request.headers.map { (name: $0.name, value: $0.value) }
        )
        return verifier.verify(facts, body: request.body, now: now)
    }

    @Test func `covers every scheme that has a vector`() {
        #expect(Self.samples.count == 44)
    }

    @Test(arguments: Self.samples)
    func `signs what the endpoint accepts`(_ vector: SignatureVector) throws {
        let verifier = try self.verifier(vector)
        let signed = try Signer(verifier).sign(self.unsigned(vector), now: self.now, deliveryID: "delivery-1")
        guard case .accepted = self.verdict(verifier, signed, self.now) else {
            Issue.record("refused: \(self.verdict(verifier, signed, self.now)) \(signed)")
            return
        }
    }

    /// Requests whose every signed piece is given, so that the signer must come to the platform's own signature.
    @Test(arguments: [
        ("meta-001", "X-Hub-Signature-256"), ("x-001", "x-twitter-webhooks-signature"),
        ("linkedin-001", "X-LI-Signature"),
        ("stripe-001", "Stripe-Signature"), ("slack-001", "X-Slack-Signature"),
        ("shopify-001", "X-Shopify-Hmac-Sha256"),
        ("twilio-001", "X-Twilio-Signature"), ("square-001", "x-square-hmacsha256-signature"),
        ("hubspot-001", "X-HubSpot-Signature-v3"), ("docusign-001", "X-DocuSign-Signature-1"),
        ("tiktok_developers-001", "TikTok-Signature"), ("zendesk-001", "X-Zendesk-Webhook-Signature"),
    ])
    func `comes to the signature the platform sent`(id: String, header: String) throws {
        let vector = try #require(SignatureVector.all.first { $0.id == id })
        let verifier = try self.verifier(vector)
        let signed = try Signer(verifier).sign(self.unsigned(vector), now: vector.now, deliveryID: "delivery-1")
        #expect(
            signed.headers.first { $0.name.lowercased() == header.lowercased() }?.value
                == vector.request.headers[header]
        )
    }

    @Test func `puts signatures into bodies that have none`() throws {
        let vector = try #require(SignatureVector.all.first { $0.id == "mailgun-001" })
        let verifier = try self.verifier(vector)
        for body in ["{}", "{\"signature\":{}}", "{\"signature\":{\"token\":\"t\"},\"a\":1}"] {
            var request = self.unsigned(vector)
            request.body = Array(body.utf8)
            guard body.contains("token") else {
                #expect(throws: SigningError.missingPart) {
                    try Signer(verifier).sign(request, now: self.now, deliveryID: "d")
                }
                continue
            }
            let signed = try Signer(verifier).sign(request, now: self.now, deliveryID: "d")
            #expect(String(decoding: signed.body, as: UTF8.self).hasSuffix(",\"token\":\"t\"},\"a\":1}"))
            guard case .accepted = self.verdict(verifier, signed, self.now) else {
                Issue.record("refused: \(String(decoding: signed.body, as: UTF8.self))")
                return
            }
        }
    }

    @Test func `refuses a body with no room for the signature`() throws {
        let vector = try #require(SignatureVector.all.first { $0.id == "mailgun-001" })
        let verifier = try self.verifier(vector)
        var request = self.unsigned(vector)
        request.body = Array("[]".utf8)
        #expect(throws: SigningError.cannotPlace("body.signature.timestamp")) {
            try Signer(verifier).sign(request, now: self.now, deliveryID: "d")
        }
    }

    @Test func `refuses to sign no items`() throws {
        let vector = try #require(SignatureVector.all.first { $0.id == "adyen-001" })
        let verifier = try self.verifier(vector)
        var request = self.unsigned(vector)
        request.body = Array("{\"notificationItems\":[]}".utf8)
        #expect(throws: SigningError.noItems("body.notificationItems[].NotificationRequestItem")) {
            try Signer(verifier).sign(request, now: self.now, deliveryID: "d")
        }
    }
}
