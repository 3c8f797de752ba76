import Testing

extension Scenarios {
    /// What can never be processed becomes a dead letter, and holds nobody up.
    @Suite struct PoisonScenarios {
        @Test func `a body that is not JSON becomes a dead letter with a reason, and later deliveries go on`()
            async throws
        {
            try await Scenario.with { scenario in
                try await scenario.createOrganization()
                let sender = Sender(endpoint: try await scenario.endpoint("stripe"))
                let gateway = try await scenario.gateway()
                _ = try await scenario.consumer()
                let poisons: [(String, [UInt8])] = [
                    ("text", Array("this is not JSON".utf8)), ("cut short", Array(#"{"id":"evt_1","type":"#.utf8)),
                    ("empty", []), ("not UTF-8", Array(#"{"id":"evt_"#.utf8) + [0xFF, 0xFE] + Array(#""}"#.utf8)),
                    ("too deep", [UInt8](repeating: UInt8(ascii: "["), count: 100_000)),
                    ("binary", (0...255).map { UInt8($0) }),
                ]
                var ids: [String] = []
                for (number, (_, body)) in poisons.enumerated() {
                    ids.append(try await sender.deliver(try sender.signed(body), to: gateway.port))
                    try await sender.deliver(try sender.message("evt_after_\(number)").request, to: gateway.port)
                }
                let letters = try await eventually("each poison is a dead letter") {
                    let letters = try await scenario.tables.deadLetters()
                    return letters.count >= poisons.count ? letters : nil
                }
                #expect(Set(letters.map(\.delivery)) == Set(ids))
                for letter in letters {
                    #expect(!letter.reason.isEmpty && !letter.detail.isEmpty)
                    #expect(letter.attempts == 1, "it can never parse, so it is not tried again")
                }
                try await eventually("everything is read") { try await scenario.tables.unread() == 0 }
                let keys = try await scenario.tables.eventKeys().sorted()
                #expect(keys == poisons.indices.map { "evt_after_\($0)" })
                _ = try await Stats.eventually(from: gateway) { stats in
                    stats.dead_letter_queue_size == Int64(poisons.count) && stats.dead_lettered == Int64(poisons.count)
                }
            }
        }

        @Test func `JSON that PostgreSQL or a careless reader would choke on holds nobody up`() async throws {
            try await Scenario.with { scenario in
                try await scenario.createOrganization()
                let sender = Sender(endpoint: try await scenario.endpoint("stripe"))
                let gateway = try await scenario.gateway()
                let consumer = try await scenario.consumer()
                let long = String(repeating: "k", count: 20_000)
                let bodies = [
                    #"{"id":"evt_\u0000nul","type":"a.b","data":{"object":{"id":"x\u0000y"}}}"#,
                    #"{"id":"evt_type","type":"a\u0000b"}"#, #"{"id":"evt_data","type":"a.b","data":"\u0000"}"#,
                    #"{"id":"evt_surrogate_\ud800","type":"a.b"}"#,
                    #"{"id":"evt_account","type":"a.b","account":"\u0000"}"#,
                    #"{"id":"\#(long)","type":"a.b"}"#, #"{"id":"evt_long_type","type":"\#(long)"}"#,
                    #"{"id":"evt_long_subject","type":"a.b","account":"\#(long)","data":{"object":{"id":"\#(long)"}}}"#,
                    #"{"id":"evt_time","type":"a.b","created":99999999999999999999999999}"#,
                    #"{"id":"evt_time_2","type":"a.b","created":-99999999999999}"#,
                    #"{"id":"evt_time_3","type":"a.b","created":1e400}"#,
                    #"{"id":"evt_time_4","type":"a.b","created":"294277-01-01T00:00:00Z"}"#,
                    #"{"id":"evt_time_5","type":"a.b","created":9223372036854}"#,
                    #"{"id":null,"type":{}}"#, #"[]"#, #"null"#, #"{}"#,
                    #"{"id":"evt_twice","id":"evt_other","type":"a.b"}"#,
                    "\u{feff}{\"id\":\"evt_bom\",\"type\":\"a.b\"}", #"{"id":"","type":""}"#,
                ]
                for (number, body) in bodies.enumerated() {
                    try await sender.deliver(try sender.signed(Array(body.utf8)), to: gateway.port)
                    try await sender.deliver(try sender.message("evt_after_\(number)").request, to: gateway.port)
                }
                do {
                    try await eventually("everything is read", within: .seconds(15)) {
                        try await scenario.tables.unread() == 0
                    }
                } catch {
                    throw ScenarioFailure("\(error): \(consumer.process.errorText.suffix(1500))")
                }
                let keys = Set(try await scenario.tables.eventKeys())
                for number in bodies.indices {
                    #expect(keys.contains("evt_after_\(number)"), "after \(bodies[number].prefix(80))")
                }
                let retries = try await Stats.eventually(from: gateway) { $0.pending == 0 }.pending_retries
                #expect(retries == 0, "what cannot be stored today cannot be stored tomorrow")
            }
        }
    }
}
