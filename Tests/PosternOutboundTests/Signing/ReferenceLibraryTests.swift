import NIOHTTP1
import PosternModel
import PosternOutbound
import Testing

@Suite(.timeLimit(.minutes(5))) struct ReferenceLibraryTests {
    @Test(arguments: PayloadForm.allCases)
    func `verifies every form under the new and the old secret`(form: PayloadForm) async throws {
        let secrets = [SigningSecret.generate(), .generate()]
        let request = try Self.request(form, secrets)
        for secret in secrets {
            #expect(try await Self.verify(request, secret) == "verified")
        }
        #expect(try await Self.verify(request, .generate()) == "WebhookVerificationError")
    }

    @Test func `refuses what was altered`() async throws {
        let secret = SigningSecret.generate()
        let request = try Self.request(.structured, [secret])
        let altered = request.body.map { $0 == UInt8(ascii: "3") ? UInt8(ascii: "4") : $0 }
        #expect(
            try await ReferenceLibrary.verify(secret: secret.text, headers: Self.fields(request), body: altered)
                == "WebhookVerificationError"
        )
    }

    @Test func `refuses what is six minutes old`() async throws {
        let secret = SigningSecret.generate()
        let request = try Self.request(.structured, [secret], at: Timestamp.now().advanced(by: .seconds(-360)))
        #expect(try await Self.verify(request, secret) == "WebhookVerificationError")
    }

    private static func request(
        _ form: PayloadForm,
        _ secrets: [SigningSecret],
        at time: Timestamp = .now()
    ) throws -> OutboundRequest {
        try OutboundRequest(
            OutboundMessage(event: .sample(), attempt: 1, original: .sample),
            to: try .sample(signing: secrets, form: form),
            at: time,
            userAgent: "Postern/test"
        )
    }

    private static func verify(_ request: OutboundRequest, _ secret: SigningSecret) async throws -> String {
        try await ReferenceLibrary.verify(secret: secret.text, headers: Self.fields(request), body: request.body)
    }

    private static func fields(_ request: OutboundRequest) -> [(name: String, value: String)] {
        request.headers.map { (name: $0.name, value: $0.value) }
    }
}
