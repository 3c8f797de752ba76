import PosternModel
import PosternPlatforms
import Testing

@Suite struct HandshakeTests {
    private func platform(_ handshakes: String) throws -> Platform {
        try TestEndpoint.platform(
            "kind: none",
            sections: """
                parameters: {topics: {about: "topics"}}
                secrets: {verify_token: {about: "token"}}
                handshakes:
                \(handshakes)
                """
        )
    }

    private func outcome(
        _ platform: Platform,
        _ target: String,
        method: String = "GET",
        body: String = "",
        verified: Bool = false,
        secrets: [(String, String)] = [],
        parameters: [String: String] = [:]
    ) throws -> HandshakeOutcome? {
        let facts = RequestFacts(platform: platform, method: method, target: target, headers: [])
        let active = zip(TestEndpoint.ids, secrets).map { (id: $0, kind: $1.0, secret: Secret($1.1)) }
        return platform.handshake(
            for: facts,
            body: Array(body.utf8),
            verified: verified,
            secrets: try HandshakeSecrets(secrets: active, parameters: parameters)
        )
    }

    private func text(_ outcome: HandshakeOutcome?) -> String? {
        guard case .answer(let answer, _) = outcome else { return nil }
        return String(decoding: answer.body, as: UTF8.self)
    }

    private static let coded = """
          - method: GET
            answer: {json: {code: "{hmac_sha256_hex(query:token)}"}}
        """

    @Test(arguments: [
        ("NTg4MjQ2MzQ1-_.~%2B%2F%3D%3D", true), ("7b3f6bc2-0b1e-4a51-8d6d-1f8e1a3a7e10", true),
        // Whoever may choose the text would have a delivery signed.
        ("%7B%22a%22:1%7D", false), ("%5B%5D", false), ("hmacsha256=%7B%7D", false), ("a=b", false),
        ("v0:1:a", false), ("a.b%0Ac", false), ("", false), ("%3D", false),
        (String(repeating: "a", count: 257), false),
    ])
    func `answers a challenge and signs nothing else`(token: String, isAnswered: Bool) throws {
        let platform = try self.platform(Self.coded)
        let outcome = try self.outcome(platform, "/?token=\(token)", secrets: [("signing", "x")])
        #expect((self.text(outcome) != nil) == isAnswered)
    }

    private static let challenge = """
          - method: GET
            when: ["query:mode = subscribe", "query:challenge"]
            require: [{value: "{query:token}", secret: verify_token}]
            answer: {content_type: text/plain, text: "{query:challenge}"}
        """

    @Test(arguments: [
        ("/?mode=subscribe&challenge=7&token=new", "7"), ("/?mode=subscribe&challenge=7&token=old", "7"),
        ("/?mode=subscribe&challenge=%3Cb%3E%20x&token=old", "<b> x"),
    ])
    func `echoes a challenge for any active token`(target: String, body: String) throws {
        let platform = try self.platform(Self.challenge)
        let secrets = [("verify_token", "new"), ("verify_token", "old"), ("signing", "x")]
        #expect(self.text(try self.outcome(platform, target, secrets: secrets)) == body)
    }

    @Test(arguments: [
        "/?mode=subscribe&challenge=7&token=wrong", "/?mode=subscribe&challenge=7&token=",
        "/?mode=subscribe&challenge=7",
        "/?mode=subscribe&challenge=7&token=x", "/?mode=subscribe&challenge=7&token=NEW",
    ])
    func `refuses a wrong token`(target: String) throws {
        let platform = try self.platform(Self.challenge)
        let secrets = [("verify_token", "new"), ("signing", "x")]
        #expect(try self.outcome(platform, target, secrets: secrets) == .refuse(status: 403))
        // An endpoint without the secret confirms nothing, not even the empty token.
        #expect(try self.outcome(platform, target) == .refuse(status: 403))
        #expect(try self.outcome(platform, target, secrets: [("verify_token", "")]) == .refuse(status: 403))
    }

    @Test(arguments: ["/", "/?mode=unsubscribe&challenge=7&token=new", "/?mode=subscribe&token=new"])
    func `leaves other requests alone`(target: String) throws {
        let platform = try self.platform(Self.challenge)
        #expect(try self.outcome(platform, target, secrets: [("verify_token", "new")]) == nil)
        #expect(try self.outcome(platform, target, method: "HEAD") == nil)
        #expect(try self.outcome(platform, target, verified: true) == nil)
    }

    @Test(
        arguments: [
            (nil, "a", true), ("", "a", true), ("a", "a", true), ("b, a ,c", "a", true), ("ab", "a", false),
            ("a", "A", false),
        ] as [(String?, String, Bool)]
    )
    func `compares with the list in a setting`(list: String?, topic: String, accepted: Bool) throws {
        let platform = try self.platform(
            """
              - method: GET
                require: [{value: "{query:topic}", in_parameter: topics}]
                answer: {content_type: text/plain, text: "ok"}
                refuse: {status: 404}
            """
        )
        let outcome = try self.outcome(
            platform,
            "/?topic=\(topic)",
            parameters: list.map { ["topics": $0] } ?? [:]
        )
        #expect((outcome == .refuse(status: 404)) == !accepted)
    }

    private static let signed = """
          - method: POST
            when: ["body.type = check", "body.token"]
            answer: {json: {token: "{body.token}", code: "sha256={hmac_sha256_base64(body.token)}"}}
            deliver: true
        """

    @Test func `answers with the code of the newest signing secret`() throws {
        let platform = try self.platform(Self.signed)
        let outcome = try self.outcome(
            platform,
            "/",
            method: "POST",
            body: "{\"type\":\"check\",\"token\":\"hello\"}",
            verified: true,
            secrets: [("signing", "secret"), ("signing", "old")]
        )
        let body = "{\"token\":\"hello\",\"code\":\"sha256=iKqz7ejTrflNJquQ07r9SiCDBww7zOnAFO4EpEOEfAs=\"}"
        #expect(
            outcome
                == .answer(
                    PlatformAnswer(status: 200, contentType: "application/json", body: Array(body.utf8)),
                    delivers: true
                )
        )
    }

    @Test func `refuses when there is no secret to answer with`() throws {
        let platform = try self.platform(Self.signed)
        let body = "{\"type\":\"check\",\"token\":\"hello\"}"
        #expect(try self.outcome(platform, "/", method: "POST", body: body, verified: true) == .refuse(status: 403))
    }

    @Test(arguments: ["", "{", "[]", "{\"type\":\"other\",\"token\":\"x\"}", "{\"type\":\"check\"}"])
    func `takes other bodies for deliveries`(body: String) throws {
        let platform = try self.platform(Self.signed)
        #expect(try self.outcome(platform, "/", method: "POST", body: body, verified: true) == nil)
    }

    @Test func `says cheaply what cannot be a handshake`() throws {
        let platform = try self.platform(Self.challenge + "\n" + Self.signed)
        #expect(platform.handshakes.mayApply(method: "GET", verified: false))
        #expect(platform.handshakes.mayApply(method: "POST", verified: true))
        #expect(!platform.handshakes.mayApply(method: "POST", verified: false))
        #expect(!platform.handshakes.mayApply(method: "HEAD", verified: false))
        #expect(!platform.handshakes.mayApply(method: "GET", verified: true))
        #expect(!platform.handshakes.needsBody(method: "GET", verified: false))
        #expect(platform.handshakes.needsBody(method: "POST", verified: true))
    }
}
