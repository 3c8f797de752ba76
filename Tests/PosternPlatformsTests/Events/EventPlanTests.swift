import PosternModel
import PosternPlatforms
import Testing

@Suite struct EventPlanTests {
    private let three = #"{"items":[{"id":"a"},{"id":""},{"id":null}]}"#
    private let itemRules = """
        events:
          - each: body.items[]
            type: item
            key: "{item.id}"
        """

    @Test func `without rules a delivery is one unknown event`() throws {
        let normalized = try EventPlan(yaml: "body: json").events(#" {"a" : 1} "#)
        let event = try #require(normalized.events.first)
        #expect(normalized.events.count == 1 && normalized.unrecognized == 1)
        #expect(event.type == "unknown" && !event.recognized && event.dataText == #"{"a" : 1}"#)
        #expect(event.account == nil && event.subject == nil && event.time == nil && event.index == 0)
    }

    @Test func `a delivery that no rule speaks of is one unknown event`() throws {
        let plan = try EventPlan(yaml: "events: [{when: body.known, type: known}]")
        #expect(try plan.events(#"{"known":1}"#).unrecognized == 0)
        let normalized = try plan.events(#"{"known":null}"#)
        #expect(normalized.events.map(\.type) == ["unknown"] && normalized.unrecognized == 1)
    }

    @Test func `a key comes from the event, else from the sender's delivery, else from the body`() throws {
        let plan = try EventPlan(yaml: self.itemRules)
        let withID = try plan.events(self.three, source: DeliveryFacts(deliveryID: "d-1")).events
        #expect(withID.map(\.key) == ["a", "d-1#1", "d-1#2"])
        #expect(withID.map(\.keySource) == [.event, .delivery, .delivery])
        let without = try plan.events(self.three, source: DeliveryFacts(deliveryID: "")).events
        let digest = "c60c3af3030938b02fe25e1878f8ff13605c7a068dca3ffab91b5831d3c294db"
        #expect(without.map(\.key) == ["a", "\(digest)#1", "\(digest)#2"])
        #expect(without.map(\.keySource) == [.event, .body, .body])
    }

    @Test func `a unique rule's key is Postern's own delivery and the position`() throws {
        let plan = try EventPlan(
            yaml: """
                events:
                  - each: body.accounts[]
                    as: account
                    unique: true
                    type: list_folder
                    account: "{account}"
                """
        )
        let body = #"{"accounts":["dbid:1","dbid:2"]}"#
        let events = try plan.events(body, source: DeliveryFacts(deliveryID: "d"), storedID: "s").events
        #expect(events.map(\.key) == ["s#0", "s#1"] && events.allSatisfy { $0.keySource == .stored })
        #expect(events.map(\.account) == ["dbid:1", "dbid:2"])
        #expect(events.map(\.dataText) == [#""dbid:1""#, #""dbid:2""#])
        #expect(try plan.events(body, source: DeliveryFacts(deliveryID: "d")).events.map(\.key) == ["d#0", "d#1"])
    }

    @Test func `rules beside each other all run, in order, and share one count of positions`() throws {
        let plan = try EventPlan(
            yaml: """
                events:
                  - {each: "body.b[]", type: "b.{item}"}
                  - {each: "body.a[]", type: "a.{item}"}
                """
        )
        let events = try plan.events(#"{"a":[1,2],"b":[3]}"#, source: DeliveryFacts(deliveryID: "d")).events
        #expect(events.map(\.type) == ["b.3", "a.1", "a.2"])
        #expect(events.map(\.key) == ["d#0", "d#1", "d#2"])
        #expect(events.map(\.index) == [0, 1, 2])
    }

    @Test func `nested rules inherit what they do not set`() throws {
        let plan = try EventPlan(
            yaml: """
                events:
                  - each: body.entry[]
                    as: entry
                    type: "outer"
                    key: "{entry.id}"
                    account: "{entry.account}"
                    subject: "{entry.subject}"
                    time: entry.time s
                    events:
                      - each: entry.items[]
                        as: item
                      - each: entry.others[]
                        as: other
                        type: "other"
                        key: "{other.id}"
                        account: "{other.account}"
                        subject: "{other.subject}"
                        time: other.time ms
                """
        )
        let events = try plan.events(
            #"{"entry":[{"id":1,"account":"A","subject":"S","time":5,"items":[true],"#
                + #""others":[{"id":2,"account":"B","subject":"T","time":6000}]},{"id":3,"account":"C","time":"x"}]}"#
        ).events
        #expect(events.map(\.type) == ["outer", "other", "outer"])
        #expect(events.map(\.key) == ["1", "2", "3"])
        #expect(events.map(\.account) == ["A", "B", "C"])
        #expect(events.map(\.subject) == ["S", "T", nil])
        #expect(events.map(\.time) == [Timestamp(seconds: 5), Timestamp(seconds: 6), nil])
        #expect(events.map(\.dataText).first == "true")
    }

    @Test func `a rule speaks itself when its nested rules say nothing`() throws {
        let plan = try EventPlan(
            yaml: """
                events:
                  - each: body.entry[]
                    as: entry
                    type: entry
                    recognized: false
                    events:
                      - {each: "entry.changes[]", as: change, type: change}
                      - {each: "entry.lists[]", as: list, events: [{each: "list[]", as: x, type: x}]}
                """
        )
        let body = #"{"entry":[{"changes":[1]},{"changes":[]},{"lists":[[],[7]]},{}]}"#
        let normalized = try plan.events(body)
        // A nested rule without a type of its own inherits it, so the empty list is an event too.
        #expect(normalized.events.map(\.type) == ["change", "entry", "entry", "x", "entry"])
        #expect(normalized.events.map(\.dataText) == ["1", #"{"changes":[]}"#, "[]", "7", "{}"])
        #expect(normalized.events.map(\.recognized) == [true, false, true, true, false])
        #expect(normalized.unrecognized == 2)
    }

    @Test func `an event whose type does not resolve is kept as unknown, with its account`() throws {
        let plan = try EventPlan(
            yaml: #"events: [{type: ["{body.a}", "{body.b}"], account: "{body.c}", key: "{body.d}"}]"#
        )
        #expect(try plan.events(#"{"b":"second"}"#).events.first?.type == "second")
        let normalized = try plan.events(#"{"a":"","b":{},"c":"acc","d":"k"}"#)
        let event = try #require(normalized.events.first)
        #expect(event.type == "unknown" && !event.recognized && event.account == "acc" && event.key == "k")
        #expect(normalized.unrecognized == 1)
    }

    @Test func `data is what the rule names, the innermost item or the body`() throws {
        let plan = try EventPlan(
            yaml: """
                events:
                  - {when: body.a, type: a, data: body.a}
                  - {when: body.s, type: s, data: parse(body.s)}
                  - each: body.list[]
                    as: item
                    type: item
                    data: item.payload
                    events: [{when: item.special, type: special}]
                  - {when: body.whole, type: whole}
                  - {when: body.whole, type: absent, data: body.absent}
                """
        )
        let events = try plan.events(
            #"{"a": [1, 2.0], "s": "{\"x\": 1e2}", "list":[{"special":1,"payload": {"p":1} },{"payload":"q"}],"whole":1}"#
        ).events
        #expect(events.map(\.type) == ["a", "s", "special", "item", "whole", "absent"])
        let data = events.map(\.dataText)
        #expect(data.prefix(4) == ["[1, 2.0]", #"{"x": 1e2}"#, #"{"p":1}"#, #""q""#])
        #expect(data[4].hasPrefix("{") && data[5] == data[4])
    }

    @Test func `masks secrets in data and nothing else`() throws {
        let plan = try EventPlan(yaml: SampleDefinitions.googleAds)
        let event = try plan.events(#"{"lead_id":"1","google_key":"s3cret","form_id":2}"#).events.first
        #expect(event?.dataText == #"{"lead_id":"1","google_key":"[redacted]","form_id":2}"#)
        let items = try EventPlan(
            yaml: """
                redact: ["body.value[].clientState"]
                events: [{each: "body.value[]", type: change, key: "{item.id}:{item.clientState}"}]
                """
        )
        let events = try items.events(#"{"value":[{"id":1,"clientState":"x"},{"clientState":"y","id":2},{"id":3}]}"#)
            .events
        #expect(
            events.map(\.dataText)
                == [#"{"id":1,"clientState":"[redacted]"}"#, #"{"clientState":"[redacted]","id":2}"#, #"{"id":3}"#]
        )
    }

    @Test func `text that no index holds is replaced by its digest`() throws {
        let plan = try EventPlan(
            yaml: #"events: [{type: "{body.x}", key: "{body.x}", account: "{body.x}", subject: "{body.x}"}]"#
        )
        for (length, isKept) in [(511, true), (512, true), (513, false)] {
            let text = String(repeating: "x", count: length)
            let event = try #require(try plan.events(#"{"x":"\#(text)"}"#).events.first)
            for value in [event.type, event.key, event.account, event.subject] {
                #expect(value == text || !isKept && value?.hasPrefix("sha256:") == true && value?.utf8.count == 71)
            }
        }
        let zero = try #require(try plan.events(#"{"x":"a\u0000b"}"#).events.first)
        #expect(zero.key == "a\u{FFFD}b" && zero.account == "a\u{FFFD}b")
        // What is stored counts: the replacement is three times as long.
        let nothing = String(repeating: "\\u0000", count: 200)
        let long = try #require(try plan.events(#"{"x":"\#(nothing)"}"#).events.first)
        #expect(long.key.utf8.count == 71 && long.key.hasPrefix("sha256:"))
    }

    @Test(arguments: [(2, true), (3, true), (4, false)])
    func `takes as many events as the limit and no more`(count: Int, isTaken: Bool) throws {
        let plan = try EventPlan(yaml: self.itemRules)
        let body = #"{"items":[\#((0..<count).map { #"{"id":\#($0)}"# }.joined(separator: ","))]}"#
        let limits = EventLimits(events: 3)
        if isTaken {
            #expect(try plan.events(body, limits: limits).events.count == count)
        } else {
            #expect(throws: NormalizationError.tooManyEvents(limit: 3)) { try plan.events(body, limits: limits) }
        }
    }

    @Test func `takes ten thousand events unless said otherwise`() throws {
        let plan = try EventPlan(yaml: #"events: [{each: "body[]", type: n, key: "{item}"}]"#)
        func body(_ count: Int) -> String { "[" + (0..<count).map(String.init).joined(separator: ",") + "]" }
        #expect(try plan.events(body(10_000)).events.count == 10_000)
        #expect(throws: NormalizationError.tooManyEvents(limit: 10_000)) { try plan.events(body(10_001)) }
    }

    @Test(arguments: [(29, false), (30, true), (31, true)])
    func `bounds the bytes of all data together`(limit: Int, isTaken: Bool) throws {
        let plan = try EventPlan(yaml: #"events: [{each: "body[]", type: n, data: body}]"#)
        let limits = EventLimits(dataBytes: limit)
        if isTaken {
            #expect(try plan.events("[1, 2, 30]", limits: limits).events.count == 3)
        } else {
            #expect(throws: NormalizationError.eventsTooLarge(limitBytes: limit)) {
                try plan.events("[1, 2, 30]", limits: limits)
            }
        }
    }

    @Test(arguments: [
        ("", "empty_body"), (" \r\n", "empty_body"), ("hello", "malformed_json"), ("a=1&b=2", "malformed_json"),
        ("<a/>", "malformed_json"), ("{\"a\":1", "malformed_json"), ("{\"a\":1}{}", "malformed_json"),
        ("{\"a\":1e99999}", "malformed_json"), (String(repeating: "[", count: 100_000), "too_deep"),
        (#"{"a":01}"#, "malformed_json"),
    ])
    func `refuses for good what is no JSON`(body: String, code: String) throws {
        let plan = try EventPlan(yaml: self.itemRules)
        for contentType in ["application/json", "text/plain", nil, "application/x-www-form-urlencoded"] {
            do throws(NormalizationError) {
                _ = try plan.events(body, contentType: contentType)
                Issue.record("\(body) was read")
            } catch {
                #expect(error.code == code)
                #expect(!error.description.isEmpty)
            }
        }
    }

    @Test func `refuses for good what is not UTF-8, and says where`() throws {
        let plan = try EventPlan(yaml: self.itemRules)
        let body = Array(#"{"a":"x"#.utf8) + [0xFF] + Array(#""}"#.utf8)
        #expect(throws: NormalizationError.malformedUTF8(offset: 7)) {
            try plan.events(body: body, contentType: "application/json", source: DeliveryFacts())
        }
    }

    @Test func `of members with equal names the first counts`() throws {
        let event = try EventPlan(yaml: #"events: [{type: "{body.t}"}]"#).events(#"{"t":"first","t":"second"}"#).events
            .first
        #expect(event?.type == "first")
        #expect(event?.dataText == #"{"t":"first","t":"second"}"#)
    }

    @Test func `references reach headers, query, parameters, method, url and form`() throws {
        let plan = try EventPlan(
            yaml: """
                body: form
                events:
                  - type: "{header:x-topic}.{query:q}.{parameter:p}.{method}"
                    account: "{form:data[list_id]}"
                    subject: '{body."data[list_id]"}'
                    key: "{delivery.id}:{url}"
                """
        )
        let source = DeliveryFacts(
            headers: [("X-Topic", "orders")],
            parameters: ["p": "P"],
            query: "q=a%20b",
            method: "POST",
            url: "https://u",
            deliveryID: "d"
        )
        let event = try plan.events("data%5Blist_id%5D=l+1", contentType: nil, source: source).events.first
        #expect(event?.type == "orders.a b.P.POST")
        #expect(event?.account == "l 1" && event?.subject == "l 1")
        #expect(event?.key == "d:https://u")
        #expect(event?.dataText == #"{"data[list_id]":"l 1"}"#)
    }
}
