import PosternCrypto
import PosternModel
import PosternPlatforms
import Testing

/// What the signatures of shipped platforms leave open must not change what a captured request is taken for.
@Suite struct UnsignedPartsTests {
    private static let now: Int64 = 1_795_219_200
    private static let body = #"{"type":"a"}"#

    private func platform(_ name: String) throws -> Platform {
        let name = try #require(PlatformName(name))
        let platform = try SharedCatalog.get().platform(named: name)
        return try #require(platform)
    }

    private func verifier(_ name: String, secret: String) throws -> Verifier {
        let platform = try self.platform(name)
        let scheme = try #require(platform.schemes.first { $0.name == SchemeName("default") })
        return try Verifier(
            scheme: scheme,
            platform: platform,
            secrets: [(TestEndpoint.ids[0], SecretKind.signing, Secret(secret))]
        )
    }

    private func isAccepted(_ verifier: Verifier, _ headers: [(String, String)], _ body: String) -> Bool {
        let facts = RequestFacts(
            platform: verifier.platform,
            method: "POST",
            target: "/",
            headers: headers.map { (name: $0.0, value: $0.1) } + [("Content-Type", "application/json")]
        )
        let verdict = verifier.verify(facts, body: Array(body.utf8), now: Timestamp(seconds: Self.now))
        if case .accepted = verdict { return true }
        return false
    }

    @Test(arguments: [("standard-webhooks", "svix", "webhook"), ("svix", "webhook", "svix")])
    func `an id that nobody signed does not stand beside one that is`(name: String, own: String, other: String) throws {
        let key = "a2V5LW9mLTMyLWJ5dGVzLWZvci10aGUtdGVzdC0xMjM="
        let verifier = try self.verifier(name, secret: "whsec_" + key)
        let message = Array("msg_1.\(Self.now).\(Self.body)".utf8)
        let bytes = Array("key-of-32-bytes-for-the-test-123".utf8)
        let code = try HMACKey(.sha256, key: Secret(bytes)).authenticate(message.span).base64
        let headers = [
            ("\(own)-id", "msg_1"), ("\(own)-timestamp", "\(Self.now)"), ("\(own)-signature", "v1,\(code)"),
        ]
        #expect(self.isAccepted(verifier, headers, Self.body))
        #expect(!self.isAccepted(verifier, headers + [("\(other)-id", "fresh")], Self.body))
    }

    @Test func `Mailgun's time does not take a digit from the token beside it`() throws {
        let verifier = try self.verifier("mailgun", secret: "key")
        let signature = try TestHMAC.hex("key", Array("\(Self.now)7f3a".utf8))
        func body(_ time: String, _ token: String) -> String {
            #"{"signature":{"timestamp":"\#(time)","token":"\#(token)","signature":"\#(signature)"}}"#
        }
        #expect(self.isAccepted(verifier, [], body("\(Self.now)", "7f3a")))
        #expect(!self.isAccepted(verifier, [], body("\(Self.now)7", "f3a")))
    }

    @Test func `an item without a signature becomes no event of Adyen's`() throws {
        let platform = try self.platform("adyen")
        let body = """
            {"notificationItems":[
            {"NotificationRequestItem":{"eventCode":"AUTHORISATION","pspReference":"1","success":"true"}},
            {"eventCode":"AUTHORISATION","pspReference":"2","success":"true"}]}
            """
        let normalized = try platform.events.events(body, contentType: "application/json")
        #expect(normalized.events.map(\.type) == ["AUTHORISATION"])
    }
}
