import PosternModel
import PosternPostgres
import PosternStore
import Testing

@Suite struct AdministrationDestinationStatesTests {
    private static let within = StoreDatabase.deadline

    @Test func `pauses, resumes, disables and enables, and writes each into the audit log`() async throws {
        try await ShopDestination.with { shop, connection in
            let administration = shop.administration
            var states: [DestinationState] = []
            states.append(
                try administration.pauseDestination(shop.id, &connection, within: Self.within).destination.state
            )
            states.append(
                try administration.resumeDestination(shop.id, &connection, within: Self.within).destination.state
            )
            let disabled = try administration.setDestination(
                enabled: false,
                shop.id,
                reason: "moved\0away",
                &connection,
                within: Self.within
            ).destination
            states.append(disabled.state)
            #expect(disabled.stateReason == "moved\u{FFFD}away")
            let enabled = try administration.setDestination(
                enabled: true,
                shop.id,
                &connection,
                within: Self.within
            ).destination
            states.append(enabled.state)
            #expect(enabled.stateReason == nil)
            #expect(states == [.paused, .enabled, .disabled, .enabled])
            let acts = try OrdersEndpoint.audit(&connection).suffix(4).map { $0.prefix { $0 != " " } }
            #expect(acts == ["destination.pause", "destination.resume", "destination.disable", "destination.enable"])
        }
    }

    @Test func `closes the circuit of what is switched on, and leaves that of what is paused`() async throws {
        try await ShopDestination.with { shop, connection in
            var root = try shop.database.connect()
            let open = """
                UPDATE postern.destinations SET circuit = 'open', circuit_reason = 'timeout', circuit_openings = 3,
                    circuit_changed_at = now() - interval '1 hour', circuit_until = now() + interval '1 minute'
                """
            try root.run(open)
            let paused = try shop.administration.pauseDestination(shop.id, &connection, within: Self.within)
            #expect(paused.destination.circuit.state == .open && paused.destination.circuit.openings == 3)
            let resumed = try shop.administration.resumeDestination(shop.id, &connection, within: Self.within)
            #expect(resumed.destination.circuit.state == .closed && resumed.destination.circuit.openings == 0)
            #expect(resumed.destination.circuit.until == nil && resumed.destination.circuit.reason == nil)
            try root.run(open)
            let enabled = try shop.administration.setDestination(
                enabled: true,
                shop.id,
                &connection,
                within: Self.within
            )
            #expect(enabled.destination.circuit.state == .closed)
            let line = try #require(try OrdersEndpoint.audit(&connection).last)
            #expect(line.contains(#""circuit": "open""#) && line.contains(#""circuit": "closed""#))
        }
    }

    @Test func `knows no destination that is not there or was deleted`() async throws {
        try await ShopDestination.with { shop, connection in
            let stranger = DestinationID.fresh(at: .now())
            #expect(throws: ConfigurationError.destinationNotFound("\(stranger)")) {
                try shop.administration.pauseDestination(stranger, &connection, within: Self.within)
            }
            _ = try shop.administration.deleteDestination(shop.id, &connection, within: Self.within)
            #expect(throws: ConfigurationError.destinationNotFound("\(shop.id)")) {
                try shop.administration.resumeDestination(shop.id, &connection, within: Self.within)
            }
            #expect(throws: ConfigurationError.destinationNotFound("\(shop.id)")) {
                try shop.administration.changeDestination(
                    shop.id,
                    DestinationChange(name: "x"),
                    &connection,
                    within: Self.within
                )
            }
        }
    }

    @Test func `tells consumers of every change`() async throws {
        try await ShopDestination.with { shop, connection in
            var listener = try shop.database.connect(.consumer)
            try listener.listen("postern_destinations", within: Self.within)
            _ = try shop.administration.pauseDestination(shop.id, &connection, within: Self.within)
            #expect(try !listener.notifications(within: Self.within).isEmpty)
        }
    }
}
