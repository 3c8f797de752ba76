import PosternModel
import PosternPlatforms
import Testing

@Suite struct VerificationTests {
    private static let hex = "88aab3ede8d3adf94d26ab90d3bafd4a2083070c3bcce9c014ee04a443847c0b"
    private static let plain =
        "kind: hmac\ndigest: sha256\nencoding: hex\nsignature: {header: X-Sig}\nmessage: [body]"

    @Test(arguments: [(nil, .missingSignature), ("zz", .signatureMismatch)] as [(String?, VerificationFailure)])
    func `knows before the body what cannot become right`(value: String?, failure: VerificationFailure) throws {
        let endpoint = try TestEndpoint(Self.plain)
        let verification = endpoint.verifier.begin(endpoint.facts(value.map { ["X-Sig": $0] } ?? [:]))
        // The macros cannot carry a value that must not be copied.
        let refusal = verification.refusal
        let needsBody = verification.needsWholeBody
        let verdict = verification.finish(body: [], now: Timestamp(seconds: 0))
        #expect(refusal == failure)
        #expect(!needsBody)
        #expect(verdict == .refused(failure))
    }

    @Test func `does not need the body it has hashed`() throws {
        let endpoint = try TestEndpoint(Self.plain)
        var verification = endpoint.verifier.begin(endpoint.facts(["X-Sig": Self.hex]))
        let refusal = verification.refusal
        let needsBody = verification.needsWholeBody
        #expect(refusal == nil)
        #expect(!needsBody)
        let body = Array("hello".utf8)
        verification.update(body.span.extracting(0..<2))
        verification.update(body.span.extracting(2..<2))
        verification.update(body.span.extracting(2..<5))
        let verdict = verification.finish(body: Array("something else".utf8), now: Timestamp(seconds: 0))
        #expect(verdict == .accepted(secret: TestEndpoint.ids[0], signedTime: nil, redactions: []))
    }

    @Test func `can be dropped unfinished`() throws {
        let endpoint = try TestEndpoint(Self.plain)
        var verification = endpoint.verifier.begin(endpoint.facts(["X-Sig": Self.hex]))
        verification.update(Array("hel".utf8).span)
        _ = consume verification
        #expect(endpoint.verify(["X-Sig": Self.hex]) != .refused(.signatureMismatch))
    }

    @Test func `hashes an empty body`() throws {
        let endpoint = try TestEndpoint(Self.plain)
        let code = try TestHMAC.hex("secret", [])
        let verification = endpoint.verifier.begin(endpoint.facts(["X-Sig": code]))
        let verdict = verification.finish(body: [], now: Timestamp(seconds: 0))
        #expect(verdict == .accepted(secret: TestEndpoint.ids[0], signedTime: nil, redactions: []))
    }

    @Test func `does not hash a body that is not in the message`() throws {
        let scheme = Self.plain.replacingFirst("[body]", with: "[url]")
        let endpoint = try TestEndpoint(scheme)
        let code = try TestHMAC.hex("secret", Array("https://hooks.example.com/in".utf8))
        var verification = endpoint.verifier.begin(endpoint.facts(["X-Sig": code]))
        verification.update(Array("anything".utf8).span)
        let verdict = verification.finish(body: [], now: Timestamp(seconds: 0))
        #expect(verdict == .accepted(secret: TestEndpoint.ids[0], signedTime: nil, redactions: []))
    }

    @Test func `chooses its form by the body when only the body can tell`() throws {
        let scheme = """
            - kind: token
              when: ["form:token"]
              token: {json: body.token}
            - kind: token
              token: {json: body.nested.token}
            """
        let endpoint = try TestEndpoint(scheme, body: "any")
        let form = endpoint.facts(["Content-Type": "application/x-www-form-urlencoded"])
        let verification = endpoint.verifier.begin(form)
        let needsBody = verification.needsWholeBody
        let refusal = verification.refusal
        let verdict = verification.finish(body: Array("a=1&token=secret".utf8), now: Timestamp(seconds: 0))
        let accepted = Verdict.accepted(secret: TestEndpoint.ids[0], signedTime: nil, redactions: [])
        #expect(needsBody)
        #expect(refusal == nil)
        #expect(verdict == accepted)
        #expect(
            endpoint.verify(["Content-Type": "application/json"], body: "{\"nested\":{\"token\":\"secret\"}}")
                == accepted
        )
        // What looks like a form field inside JSON is none.
        #expect(
            endpoint.verify(
                ["Content-Type": "application/json"],
                body: "{\"a\":\"&token=x\",\"nested\":{\"token\":\"secret\"}}"
            )
                == accepted
        )
    }

    @Test(
        arguments: [
            ("{\"items\":[{\"x\":\"a\",\"sig\":\"A\"},{\"x\":\"b\",\"sig\":\"B\"}]}", nil),
            ("{\"items\":[{\"x\":\"a\",\"sig\":\"A\"},{\"x\":\"b\",\"sig\":\"A\"}]}", .signatureMismatch),
            ("{\"items\":[{\"x\":\"a\",\"sig\":\"A\"},{\"x\":\"b\"}]}", .missingSignature),
            ("{\"items\":[]}", .missingSignature),
            ("{}", .missingSignature), ("", .missingSignature), ("{\"items\":[{\"sig\":\"A\"}]}", .malformedSignature),
        ] as [(String, VerificationFailure?)]
    )
    func `asks every item for its signature`(body: String, failure: VerificationFailure?) throws {
        let scheme = """
            kind: hmac
            digest: sha256
            encoding: hex
            each: "body.items[]"
            signature: {json: item.sig}
            message: [{json: item.x}]
            """
        let endpoint = try TestEndpoint(scheme)
        let filled =
            body
            .replacing("\"A\"", with: "\"\(try TestHMAC.hex("secret", Array("a".utf8)))\"")
            .replacing("\"B\"", with: "\"\(try TestHMAC.hex("secret", Array("b".utf8)))\"")
        #expect(
            endpoint.verify(body: filled) == failure.map(Verdict.refused)
                ?? .accepted(secret: TestEndpoint.ids[0], signedTime: nil, redactions: [])
        )
    }

    @Test func `escapes what is not ASCII as UTF-16`() throws {
        let endpoint = try TestEndpoint(Self.plain.replacingFirst("[body]", with: "[{body: ascii-escaped}]"))
        let code = try TestHMAC.hex("secret", Array("{\"a\":\"caf\\u00e9 \\ud83d\\ude00\"}".utf8))
        #expect(
            endpoint.verify(["X-Sig": code], body: "{\"a\":\"café 😀\"}")
                == .accepted(secret: TestEndpoint.ids[0], signedTime: nil, redactions: [])
        )
    }

    @Test(arguments: [
        ("b=2&a=1", "a1b2"), ("a=2&a=1", "a1a2"), ("a=1&a=1", "a1"), ("a=&b", "ab"), ("", ""),
        ("a=%2B+x&A=1", "A1a+ x"), ("%C3%A9=1&z=2", "z2é1"),
    ])
    func `runs sorted fields together`(body: String, message: String) throws {
        let endpoint = try TestEndpoint(Self.plain.replacingFirst("[body]", with: "[form_sorted]"), body: "form")
        let code = try TestHMAC.hex("secret", Array(message.utf8))
        #expect(
            endpoint.verify(["X-Sig": code], body: body)
                == .accepted(secret: TestEndpoint.ids[0], signedTime: nil, redactions: [])
        )
    }
}
