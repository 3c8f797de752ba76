import PosternJSON
import PosternPlatforms
import Testing

@Suite struct ValuePathTests {
    private let source = DeliveryFacts(
        headers: [("X-Event-Id", "h1"), ("x-event-id", "h2"), ("Content-Type", "text/plain")],
        parameters: ["app_key": "k1"],
        query: "hub.mode=subscribe&data%5Bid%5D=7&empty=",
        method: "POST",
        url: "https://hooks.example.com/x",
        deliveryID: "d1"
    )
    private let body = #"""
        {"id":7012345678901234567,"name":"a\/b","ok":true,"none":null,"a.b":{"c-d":{"e f":"x"}},"$t":"d","@at":"a","ü":"u",
         "list":[{"n":1},{"n":null},{},{"n":"4"}],"inner":"{\"share_id\":\"s\",\"n\":[1,2]}","broken":"{","list2":[[1,2],[3]],
         "follow_events":[{"id":1},{"id":2}],"like_events":[{"id":3}],"other":[{"id":4}],"events":{"id":5}}
        """#

    @Test(arguments: [
        ("body.id", "7012345678901234567"), ("body.name", "a/b"), ("body.ok", "true"), (" body.name ", "a/b"),
        (#"body."a.b"."c-d"."e f""#, "x"), (#"body."a.b".c-d."e f""#, "x"), ("body.$t", "d"), ("body.@at", "a"),
        ("body.ü", "u"), ("body.list[0].n", "1"), ("body.list[3].n", "4"), ("body.list2[0][1]", "2"),
        ("parse(body.inner).share_id", "s"), ("parse( body.inner ).n[1]", "2"), ("header:X-EVENT-ID", "h1"),
        ("header:content-type", "text/plain"), ("query:hub.mode", "subscribe"), ("query:data[id]", "7"),
        (#"query:"hub.mode""#, "subscribe"), ("query:empty", ""), ("parameter:app_key", "k1"), ("method", "POST"),
        ("url", "https://hooks.example.com/x"), ("delivery.id", "d1"),
    ])
    func `finds the text of one value`(path: String, text: String) throws {
        let path = try ValuePath(path)
        #expect(path.text(in: try self.scope()) == text)
        #expect(path.isPresent(in: try self.scope()))
        #expect(!path.iterates)
    }

    @Test(arguments: [
        "body", "body.none", "body.absent", "body.list", "body.list[0]", "body.list[1].n", "body.list[2].n",
        "body.list[4].n", "body.id.x", "body.name[1]", "parse(body.broken).x", "parse(body.absent).x",
        "parse(body.id).x",
        "header:X-Absent", "query:absent", "form:x", "parameter:absent", "timestamp",
    ])
    func `is unresolved where there is no text`(path: String) throws {
        #expect(try ValuePath(path).text(in: try self.scope()) == nil)
    }

    @Test(arguments: [
        ("body", true), ("body.none", false), ("body.absent", false), ("body.list", true), ("body.list[2]", true),
        ("body.list[1].n", false), ("header:X-Event-Id", true), ("query:empty", true), ("timestamp", false),
        ("parse(body.inner)", true), ("parse(body.broken)", false),
    ])
    func `is present when something is there that is not null`(path: String, isPresent: Bool) throws {
        #expect(try ValuePath(path).isPresent(in: try self.scope()) == isPresent)
    }

    @Test func `gives null as a value, for it has a place in the body`() throws {
        #expect(try ValuePath("body.none").value(in: self.scope())?.isNull == true)
        #expect(try ValuePath("header:X-Event-Id").value(in: self.scope()) == nil)
    }

    @Test func `leads nowhere without a body`() throws {
        let scope = ReferenceScope(source: EmptySource())
        #expect(try ValuePath("body.id").text(in: scope) == nil)
        #expect(try ValuePath("body.list[]", iterating: true).items(in: scope).isEmpty)
        #expect(try ValuePath("header:X").text(in: scope) == nil)
        #expect(try ValuePath("item.id", bindings: ["item"]).text(in: scope) == nil)
    }

    @Test(arguments: [
        ("body.list[]", [#"{"n":1}"#, #"{"n":null}"#, "{}", #"{"n":"4"}"#]), ("body.list[].n", ["1", #""4""#]),
        ("body.list2[][]", ["1", "2", "3"]), ("body.list2[][0]", ["1", "3"]), ("body.follow_events[].id", ["1", "2"]),
        ("body.*_events[].id", ["1", "2", "3"]), ("body.like_*[].id", ["3"]), ("body.events[]", [#"{"id":5}"#]),
        ("body.events[0].id", ["5"]), ("body.events[1].id", []), ("body.name[]", [#""a\/b""#]), ("body.none[]", []),
        ("body.absent[]", []),
        ("body.id", ["7012345678901234567"]), ("parse(body.inner).n[]", ["1", "2"]), ("header:X-Event-Id", []),
        ("body.events.*", ["5"]),
    ])
    func `finds every value in order`(path: String, texts: [String]) throws {
        let items = try ValuePath(path, iterating: true).items(in: self.scope())
        #expect(items.map(\.value.description) == texts)
    }

    @Test func `remembers the name under which a wildcard matched`() throws {
        let items = try ValuePath("body.*_events[]", iterating: true).items(in: self.scope())
        #expect(items.map(\.name) == ["follow_events", "follow_events", "like_events"])
        #expect(try ValuePath("body.list[]", iterating: true).items(in: self.scope()).allSatisfy { $0.name == nil })
    }

    @Test func `a wildcard's two ends may not share letters`() throws {
        let document = try JSONDocument(bytes: Array(#"{"aba":1,"ababa":2}"#.utf8))
        let scope = ReferenceScope(source: EmptySource(), body: document.root)
        let items = try ValuePath("body.aba*aba", iterating: true).items(in: scope)
        #expect(items.isEmpty)
    }

    @Test func `reads bound names, the innermost first`() throws {
        let document = try JSONDocument(bytes: Array(#"{"x":{"v":1},"y":{"v":2}}"#.utf8))
        let outer = ReferenceScope(source: EmptySource(), body: document.root)
        let first = outer.binding(BoundItem(value: try #require(document.root.member("x"))))
        let second = first.binding(BoundItem(value: try #require(document.root.member("y"))))
        #expect(try ValuePath("a.v", bindings: ["a", "b"]).text(in: second) == "1")
        #expect(try ValuePath("b.v", bindings: ["a", "b"]).text(in: second) == "2")
        #expect(try ValuePath("a.v", bindings: ["a", "a"]).text(in: second) == "2")
        #expect(try ValuePath("b.v", bindings: ["a", "b"]).text(in: first) == nil)
    }

    @Test(arguments: [
        ("", ReferenceError.empty), ("  ", .empty), (".a", .malformedStep(".a")),
        ("bdy.x", .unknownRoot("bdy", bindings: [])),
        ("delivery", .nameMissing(after: "delivery.")), ("header:", .nameMissing(after: "header:")),
        ("headers:X", .unknownRoot("headers:", bindings: [])), ("body.", .malformedStep(".")),
        ("body..a", .malformedStep("..a")), ("body.a b", .malformedStep("b")), ("body[x]", .malformedStep("[x]")),
        ("body[-1]", .malformedStep("[-1]")), ("body[1", .malformedStep("[1")),
        ("body[99999999999999999999]", .malformedStep("[99999999999999999999]")),
        (#"body."a"#, .unclosedQuote), ("parse(body.a", .unclosed("(")),
        ("parse body", .unknownRoot("parse", bindings: [])),
        ("lower(body.a)", .unknownFunction("lower")), ("body.a[]", .iterationNotAllowed("body.a[]")),
        ("body.*", .iterationNotAllowed("body.*")), ("parse(body.a[]).b", .iterationNotAllowed("body.a[]")),
        ("body.a=1", .malformedStep("=1")), ("header:X.y z", .malformedStep("z")), ("method.x", .malformedStep(".x")),
    ])
    func `refuses what is no path`(text: String, error: ReferenceError) {
        #expect(throws: error) { try ValuePath(text) }
        #expect(!error.reason.isEmpty)
    }

    @Test func `names the bindings in force when a name is unknown`() {
        #expect(throws: ReferenceError.unknownRoot("entri", bindings: ["entry", "change"])) {
            try ValuePath("entri.id", bindings: ["entry", "change"])
        }
        #expect(ReferenceError.unknownRoot("entri", bindings: ["entry"]).reason.contains("body, entry, header:"))
    }

    @Test(arguments: [
        ("body.a", true), ("item.a", true), ("parse(body.a).b", true), ("parse(query:a).b", false), ("header:a", false),
        ("query:a", false), ("form:a", false), ("method", false), ("timestamp", false),
    ])
    func `says whether it needs the body`(text: String, readsBody: Bool) throws {
        #expect(try ValuePath(text, bindings: ["item"]).readsBody == readsBody)
    }

    @Test func `says which header or parameter it reads`() throws {
        #expect(try ValuePath("header:X-A").headerName == "X-A")
        #expect(try ValuePath("parse(header:X-A).b").headerName == "X-A")
        #expect(try ValuePath("query:X-A").headerName == nil)
        #expect(try ValuePath("parameter:app_key").parameterName == "app_key")
        #expect(try ValuePath("header:X-A").parameterName == nil)
    }

    @Test func `is printed as it was written`() throws {
        #expect(try ValuePath(#"body."a.b"[0]"#).description == #"body."a.b"[0]"#)
    }

    private func scope() throws -> ReferenceScope {
        ReferenceScope(source: self.source, body: try JSONDocument(bytes: Array(self.body.utf8)).root)
    }
}
