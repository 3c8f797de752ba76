import PosternModel
import PosternPlatforms
import Testing

@Suite struct VerifierTests {
    private static let hex = "88aab3ede8d3adf94d26ab90d3bafd4a2083070c3bcce9c014ee04a443847c0b"
    private static let old = "f09f2572572b805c747393f0bf12abd729f2af26ccccf3524195bdfddc68dc74"
    private static let plain =
        "kind: hmac\ndigest: sha256\nencoding: hex\nsignature: {header: X-Sig}\nmessage: [body]"

    @Test func `needs a signing secret`() throws {
        #expect(throws: VerifierError.noSigningSecret) { try TestEndpoint(Self.plain, secrets: []) }
        #expect(throws: VerifierError.emptySecret(TestEndpoint.ids[1])) {
            try TestEndpoint(Self.plain, secrets: ["secret", ""])
        }
    }

    @Test(arguments: [
        ("key: hex", "0011", true), ("key: hex", "00FF", true), ("key: hex", "001", false), ("key: hex", "xyz", false),
        ("key: hex", "", false), ("key: base64", "AAEC", true), ("key: base64", "AAE=", true),
        ("key: base64", "AAE", true),
        ("key: base64", "_-8", true), ("key: base64", "A", false), ("key: base64", "A A=", false),
        ("key: base64\nkey_prefix: whsec_", "whsec_AAEC", true), ("key: base64\nkey_prefix: whsec_", "AAEC", true),
        ("key: base64\nkey_prefix: whsec_", "whsec_", false), ("key: base64", "whsec_!", false),
        ("key: text", "é", true),
    ])
    func `decodes secrets as the definition says`(key: String, secret: String, accepted: Bool) {
        let scheme = Self.plain + "\n" + key
        if accepted {
            #expect(throws: Never.self) { try TestEndpoint(scheme, secrets: [secret]) }
        } else {
            #expect(throws: VerifierError.self) { try TestEndpoint(scheme, secrets: [secret]) }
        }
    }

    @Test func `accepts under any active secret and says which`() throws {
        let endpoint = try TestEndpoint(Self.plain, secrets: ["secret", "old", "older"])
        #expect(
            endpoint.verify(["X-Sig": Self.hex])
                == .accepted(secret: TestEndpoint.ids[0], signedTime: nil, redactions: [])
        )
        #expect(
            endpoint.verify(["X-Sig": Self.old])
                == .accepted(secret: TestEndpoint.ids[1], signedTime: nil, redactions: [])
        )
        let rotated = try TestEndpoint(Self.plain, secrets: ["secret"])
        #expect(rotated.verify(["X-Sig": Self.old]) == .refused(.signatureMismatch))
    }

    @Test func `leaves secrets of other kinds out`() throws {
        let endpoint = try TestEndpoint(Self.plain)
        let secrets = [(id: TestEndpoint.ids[0], kind: "verify_token", secret: Secret("old"))]
        let scheme = try #require(endpoint.platform.schemes.first)
        #expect(throws: VerifierError.noSigningSecret) {
            try Verifier(scheme: scheme, platform: endpoint.platform, secrets: secrets)
        }
    }

    @Test func `tries every header that is listed`() throws {
        let scheme = Self.plain.replacingFirst("{header: X-Sig}", with: "{headers: [X-First, X-Second]}")
        let endpoint = try TestEndpoint(scheme, secrets: ["secret", "old"])
        for headers in [["X-First": Self.hex], ["X-Second": Self.old], ["X-First": "zz", "X-Second": Self.hex]] {
            guard case .accepted = endpoint.verify(headers) else {
                Issue.record("refused: \(headers)")
                continue
            }
        }
        #expect(endpoint.verify() == .refused(.missingSignature))
    }

    @Test func `joins the pieces of a message`() throws {
        let scheme = """
            kind: hmac
            digest: sha256
            encoding: hex
            signature: {header: X-Sig}
            join: "|"
            message: [method, url, body, {parameter: app_key}]
            """
        let sections = "parameters: {app_key: {required: true, about: \"key\"}}"
        #expect(throws: VerifierError.missingParameter("app_key")) { try TestEndpoint(scheme, sections: sections) }
        let endpoint = try TestEndpoint(scheme, sections: sections, parameters: ["app_key": "x"])
        let code = "11cda259d9039d1212b0d90c70c85626551ef2b03722bb6251ce06b1a96e8fab"
        let verdict = endpoint.verify(["X-Sig": code], target: "/in?a=1")
        #expect(verdict == .accepted(secret: TestEndpoint.ids[0], signedTime: nil, redactions: []))
        #expect(endpoint.verify(["X-Sig": code], target: "/in?a=2") == .refused(.signatureMismatch))
        #expect(endpoint.verify(["X-Sig": code], body: "hell", target: "/in?a=1") == .refused(.signatureMismatch))
    }

    @Test func `refuses a message with a piece missing`() throws {
        let scheme = Self.plain.replacingFirst("[body]", with: "[{header: X-Id}, body]")
        let endpoint = try TestEndpoint(scheme)
        #expect(endpoint.verify(["X-Sig": Self.hex]) == .refused(.malformedSignature))
        let after = try TestEndpoint(Self.plain.replacingFirst("[body]", with: "[body, {header: X-Id}]"))
        #expect(after.verify(["X-Sig": Self.hex]) == .refused(.malformedSignature))
    }

    @Test(arguments: [
        (["X-Version": "1", "X-Settings": "a=1,algorithm=HMAC_SHA256"], true), (["X-Version": "1"], false),
        (["X-Version": "2", "X-Settings": "algorithm=HMAC_SHA256"], false),
        (["X-Version": "1", "X-Settings": "algorithm=HMAC_SHA1"], false),
        (["X-Version": "1", "X-Settings": ""], false),
    ])
    func `holds headers to what is required of them`(headers: [String: String], accepted: Bool) throws {
        let scheme =
            Self.plain + """

                require:
                  - {header: X-Version, equals: 1}
                  - {header: X-Settings, contains: "algorithm=HMAC_SHA256"}
                """
        let endpoint = try TestEndpoint(scheme)
        let verdict = endpoint.verify(headers.merging(["X-Sig": Self.hex]) { $1 })
        #expect((verdict == .refused(.signatureMismatch)) == !accepted)
        #expect(endpoint.verify(headers) == .refused(.missingSignature))
    }

    @Test func `takes the first form whose conditions hold`() throws {
        let scheme = """
            - kind: hmac
              when: ["header:X-New"]
              digest: sha256
              encoding: hex
              signature: {header: X-New}
              message: [body]
            - kind: token
              when: ["query:token", "!header:X-Never"]
              token: {header: X-Token}
            """
        let endpoint = try TestEndpoint(scheme)
        let accepted = Verdict.accepted(secret: TestEndpoint.ids[0], signedTime: nil, redactions: [])
        #expect(endpoint.verify(["X-New": Self.hex]) == accepted)
        #expect(endpoint.verify(["X-New": Self.hex, "X-Token": "wrong"], target: "/in?token=1") == accepted)
        #expect(endpoint.verify(["X-Token": "secret"], target: "/in?token=1") == accepted)
        #expect(endpoint.verify(["X-Token": "wrong"], target: "/in?token=1") == .refused(.signatureMismatch))
        #expect(endpoint.verify(target: "/in?token=1") == .refused(.missingSignature))
        // No form at all: nothing is where a proof belongs.
        #expect(endpoint.verify(["X-Token": "secret"]) == .refused(.missingSignature))
    }

    @Test func `knows what kinds there are that prove nothing`() throws {
        let none = try TestEndpoint("kind: none", secrets: [])
        #expect(none.verify() == .accepted(secret: nil, signedTime: nil, redactions: []))
        #expect(none.platform.secretKinds.isEmpty)
    }

    @Test func `an endpoint whose token is in its URL accepts nothing without one`() {
        #expect(throws: VerifierError.noSigningSecret) { try TestEndpoint("kind: url-token", secrets: []) }
    }

    @Test(arguments: [
        ("/in/secret", true), ("/in/secret?secret", true), ("/secret/in", false), ("/in/secret/", false),
        ("/in/Secret", false),
        ("/in?token=secret", false), ("secret", true), ("", false),
    ])
    func `compares the last segment of the path`(target: String, accepted: Bool) throws {
        let endpoint = try TestEndpoint("kind: url-token")
        let verdict = endpoint.verify(target: target)
        #expect((verdict == .refused(.badToken)) == !accepted)
    }

    @Test func `refuses a hash without its secret`() throws {
        let scheme =
            "kind: digest\ndigest: sha256\nencoding: hex\nsignature: {header: X-Sig}\nmessage: [secret, body]"
        let endpoint = try TestEndpoint(scheme, secrets: ["old", "secret"])
        // SHA-256 of "secrethello" and of "hello".
        #expect(
            endpoint.verify(["X-Sig": "2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824"])
                == .refused(.signatureMismatch)
        )
        #expect(
            endpoint.verify(["X-Sig": "b755d600ebe94c1a3f3d6aebbd7e12bcdb7897e37cc9554da9c22fb396137a4d"])
                == .accepted(secret: TestEndpoint.ids[1], signedTime: nil, redactions: [])
        )
    }
}

extension String {
    /// The text with the first occurrence of a part replaced.
    func replacingFirst(_ part: String, with other: String) -> String {
        guard let range = self.firstRange(of: part) else { return self }
        return self[..<range.lowerBound] + other + self[range.upperBound...]
    }
}
