import PosternCrypto
import PosternJSON
import PosternPlatforms
import Testing

@Suite struct TemplateTests {
    private let body = #"""
        {"object":"page","id":42,"empty":"","none":null,"list":[],"read":{"mid":1},"message":null,"odd name":"o","brace":"}"}
        """#

    @Test(arguments: [
        ("", ""), ("plain", "plain"), ("{body.object}", "page"), ("a {body.object}.{body.id} z", "a page.42 z"),
        ("{{}", "{}"), (#"{{"id":{body.id}}"#, #"{"id":42}"#), ("}", "}"), ("a}b}}", "a}b}}"), ("{{{body.id}", "{42"),
        ("{ body.id }", "42"), (#"{body."odd name"}"#, "o"), ("{body.empty}", ""), ("x{body.empty}y", "xy"),
        ("{header:X-A}", "from header"), ("{body ? message, postback, read}", "read"),
        ("{body?none,read , id}", "read"),
        (#"{body ? "odd name"}"#, "odd name"), ("t.{body ? id}.{body.id}", "t.id.42"), ("é{body.id}😀", "é42😀"),
    ])
    func `fills in its references`(text: String, result: String) throws {
        #expect(try Template(text).text(in: self.scope()) == result)
    }

    @Test(arguments: [
        "{body.none}", "{body.absent}", "{body.list}", "{body}", "x {body.id} {body.none}", "{header:X-B}",
        "{body ? message, none}", "{body.id ? a}", "{body.absent ? a}", "{sha256({body.none})}",
        "{sha256({body.id}{body})}",
        "{hmac_sha256_hex(body.none)}",
    ])
    func `is unresolved when one reference is`(text: String) throws {
        #expect(try Template(text).text(in: self.scope()) == nil)
    }

    @Test func `can take empty text for nothing`() throws {
        let scope = try self.scope()
        #expect(try Template("id:{body.empty}").text(in: scope, refusingEmpty: true) == nil)
        #expect(try Template("id:{body.id}").text(in: scope, refusingEmpty: true) == "id:42")
        #expect(try Template("{sha256({body.empty})}").text(in: scope, refusingEmpty: true)?.utf8.count == 64)
        let templates = try [Template("{body.none}"), Template("{body.empty}"), Template("{body.id}")]
        #expect(templates.firstText(in: scope) == "")
        #expect(templates.firstText(in: scope, refusingEmpty: true) == "42")
        #expect([Template]().firstText(in: scope) == nil)
    }

    @Test(arguments: [
        ("{sha256({body.object}|{body.id})}", "page|42"), ("{sha256(abc)}", "abc"), ("{sha256()}", ""),
        ("{sha256(a)b(c)}", "a)b(c"), ("{sha256({{x}{body.id})}", "{x}42"), (#"{sha256({body."brace"})}"#, "}"),
        ("{sha256({body ? read, id}:{body.id})}", "read:42"),
    ])
    func `hashes what an argument says`(text: String, message: String) throws {
        let digest = try HashStream.digest(.sha256, Array(message.utf8).span).hexadecimal
        #expect(try Template(text).text(in: self.scope()) == digest)
        #expect(try Template("k:" + text + "!").text(in: self.scope()) == "k:\(digest)!")
    }

    @Test func `knows the digest of abc`() throws {
        // FIPS 180-2, appendix B.1.
        #expect(
            try Template("{sha256(abc)}").text(in: self.scope())
                == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
        )
    }

    @Test func `asks the source to sign`() throws {
        let scope = try self.scope()
        #expect(try Template("{hmac_sha256_hex(body.object)}").text(in: scope) == "hex of page")
        #expect(try Template("sha256={hmac_sha256_base64( body.id )}").text(in: scope) == "sha256=base64 of 42")
        let unsigned = ReferenceScope(source: EmptySource(), body: scope.body)
        #expect(try Template("{hmac_sha256_hex(body.object)}").text(in: unsigned) == nil)
    }

    @Test func `names what a wildcard matched`() throws {
        let document = try JSONDocument(bytes: [0x31])
        let scope = ReferenceScope(source: EmptySource(), body: document.root)
        let template = try Template("{name( item )}", bindings: ["item"])
        #expect(template.text(in: scope.binding(BoundItem(value: document.root, name: "like_events"))) == "like_events")
        #expect(template.text(in: scope.binding(BoundItem(value: document.root))) == nil)
        #expect(template.text(in: scope) == nil)
    }

    @Test(arguments: [
        ("{", ReferenceError.empty), ("{}", .malformedStep("}")), ("{body.a", .unclosed("{")),
        ("{body.a b}", .trailing("b}")),
        ("{bodi.a}", .unknownRoot("bodi", bindings: [])), ("{body.a[]}", .iterationNotAllowed("body.a[]")),
        ("{sha1(x)}", .unknownFunction("sha1")), ("{sha256(x}", .unclosed("(")), ("{sha256({body.a}", .unclosed("(")),
        ("{hmac_sha256_hex(body.a}", .unclosed("(")), ("{hmac_sha256_hex(x)}", .unknownRoot("x", bindings: [])),
        ("{name(item)}", .notBound("item")), ("{body ? }", .nameMissing(after: "?")),
        ("{body ? a,}", .nameMissing(after: "a")),
        ("{body ? a b}", .trailing("b}")), (#"{body."x}"#, .unclosedQuote),
    ])
    func `refuses what is no template`(text: String, error: ReferenceError) {
        #expect(throws: error) { try Template(text) }
        #expect(!error.reason.isEmpty)
    }

    @Test func `says what it needs`() throws {
        let plain = try Template("text")
        #expect(plain.literal == "text" && !plain.readsBody && !plain.usesHMAC && plain.paths.isEmpty)
        #expect(try Template("").literal == "")
        let mixed = try Template("{header:X-A}-{sha256({header:X-B}{body.id})}")
        #expect(mixed.literal == nil && mixed.readsBody && !mixed.usesHMAC)
        #expect(mixed.headerNames == ["X-A", "X-B"])
        #expect(mixed.paths.map(\.description) == ["header:X-A", "header:X-B", "body.id"])
        let signed = try Template("{hmac_sha256_hex(query:challenge)}")
        #expect(signed.usesHMAC && !signed.readsBody)
        #expect(try Template("{sha256({hmac_sha256_hex(query:a)})}").usesHMAC)
        #expect(try Template("{name(item)}", bindings: ["item"]).readsBody)
    }

    private struct Signer: ReferenceSource {
        func header(_ name: String) -> String? { name == "X-A" ? "from header" : nil }
        func hmacSHA256(_ message: String, as encoding: TextEncoding) -> String? { "\(encoding) of \(message)" }
    }

    private func scope() throws -> ReferenceScope {
        ReferenceScope(source: Signer(), body: try JSONDocument(bytes: Array(self.body.utf8)).root)
    }
}
