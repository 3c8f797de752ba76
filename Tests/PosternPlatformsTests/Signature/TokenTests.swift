import PosternModel
import PosternPlatforms
import Testing

@Suite struct TokenTests {
    @Test func `compares a header with every secret`() throws {
        let endpoint = try TestEndpoint("kind: token\ntoken: {header: X-Token}", secrets: ["new", "old"])
        #expect(endpoint.verifier.secretHeaderNames == ["x-token"])
        for (index, token) in ["new", "old"].enumerated() {
            #expect(
                endpoint.verify(["X-Token": token])
                    == .accepted(secret: TestEndpoint.ids[index], signedTime: nil, redactions: [])
            )
        }
        for token in ["New", "new ", "ne", "newer", "oldest"] {
            #expect(endpoint.verify(["X-Token": token]) == .refused(.signatureMismatch))
        }
        #expect(endpoint.verify(["X-Token": ""]) == .refused(.missingSignature))
        #expect(endpoint.verify() == .refused(.missingSignature))
    }

    @Test(
        arguments: [
            ("{\"key\":\"secret\"}", nil), ("{\"key\":\"Secret\"}", .badToken), ("{\"key\":\"\"}", .badToken),
            ("{\"key\":7}", .badToken), ("{\"key\":[\"secret\"]}", .badToken), ("{\"key\":null}", .missingSignature),
            ("{}", .missingSignature), ("[]", .missingSignature), ("\"secret\"", .missingSignature),
            ("", .missingSignature),
            ("{\"key\":\"secret\"", .missingSignature), ("{\"key\":\"\\u0073ecret\"}", nil),
            // Of members with equal names the first counts, here as in events.
            ("{\"key\":\"wrong\",\"key\":\"secret\"}", .badToken),
        ] as [(String, VerificationFailure?)]
    )
    func `finds a token in the body`(body: String, failure: VerificationFailure?) throws {
        let endpoint = try TestEndpoint("kind: token\ntoken: {json: body.key}")
        let verdict = endpoint.verify(body: body)
        #expect(
            verdict == failure.map(Verdict.refused)
                ?? .accepted(secret: TestEndpoint.ids[0], signedTime: nil, redactions: [])
        )
    }

    @Test(
        arguments: [
            ("{\"value\":[{\"s\":\"secret\"},{\"s\":\"old\"}]}", nil),
            ("{\"value\":[{\"s\":\"secret\"},{\"s\":\"x\"}]}", .badToken),
            ("{\"value\":[{\"s\":\"secret\"},{}]}", .missingSignature), ("{\"value\":[]}", .missingSignature),
            ("{}", .missingSignature),
        ] as [(String, VerificationFailure?)]
    )
    func `asks every item for its token`(body: String, failure: VerificationFailure?) throws {
        let endpoint = try TestEndpoint("kind: token\ntoken: {json: \"body.value[].s\"}", secrets: ["secret", "old"])
        let verdict = endpoint.verify(body: body)
        #expect(
            verdict == failure.map(Verdict.refused)
                ?? .accepted(secret: TestEndpoint.ids[0], signedTime: nil, redactions: [])
        )
    }

    @Test func `gives the bytes to mask`() throws {
        let endpoint = try TestEndpoint("kind: token\ntoken: {json: \"body.value[].s\", redact: true}")
        let body = "{\"value\":[{\"s\":\"secret\"}, {\"a\":1,\"s\" : \"\\u0073ecret\"}]}"
        guard case .accepted(_, _, let redactions) = endpoint.verify(body: body) else {
            Issue.record("refused")
            return
        }
        var bytes = Array(body.utf8)
        for range in redactions {
            for index in range { bytes[index] = UInt8(ascii: "*") }
        }
        #expect(
            String(decoding: bytes, as: UTF8.self)
                == "{\"value\":[{\"s\":\"******\"}, {\"a\":1,\"s\" : \"***********\"}]}"
        )
    }
}
