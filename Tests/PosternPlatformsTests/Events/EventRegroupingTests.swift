import PosternJSON
import PosternModel
import PosternPlatforms
import Testing

/// Meta sends what it likes together: the same events must come out of any grouping.
@Suite struct EventRegroupingTests {
    @Test func `the same entries in other orders and batches give the same events`() throws {
        let plan = try EventPlan(yaml: SampleDefinitions.meta)
        for object in ["page", "instagram", "whatsapp_business_account"] {
            let entries = try self.entries(of: object)
            let together = try self.events(plan, object, [entries])
            #expect(together.count >= entries.count)
            #expect(together.allSatisfy { $0.keySource == .event })
            #expect(Set(together.map(\.key)).count == together.count)
            let expected = self.essence(together)
            #expect(self.essence(try self.events(plan, object, [entries.reversed()])) == expected)
            #expect(self.essence(try self.events(plan, object, entries.map { [$0] })) == expected)
            let odd = entries.enumerated().filter { $0.offset % 2 == 1 }.map(\.element)
            let even = entries.enumerated().filter { $0.offset % 2 == 0 }.map(\.element)
            #expect(self.essence(try self.events(plan, object, [odd, even])) == expected)
        }
    }

    @Test func `a status is told apart from the others of its message`() throws {
        let plan = try EventPlan(yaml: SampleDefinitions.meta)
        let sample = try #require(SamplePayload.all.first { $0.kind == "whatsapp/statuses x2" })
        let keys = try plan.events(sample.body).events.map(\.key)
        #expect(keys.count == 2 && Set(keys).count == 2)
        #expect(keys[0].hasSuffix(":sent") && keys[1].hasSuffix(":delivered"))
    }

    @Test func `entries of one delivery keep their own accounts`() throws {
        let plan = try EventPlan(yaml: SampleDefinitions.meta)
        let change = #"{"field":"leadgen","value":{"leadgen_id":"L"}}"#
        let body = #"""
            {"object":"page","entry":[{"id":"1","changes":[\#(change)]},{"id":"2","changes":[\#(change)]}]}
            """#
        #expect(try plan.events(body).events.map(\.account) == ["1", "2"])
    }

    @Test func `changed fields, standby and unknown kinds are kept`() throws {
        let plan = try EventPlan(yaml: SampleDefinitions.meta)
        let body = #"""
            {"object":"page","new":1,"entry":[
              {"id":"1","time":1795219200,"changed_fields":["name","picture"],"odd":[]},
              {"id":"1","time":1795219200000,"standby":[{"timestamp":1795219199100,"message":{"mid":"m1"}}]},
              {"id":"1","time":1795219200000,"messaging":[{"timestamp":1795219199100,"brand_new":{"x":1}}]},
              {"id":"1","time":1795219200,"changes":[{"field":"brand_new","value":7}]},
              {"id":"1","time":1795219200,"brand_new":[1]}]}
            """#
        let normalized = try plan.events(body)
        #expect(
            normalized.events.map(\.type)
                == ["page.name", "page.picture", "page.standby.message", "unknown", "page.brand_new", "unknown"]
        )
        #expect(normalized.unrecognized == 2)
        #expect(normalized.events.map(\.time?.seconds) == [1, 1, 0, 0, 1, 1].map { 1_795_219_199 + Int64($0) })
        #expect(normalized.events[3].dataText == #"{"timestamp":1795219199100,"brand_new":{"x":1}}"#)
        #expect(normalized.events.allSatisfy { $0.account == "1" })
    }

    @Test func `ids of nineteen digits survive`() throws {
        let plan = try EventPlan(yaml: #"events: [{type: t, key: "{body.id}", account: "{body.a}"}]"#)
        for id in ["7012345678901234567", "-3402274206530057851", "9223372036854775808", "9007199254740993"] {
            let event = try #require(try plan.events(#"{"id":\#(id),"a":\#(id)}"#).events.first)
            #expect(event.key == id && event.account == id && event.dataText.contains(id))
        }
    }

    /// The entries of all samples with this object, each also with another account's id.
    private func entries(of object: String) throws -> [String] {
        var entries: [String] = []
        for sample in SamplePayload.all where sample.platform == "meta" {
            let root = try JSONDocument(bytes: Array(sample.body.utf8)).root
            guard root.member("object")?.text == object, let list = root.member("entry") else { continue }
            entries += list.elements.map(\.description)
        }
        return entries
    }

    private func events(_ plan: EventPlan, _ object: String, _ groups: [[String]]) throws -> [NormalizedEvent] {
        try groups.filter { !$0.isEmpty }.flatMap { group in
            try plan.events(#"{"object":"\#(object)","entry":[\#(group.joined(separator: ", "))]}"#).events
        }
    }

    /// What must not depend on the grouping: all but the position.
    private func essence(_ events: [NormalizedEvent]) -> Set<String> {
        Set(
            events.map { event in
                let time = event.time?.description ?? "-"
                return [event.key, event.type, event.account ?? "-", time, event.dataText].joined(separator: " ")
            }
        )
    }
}
