import PosternJSON
import PosternPlatforms
import Testing

@Suite struct ConditionTests {
    private let body =
        #"{"type":"ping","n":1,"on":true,"none":null,"data":{},"name":"Snap Lead Generation Form","e":""}"#

    @Test(arguments: [
        ("body.type = ping", true), ("body.type=ping", true), ("body.type = pong", false), ("body.type != ping", false),
        ("body.type != pong", true), ("body.type!=pong", true), ("body.n = 1", true), ("body.n = 1.0", false),
        ("body.on = true", true), ("body.absent = x", false), ("body.absent != x", true), ("body.none != x", true),
        ("body.data = {}", false), ("body.name = Snap Lead Generation Form", true),
        ("body.name =  Snap Lead Generation Form \t", true), (#"body.name = "Snap Lead Generation Form""#, true),
        (#"body.e = """#, true), (#"body.type = """#, false), ("body.type", true), ("body.data", true),
        ("body.none", false),
        ("body.absent", false), ("body.e", true), ("!body.type", false), ("!body.none", true), ("! body.absent", true),
        ("query:crc_token", true), ("!query:crc_token", false), ("query:hub.mode = subscribe", true),
        ("header:X-A = v1", true), ("header:x-a=v1", true), ("!header:X-B", true), ("parameter:p != q", false),
        ("method = GET", true),
    ])
    func `holds or does not`(text: String, holds: Bool) throws {
        #expect(try Condition(text).holds(in: self.scope()) == holds)
    }

    @Test func `a list holds when all of it does`() throws {
        let scope = try self.scope()
        let right = try Condition("body.type")
        let wrong = try Condition("body.absent")
        #expect([Condition]().allHold(in: scope))
        #expect([right, right].allHold(in: scope))
        #expect(![right, wrong].allHold(in: scope))
    }

    @Test(arguments: [
        ("", ReferenceError.empty), ("!", .empty), ("body.type =", .valueMissing), ("body.type != ", .valueMissing),
        ("body.type == x y", nil), ("body.type ping", .trailing("ping")), ("!body.type = x", .trailing("= x")),
        ("body.list[] = x", .iterationNotAllowed("body.list[]")), (#"body.type = "x" y"#, .trailing("y")),
        (#"body.type = "x"#, .unclosedQuote), ("bodytype", .unknownRoot("bodytype", bindings: [])),
    ])
    func `refuses what is no condition`(text: String, error: ReferenceError?) {
        if let error {
            #expect(throws: error) { try Condition(text) }
            #expect(!error.reason.isEmpty)
        } else {
            // A second equals sign belongs to the value.
            #expect(throws: Never.self) { try Condition(text) }
        }
    }

    @Test func `says what it needs`() throws {
        let body = try Condition("body.type = ping")
        #expect(body.readsBody && body.headerNames.isEmpty && body.description == "body.type = ping")
        let header = try Condition("!header:X-A")
        #expect(!header.readsBody && header.headerNames == ["X-A"])
    }

    private func scope() throws -> ReferenceScope {
        let source = DeliveryFacts(
            headers: [("X-A", "v1")],
            parameters: ["p": "q"],
            query: "crc_token=abc&hub.mode=subscribe",
            method: "GET"
        )
        return ReferenceScope(source: source, body: try JSONDocument(bytes: Array(self.body.utf8)).root)
    }
}
