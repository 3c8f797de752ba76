import Testing

extension Scenarios {
    /// What is stored twice is processed once.
    @Suite struct DuplicateScenarios {
        @Test func `a delivery sent again is 200 each time and one event`() async throws {
            try await Scenario.with { scenario in
                try await scenario.createOrganization()
                let gateway = try await scenario.gateway()
                _ = try await scenario.consumer()
                var ids: Set<String> = []
                for platform in Sender.platforms {
                    let sender = Sender(endpoint: try await scenario.endpoint(platform))
                    for _ in 0..<3 {
                        // Signed anew each time, as Stripe does.
                        ids.insert(try await sender.deliver(try sender.message("again").request, to: gateway.port))
                    }
                }
                #expect(ids.count == 9, "each is a delivery of its own")
                try await eventually("everything is read") { try await scenario.tables.unread() == 0 }
                #expect(try await scenario.tables.eventKeys().sorted() == ["again", "again", "mid:again"])
                #expect(try await scenario.tables.doubledEvents().isEmpty)
                _ = try await Stats.eventually(from: gateway) { stats in
                    stats.accepted == 9 && stats.events == 3 && stats.duplicates == 6
                }
            }
        }

        @Test func `a retry that regroups the entries of a Meta request makes each event once`() async throws {
            try await Scenario.with { scenario in
                try await scenario.createOrganization()
                let sender = Sender(endpoint: try await scenario.endpoint("meta"))
                let gateway = try await scenario.gateway()
                _ = try await scenario.consumer()
                let groupings: [[(page: String, messages: [String])]] = [
                    [("1", ["a", "b"]), ("2", ["c"])],
                    [("2", ["c"])], [("1", ["b"]), ("1", ["a"])],
                    [("2", ["c", "d"]), ("1", ["b", "a"]), ("3", ["e"])],
                    [("3", ["e"]), ("1", ["a"]), ("2", ["d"])],
                ]
                for grouping in groupings { try await sender.deliver(try sender.meta(grouping), to: gateway.port) }
                try await eventually("everything is read") { try await scenario.tables.unread() == 0 }
                let expected = ["a", "b", "c", "d", "e"].map { "mid:\($0)" }
                #expect(try await scenario.tables.eventKeys().sorted() == expected)
            }
        }

        @Test func `the same event for two endpoints is two events`() async throws {
            try await Scenario.with { scenario in
                try await scenario.createOrganization()
                let gateway = try await scenario.gateway()
                for name in ["one", "two"] {
                    let sender = Sender(endpoint: try await scenario.endpoint("stripe", name: name))
                    try await sender.deliver(try sender.message("evt_same").request, to: gateway.port)
                }
                _ = try await scenario.consumer()
                try await eventually("everything is read") { try await scenario.tables.unread() == 0 }
                #expect(try await scenario.tables.eventKeys() == ["evt_same", "evt_same"])
            }
        }
    }
}
