import PosternModel
import PosternPlatforms
import Testing

/// What a definition says, against what the compiler makes of it; every refusal with its line.
@Suite struct PlatformDefinitionTests {
    /// The lines that every definition here begins with.
    private static let head = """
        name: test
        version: 3
        title: Test
        documentation: https://example.com/
        confidence: documented
        body: json

        """

    private static let signature = """
        signature:
          default:
            kind: hmac
            digest: sha256
            encoding: hex
            signature: {header: X-Signature}
            message: [body]

        """

    private static func compile(_ text: String) throws -> Platform {
        try Platform(definition: DefinitionFile.read(text, name: "p.yaml"))
    }

    @Test func `compiles the least there can be`() throws {
        let platform = try Self.compile(Self.head + Self.signature)
        #expect(platform.name.text == "test")
        #expect(platform.version == 3)
        #expect(platform.bodyLimitBytes == 1 << 20)
        #expect(platform.secretKinds.map(\.name) == ["signing"])
        #expect(platform.sender.answer == PlatformAnswer(status: 200))
        #expect(platform.defaultScheme?.name.text == "default")
        #expect(platform.defaultScheme?.bindsBody == true)
        #expect(platform.defaultScheme?.needsWholeBody == false)
        #expect(platform.defaultScheme?.needsSecret == true)
        #expect(!platform.handshakes.mayApply(method: "GET", verified: false))
    }

    @Test(arguments: [
        // Whole definitions with one line changed; the line is that of the change.
        ("name: test", "name: Test_1", 1, "1 to 48 characters"), ("version: 3", "version: 0", 2, "from 1 to 1000000"),
        ("version: 3", "verzion: 3", 1, "needs the field \"version\""),
        ("documentation: https:", "documentation: http:", 4, "https:// address"),
        ("confidence: documented", "confidence: sure", 5, "is not one of"),
        ("body: json", "body: text", 6, "is not one of"),
        ("body: json", "body: xml\nbody_field: x", 7, "not for XML"),
        ("body: json", "body: json\nbody_limit_bytes: 33554433", 7, "from 1024 to 33554432"),
        ("body: json", "body: json\ncolor: red", 7, "has no field \"color\""),
        ("kind: hmac", "kind: magic", 9, "is not one of"),
        ("kind: hmac", "kind: hmac\n    salt: x", 10, "has no field \"salt\""),
        ("kind: hmac", "kind: none", 10, "has no field \"digest\""),
        ("kind: hmac", "kind: token", 9, "needs the field \"token\""),
        ("digest: sha256", "digest: md5", 10, "is not one of"),
        ("digest: sha256", "digest: from-prefix", 10, "needs the list digests:"),
        ("digest: sha256", "digest: sha256\n    digests: [sha1]", 11, "goes with digest: from-prefix"),
        ("encoding: hex", "encoding: octal", 11, "is not one of"),
        ("encoding: hex", "key: hex", 9, "needs the field \"encoding\""),
        ("{header: X-Signature}", "{}", 12, "stands in one place"),
        ("{header: X-Signature}", "{header: A, json: body.a}", 12, "stands in one place"),
        ("{header: X-Signature}", "{header: \"A B\"}", 12, "is not the name of a header"),
        ("{header: X-Signature}", "{header: A, prefix: p, list: {separator: \",\", key: v}}", 12, "exclude each other"),
        ("{header: X-Signature}", "{header: A, list: {separator: \"--\", key: v}}", 12, "one ASCII character"),
        ("{header: X-Signature}", "{header: A, tags: {separator: \" \"}}", 12, "needs the field \"tag\""),
        ("{header: X-Signature}", "{json: body.}", 12, "cannot read"),
        ("{header: X-Signature}", "{json: item.a}", 12, "unknown name"),
        ("message: [body]", "message: []", 13, "has no parts"),
        ("message: [body]", "message: [body, body]", 13, "more than once"),
        ("message: [body]", "message: [secret, body]", 13, "the secret is the key"),
        ("message: [body]", "message: [timestamp, body]", 13, "timestamp: is missing"),
        ("message: [body]", "message: [boddy]", 13, "is no part of a message"),
        ("message: [body]", "message: [{parameter: app_key}, body]", 13, "not declared under parameters"),
        ("message: [body]", "message: [{literal: a, header: b}]", 13, "one of literal"),
        ("message: [body]", "message: [{body: upside-down}]", 13, "plain or ascii-escaped"),
        ("message: [body]", "message: [{json: body.a, absent: full}]", 13, "empty only"),
        ("message: [body]", "message: [body]\n    timestamp: {unit: s}", 14, "stands in one place"),
        ("message: [body]", "message: [body]\n    timestamp: {list: t, unit: s}", 14, "needs a signature with list:"),
        ("message: [body]", "message: [body]\n    timestamp: {header: T, unit: h}", 14, "is not one of"),
        (
            "message: [body]", "message: [body]\n    timestamp: {header: T, unit: s, past_seconds: -1}", 14,
            "whole number"
        ),
        ("message: [body]", "message: [body]\n    require: [{header: A}]", 14, "either equals: or contains:"),
        ("message: [body]", "message: [body]\n    when: [\"body.\"]", 14, "cannot read"),
        ("kind: hmac", "kind: digest", 13, "unless the secret is a part"),
    ])
    func `refuses a definition with one thing wrong`(right: String, wrong: String, line: Int, reason: String) {
        let text = Self.head + Self.signature
        let changed = text.replacingFirst(right, with: wrong)
        #expect(changed != text)
        let error = #expect(throws: DefinitionError.self) { try Self.compile(changed) }
        #expect(error?.line == line, "\(error?.description ?? "")")
        #expect(error?.reason.contains(reason) == true, "\(error?.description ?? "")")
    }

    @Test(arguments: [
        ("handshakes: [{method: PUT, answer: {}}]", "is not one of"),
        ("handshakes: [{method: GET}]", "needs the field \"answer\""),
        ("handshakes: [{method: GET, verified: true, answer: {}}]", "only a POST can be signed"),
        ("handshakes: [{method: GET, answer: {text: \"{query:a}\"}}]", "needs a content_type"),
        ("handshakes: [{method: GET, answer: {content_type: text/plain, text: \"{query:}\"}}]", "a name is missing"),
        ("handshakes: [{method: GET, answer: {text: a, json: {}}}]", "either text: or json:"),
        ("handshakes: [{method: GET, answer: {headers: {\"A B\": c}}}]", "is not the name of a header"),
        ("handshakes: [{method: GET, answer: {headers: {A: \"c\\n\"}}}]", "printable ASCII"),
        ("handshakes: [{method: GET, answer: {}, refuse: {status: 200}}]", "from 400 to 599"),
        ("handshakes: [{method: POST, verified: false, deliver: true, answer: {}}]", "only what is verified"),
        (
            "handshakes: [{method: GET, answer: {}, require: [{value: x, secret: verify_token}]}]",
            "not declared under secrets"
        ),
        (
            "handshakes: [{method: GET, answer: {}, require: [{value: x, in_parameter: topics}]}]",
            "not declared under parameters"
        ),
        ("handshakes: [{method: GET, answer: {}, require: [{value: x}]}]", "either secret: or in_parameter:"),
        ("delivery_id: [\"{header:}\"]", "a name is missing"), ("redact: [\"body..a\"]", "cannot read"),
        ("parameters: {App: {about: x}}", "is no name"), ("parameters: {app: {}}", "needs the field \"about\""),
        ("secrets: {a-b: {about: x}}", "is no name"),
        ("secrets: {a: {about: x, shown: true}}", "has no field \"shown\""),
        ("sender: {answer: {status: 700}}", "from 200 to 599"),
        ("sender: {answer: {status: 200, content_type: text/plain, text: \"{body.a}\"}}", "without references"),
        ("sender: {statuses: {\"4x\": retry}}", "neither a status"),
        ("sender: {statuses: {\"9xx\": retry}}", "neither a status"),
        ("sender: {statuses: {\"410\": perhaps}}", "is not one of"),
        ("sender: {time_limit_seconds: 0}", "whole number"),
        ("sender: {mood: good}", "has no field \"mood\""),
    ])
    func `refuses a section with one thing wrong`(section: String, reason: String) {
        let text = Self.head + Self.signature + section + "\n"
        let error = #expect(throws: DefinitionError.self) { try Self.compile(text) }
        #expect(error?.line == 14, "\(error?.description ?? "")")
        #expect(error?.reason.contains(reason) == true, "\(error?.description ?? "")")
    }

    @Test func `refuses a form behind one that always applies`() {
        let text =
            Self.head + """
                signature:
                  default:
                    - kind: none
                    - kind: url-token

                """
        let error = #expect(throws: DefinitionError.self) { try Self.compile(text) }
        #expect(error?.line == 9)
    }

    @Test func `refuses an unconfirmed default`() throws {
        let text = Self.head.replacingFirst("documented", with: "unconfirmed") + Self.signature
        #expect(throws: DefinitionError.self) { try Self.compile(text) }
        let chosen = text.replacingFirst("kind: hmac", with: "opt_in: true\n    kind: hmac")
        let platform = try Self.compile(chosen)
        #expect(platform.defaultScheme == nil)
        #expect(platform.schemes.first?.isOptIn == true)
    }

    @Test func `describes a platform that signs fields only`() throws {
        let text = (Self.head + Self.signature).replacingFirst("[body]", with: "[{json: body.a}]")
        let platform = try Self.compile(text)
        #expect(platform.defaultScheme?.bindsBody == false)
        #expect(platform.defaultScheme?.needsWholeBody == true)
    }

    @Test func `adds the signing secret to those that are named`() throws {
        let text = Self.head + Self.signature + "secrets:\n  verify_token: {about: \"typed in\", generate: true}\n"
        let platform = try Self.compile(text)
        #expect(platform.secretKinds.map(\.name) == ["signing", "verify_token"])
        #expect(platform.secretKinds.last?.isGenerated == true)
    }
}
