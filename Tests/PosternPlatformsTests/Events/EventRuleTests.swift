import PosternPlatforms
import Testing

@Suite struct EventRuleTests {
    @Test(arguments: [
        Fault("events: {type: x}", 1, "a list"), Fault("events:\n  - x", 2, "an event rule"),
        Fault("events:\n  - {each: 'body.a[]'}", 2, "needs a type"),
        Fault("events:\n  - type: x\n    colour: red", 3, "no field \"colour\""),
        Fault("events:\n  - type: '{bdy.x}'", 2, "unknown name \"bdy\""),
        Fault("events:\n  - type:\n      - '{body.x}'\n      - '{body.x'", 4, "not closed"),
        Fault("events:\n  - type: []", 2, "the list is empty"),
        Fault("events:\n  - type: x\n    key: '{entry.id}'", 3, "unknown name \"entry\""),
        Fault("events:\n  - type: x\n    as: item", 3, "there is no each:"),
        Fault("events:\n  - type: x\n    each: body.a[]\n    as: body", 4, "already means something"),
        Fault("events:\n  - type: x\n    each: body.a[]\n    as: a.b", 4, "no name"),
        Fault("events:\n  - type: x\n    each: body.a[x]", 3, "cannot read"),
        Fault("events:\n  - type: x\n    when:\n      - body.a\n      - body.a >", 5, "unexpected \">\""),
        Fault("events:\n  - type: x\n    time: body.a", 3, "a time is a path, a blank and one of: s, ms, us"),
        Fault("events:\n  - type: x\n    time: body.a h", 3, "a time is a path"),
        Fault("events:\n  - type: x\n    time: ['body.a s', 'body.a[] s']", 3, "belong in each:"),
        Fault("events:\n  - type: x\n    data: body.a[]", 3, "belong in each:"),
        Fault("events:\n  - type: x\n    recognized: maybe", 3, "true or false"),
        Fault("events:\n  - type: x\n    key: '{body.a}'\n    unique: true", 4, "either key: or unique:"),
        Fault("events:\n  - type: x\n    events:\n      - each: body.a[]\n        key: '{name(b)}'", 5, "not bound"),
        Fault("events:\n  - type: x\n    events:\n      - {}\n      - type: '{item.a}'", 5, "unknown name \"item\""),
    ])
    func `says at which line what is wrong`(fault: Fault) {
        do {
            _ = try EventPlan(yaml: fault.yaml)
            Issue.record("the definition was accepted")
        } catch let error as DefinitionError {
            #expect(error.line == fault.line, "\(error)")
            #expect(error.reason.contains(fault.reason), "\(error)")
            #expect(error.file == "test.yaml")
        } catch {
            Issue.record("\(error)")
        }
    }

    @Test(arguments: [(8, true), (9, false)])
    func `allows eight levels of rules and no more`(levels: Int, isAllowed: Bool) {
        var rules = "{type: x}"
        for level in 0..<levels { rules = "{each: 'body.a[]', as: l\(level), type: x, events: [\(rules)]}" }
        if isAllowed {
            #expect(throws: Never.self) { try EventPlan(yaml: "events: [\(rules)]") }
        } else {
            #expect(throws: DefinitionError.self) { try EventPlan(yaml: "events: [\(rules)]") }
        }
    }

    @Test func `unique: false is as good as nothing`() throws {
        let plan = try EventPlan(yaml: "events: [{type: x, key: '{body.id}', unique: false}]")
        #expect(try plan.events(#"{"id":"k"}"#, storedID: "s").events.first?.key == "k")
    }

    @Test func `unique and key replace each other when inherited`() throws {
        let plan = try EventPlan(
            yaml: """
                events:
                  - {when: body.a, type: x, unique: true, events: [{key: "{body.id}"}]}
                  - {when: body.a, type: x, key: "{body.id}", events: [{unique: true}]}
                """
        )
        #expect(try plan.events(#"{"id":"k","a":1}"#, storedID: "s").events.map(\.key) == ["k", "s#1"])
    }

    /// A definition and the error it must give.
    struct Fault: CustomTestStringConvertible, Sendable {
        let yaml: String
        let line: Int
        let reason: String

        init(_ yaml: String, _ line: Int, _ reason: String) {
            self.yaml = yaml
            self.line = line
            self.reason = reason
        }

        var testDescription: String { self.reason }
    }
}
