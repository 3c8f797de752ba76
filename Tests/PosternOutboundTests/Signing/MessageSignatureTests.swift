import PosternModel
import PosternOutbound
import Testing

@Suite struct MessageSignatureTests {
    /// Source: the tests of the specification's own libraries (github.com/standard-webhooks, read 2026-11-21).
    @Test func `is the one of the specification's example`() throws {
        let secret = try #require(SigningSecret("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"))
        let signature = MessageSignature(
            id: "msg_p5jXN8AQM9LWM0D4loKWxJek",
            at: Timestamp(seconds: 1_614_265_330),
            body: Array(#"{"test": 2432232314}"#.utf8),
            secrets: [secret]
        )
        #expect(signature.id == "msg_p5jXN8AQM9LWM0D4loKWxJek")
        #expect(signature.timestamp == "1614265330")
        #expect(signature.signature == "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=")
    }

    @Test func `has one part for each secret, newest first`() throws {
        let secrets = [SigningSecret.generate(), .generate(), .generate()]
        let time = Timestamp(seconds: 1_614_265_330)
        let body = Array("{}".utf8)
        let alone = try secrets.map { secret in
            try #require(MessageSignature(id: "1", at: time, body: body, secrets: [secret]).signature)
        }
        #expect(Set(alone).count == 3)
        #expect(
            MessageSignature(id: "1", at: time, body: body, secrets: secrets).signature == alone.joined(separator: " ")
        )
    }

    @Test func `depends on identifier, second and body`() {
        let secrets = [SigningSecret.generate()]
        let time = Timestamp(seconds: 1_614_265_330)
        let signatures = [
            MessageSignature(id: "1", at: time, body: [1], secrets: secrets),
            MessageSignature(id: "2", at: time, body: [1], secrets: secrets),
            MessageSignature(id: "1", at: Timestamp(seconds: 1_614_265_331), body: [1], secrets: secrets),
            MessageSignature(id: "1", at: time, body: [2], secrets: secrets),
            MessageSignature(id: "1", at: time, body: [], secrets: secrets),
        ]
        #expect(Set(signatures.map(\.signature)).count == signatures.count)
    }

    @Test func `is missing without a secret, the identifier is not`() {
        let signature = MessageSignature(id: "1", at: Timestamp(seconds: 5), body: [], secrets: [])
        #expect(signature.signature == nil)
        #expect(signature.id == "1")
    }
}
