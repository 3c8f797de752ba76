import PosternModel
import PosternPlatforms
import Testing

@Suite struct SignedTimeTests {
    /// HMAC-SHA256 of `1000000.hello` under `secret`.
    private static let code = "639724b6f19aaf2dbe9cc5d8bea2c9f63dcba5b62d059ec00ff30362fd4bf359"
    private static let signed = Timestamp(seconds: 1_000_000)

    private func endpoint(_ limits: String, _ tolerance: ToleranceOverride = .platform) throws -> TestEndpoint {
        let scheme = """
            kind: hmac
            digest: sha256
            encoding: hex
            signature: {header: X-Sig}
            timestamp: {header: X-Time, unit: s\(limits)}
            message: [timestamp, {literal: "."}, body]
            """
        return try TestEndpoint(scheme, tolerance: tolerance)
    }

    private func verdict(_ endpoint: TestEndpoint, microseconds: Int64) -> Verdict {
        endpoint.verifier.verify(
            endpoint.facts(["X-Sig": Self.code, "X-Time": "1000000"]),
            body: Array("hello".utf8),
            now: Timestamp(microseconds: Self.signed.microseconds + microseconds)
        )
    }

    private static let accepted = Verdict.accepted(
        secret: TestEndpoint.ids[0],
        signedTime: Self.signed,
        redactions: []
    )

    @Test(
        arguments: [(299_999_999, true), (300_000_000, true), (300_000_001, false), (Int64.max / 2, false)]
            as [(Int64, Bool)]
    )
    func `bounds the past`(age: Int64, fresh: Bool) throws {
        let endpoint = try self.endpoint(", past_seconds: 300")
        #expect(self.verdict(endpoint, microseconds: age) == (fresh ? Self.accepted : .refused(.staleTimestamp)))
        // No limit for the future is none.
        #expect(self.verdict(endpoint, microseconds: -1_000_000_000_000) == Self.accepted)
    }

    @Test(arguments: [(59_999_999, true), (60_000_000, true), (60_000_001, false)] as [(Int64, Bool)])
    func `bounds the future`(ahead: Int64, fresh: Bool) throws {
        let endpoint = try self.endpoint(", past_seconds: 300, future_seconds: 60")
        #expect(self.verdict(endpoint, microseconds: -ahead) == (fresh ? Self.accepted : .refused(.staleTimestamp)))
    }

    @Test(arguments: [(0, true), (1, false)] as [(Int64, Bool)])
    func `allows no future at all`(ahead: Int64, fresh: Bool) throws {
        let endpoint = try self.endpoint(", future_seconds: 0")
        #expect(self.verdict(endpoint, microseconds: -ahead) == (fresh ? Self.accepted : .refused(.staleTimestamp)))
    }

    @Test func `lets an endpoint widen, narrow and lift the limits`() throws {
        let hour: Int64 = 3_600_000_000
        let limits = ", past_seconds: 300, future_seconds: 300"
        #expect(self.verdict(try self.endpoint(limits, .seconds(3600)), microseconds: hour) == Self.accepted)
        #expect(self.verdict(try self.endpoint(limits, .seconds(3600)), microseconds: -hour) == Self.accepted)
        #expect(
            self.verdict(try self.endpoint(limits, .seconds(3600)), microseconds: hour + 1) == .refused(.staleTimestamp)
        )
        #expect(
            self.verdict(try self.endpoint(limits, .seconds(5)), microseconds: 5_000_001) == .refused(.staleTimestamp)
        )
        #expect(self.verdict(try self.endpoint(limits, .unlimited), microseconds: 1000 * hour) == Self.accepted)
        // An endpoint cannot allow a future that the platform forbids.
        let strict = try self.endpoint(", past_seconds: 300, future_seconds: 0", .seconds(3600))
        #expect(self.verdict(strict, microseconds: -1) == .refused(.staleTimestamp))
    }

    @Test func `keeps a time that is not enforced as a fact`() throws {
        let age: Int64 = 1_000_000_000_000
        #expect(self.verdict(try self.endpoint(""), microseconds: age) == Self.accepted)
        let lax = ", past_seconds: 300, enforced: false"
        #expect(self.verdict(try self.endpoint(lax), microseconds: age) == Self.accepted)
        #expect(self.verdict(try self.endpoint(lax, .seconds(300)), microseconds: age) == .refused(.staleTimestamp))
    }

    @Test func `reports a stale time only when the signature is right`() throws {
        let endpoint = try self.endpoint(", past_seconds: 300")
        let headers = ["X-Sig": String(repeating: "0", count: 64), "X-Time": "1000000"]
        #expect(endpoint.verify(headers, now: 9_000_000) == .refused(.signatureMismatch))
    }

    @Test(arguments: ["", "x", "-1", "+1000000", "1000000 ", "0x10", "1e6", "99999999999999999999"])
    func `refuses a time that cannot be read where limits hold`(text: String) throws {
        let endpoint = try self.endpoint(", past_seconds: 300")
        #expect(endpoint.verify(["X-Sig": Self.code, "X-Time": text]) == .refused(.malformedSignature))
        // Without limits the text is a piece of the message like any other.
        let lax = try self.endpoint("")
        let expected: VerificationFailure = text.isEmpty ? .malformedSignature : .signatureMismatch
        #expect(lax.verify(["X-Sig": Self.code, "X-Time": text]) == .refused(expected))
    }

    @Test func `refuses a request without its time`() throws {
        #expect(try self.endpoint("").verify(["X-Sig": Self.code]) == .refused(.malformedSignature))
    }

    @Test(
        arguments: [
            ("{\"at\":1000000500}", 1_000_000_500_000, nil), ("{\"at\":\"1000000500\"}", 1_000_000_500_000, nil),
            ("{}", nil, .malformedSignature), ("not json", nil, .malformedSignature),
            ("{\"at\":{}}", nil, .malformedSignature),
        ] as [(String, Int64?, VerificationFailure?)]
    )
    func `finds a time in a body that is hashed as it arrives`(
        body: String,
        time: Int64?,
        failure: VerificationFailure?
    ) throws {
        let scheme = """
            kind: hmac
            digest: sha256
            encoding: hex
            signature: {header: X-Sig}
            timestamp: {first_of: [{json: body.at}, {header: X-Time}], unit: ms, past_seconds: 60}
            message: [body]
            """
        let endpoint = try TestEndpoint(scheme)
        let bytes = Array(body.utf8)
        let unsigned = SignedRequest(method: "POST", origin: "", target: "/in", headers: [], body: bytes)
        let signature = try Signer(endpoint.verifier).sign(
            SignedRequest(method: "POST", origin: "", target: "/in", headers: [], body: Array("{\"at\":1}".utf8)),
            now: Self.signed,
            deliveryID: "d"
        )
        #expect(signature.headers.count == 1)
        // The code of the body under test, by the test's own key.
        let code = try TestHMAC.hex("secret", bytes)
        var verification = endpoint.verifier.begin(endpoint.facts(["X-Sig": code]))
        verification.update(unsigned.body.span)
        let needsBody = verification.needsWholeBody
        #expect(needsBody)
        let verdict = verification.finish(body: bytes, now: Timestamp(seconds: 1_000_001))
        #expect(
            verdict == failure.map(Verdict.refused)
                ?? .accepted(
                    secret: TestEndpoint.ids[0],
                    signedTime: time.map { Timestamp(microseconds: $0) },
                    redactions: []
                )
        )
    }
}
