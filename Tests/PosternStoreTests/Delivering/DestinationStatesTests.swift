import PosternModel
import PosternPostgres
import PosternStore
import Testing

@Suite(.timeLimit(.minutes(5))) struct DestinationStatesTests {
    private static let within = StoreDatabase.deadline
    private static let now = Timestamp(seconds: 1_800_000_000)

    private static func open(_ route: inout Route, seconds: Int64 = 30) throws -> Bool {
        try DestinationStates.openCircuit(
            of: route.destination,
            reason: "half of 20\0 failed",
            until: Self.now.advanced(by: .seconds(seconds)),
            &route.log.consumer,
            within: Self.within
        )
    }

    private static func probe(_ route: inout Route, at seconds: Int64) throws -> Bool {
        let time = Self.now.advanced(by: .seconds(seconds))
        return try DestinationStates.startProbe(
            of: route.destination,
            at: time,
            until: time.advanced(by: .seconds(10)),
            &route.log.consumer,
            within: Self.within
        )
    }

    private static func reopen(_ route: inout Route, seconds: Int64) throws -> Bool {
        try DestinationStates.reopenCircuit(
            of: route.destination,
            reason: "probe",
            until: Self.now.advanced(by: .seconds(seconds)),
            &route.log.consumer,
            within: Self.within
        )
    }

    private static func close(_ route: inout Route) throws -> Bool {
        try DestinationStates.closeCircuit(of: route.destination, &route.log.consumer, within: Self.within)
    }

    private static func circuit(_ route: inout Route) throws -> String {
        try route.texts(
            """
            SELECT concat_ws(' ', circuit, circuit_openings, circuit_reason,
                extract(epoch from circuit_until)::bigint - 1800000000, circuit_changed_at > now() - interval '1 minute')
            FROM postern.destinations
            """
        )[0]
    }

    @Test func `opens, probes, opens again and closes a circuit, each change once`() async throws {
        try await StoreDatabase.with { database in
            var route = try Route(database)
            #expect(try !Self.close(&route) && !Self.probe(&route, at: 0) && !Self.reopen(&route, seconds: 1))
            #expect(try Self.open(&route))
            #expect(try Self.circuit(&route) == "open 1 half of 20\u{FFFD} failed 30 t")
            #expect(try !Self.open(&route) && !Self.close(&route) && !Self.reopen(&route, seconds: 1))
            #expect(try !Self.probe(&route, at: 29))
            #expect(try Self.probe(&route, at: 30))
            #expect(try Self.circuit(&route) == "half_open 1 half of 20\u{FFFD} failed 40 t")
            #expect(try !Self.open(&route))
            #expect(try Self.reopen(&route, seconds: 90))
            #expect(try !Self.reopen(&route, seconds: 90))
            #expect(try Self.circuit(&route) == "open 2 probe 90 t")
            #expect(try Self.probe(&route, at: 91))
            #expect(try Self.close(&route))
            #expect(try !Self.close(&route))
            #expect(try Self.circuit(&route) == "closed 0 t")
        }
    }

    @Test func `lets another take the probe of a prober that did not come back`() async throws {
        try await StoreDatabase.with { database in
            var route = try Route(database)
            #expect(try Self.open(&route))
            #expect(try Self.probe(&route, at: 30))
            #expect(try !Self.probe(&route, at: 39))
            #expect(try Self.probe(&route, at: 40))
        }
    }

    @Test func `disables a destination once, and none that is deleted`() async throws {
        try await StoreDatabase.with { database in
            var route = try Route(database)
            func disable() throws -> Bool {
                try DestinationStates.disable(
                    route.destination,
                    reason: "http_410",
                    &route.log.consumer,
                    within: Self.within
                ) != nil
            }
            #expect(try disable())
            #expect(try !disable())
            #expect(
                try route.texts("SELECT state || ' ' || state_reason FROM postern.destinations") == [
                    "disabled http_410"
                ]
            )
            try route.run("UPDATE postern.destinations SET state = 'enabled', deleted_at = now()")
            #expect(try !disable())
            #expect(try !Self.open(&route))
        }
    }

    @Test func `tells every consumer of a change`() async throws {
        try await StoreDatabase.with { database in
            var route = try Route(database)
            var listener = try database.connect(.consumer)
            try listener.listen("postern_destinations")
            #expect(try Self.open(&route))
            #expect(try listener.notifications(within: Self.within).map(\.payload) == ["destinations"])
        }
    }
}
