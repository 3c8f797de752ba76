import PosternModel
import PosternPostgres
import PosternStore
import Testing

/// Days of events stay until every destination that wants them has passed them.
@Suite(.timeLimit(.minutes(5))) struct EventRetentionTests {
    /// A destination, and a day of events long past: numbers 1 to 3 in lane 1.
    private static func with(_ body: @escaping @Sendable (inout Route, String) throws -> Void) async throws {
        try await StoreDatabase.with { database in
            var route = try Route(database)
            let day = CivilDate(daysSince1970: CivilDate(.now()).daysSince1970 - 5)
            let name = "events_" + day.description.filter { $0 != "-" }
            try route.run(
                """
                CREATE TABLE postern.\(name) PARTITION OF postern.events
                FOR VALUES FROM ('\(day) 00:00:00+00') TO ('\(day) 00:00:00+00'::timestamptz + interval '1 day')
                """
            )
            try route.store(1...3, at: "'\(day) 12:00:00+00'")
            try route.run(
                """
                UPDATE postern.destination_cursors
                SET number = 2, stored_at = '\(day) 12:00:00+00' WHERE lane = 1;
                UPDATE postern.destination_cursors SET stored_at = '\(day) 00:00:00+00' WHERE lane <> 1
                """
            )
            try body(&route, name)
        }
    }

    private static func drop(_ route: inout Route) throws -> [String] {
        try Partitions.drop(.events, keepDays: 1, &route.log.consumer, within: StoreDatabase.deadline)
            .map { "\($0.name) \($0.dropped)" }
    }

    @Test func `keeps a day that a destination has not passed, and drops it afterwards`() async throws {
        try await Self.with { route, name in
            #expect(try Self.drop(&route) == ["\(name) false"])
            try route.run("UPDATE postern.destinations SET state = 'paused'")
            #expect(try Self.drop(&route) == ["\(name) false"])
            try route.run("UPDATE postern.destination_cursors SET number = 3 WHERE lane = 1")
            #expect(try Self.drop(&route) == ["\(name) true"])
        }
    }

    @Test(arguments: ["state = 'disabled'", "deleted_at = now()"])
    func `drops a day that only a destination waits for which is no more`(change: String) async throws {
        try await Self.with { route, name in
            #expect(try Self.drop(&route) == ["\(name) false"])
            try route.run("UPDATE postern.destinations SET \(change)")
            #expect(try Self.drop(&route) == ["\(name) true"])
        }
    }

    @Test func `drops a day that holds events of other organizations only`() async throws {
        try await Self.with { route, name in
            try route.run("UPDATE postern.destination_cursors SET org_id = gen_random_uuid()")
            #expect(try Self.drop(&route) == ["\(name) true"])
        }
    }

    @Test(arguments: ["events", "destinations", "destination_cursors"])
    func `drops nothing where its owner could not see what was not passed`(table: String) async throws {
        try await StoreDatabase.withEmpty { database in
            let role = "blind_\(database.address.suffix(12))"
            var superuser = try database.connect()
            try superuser.run("CREATE ROLE \(role) LOGIN; CREATE SCHEMA postern AUTHORIZATION \(role)")
            try database.migrate(user: role)
            var connection = try database.connect(.consumer)
            func drop() throws -> Int {
                try Partitions.drop(.events, keepDays: 1, &connection, within: StoreDatabase.deadline).count
            }
            #expect(try drop() == 0)
            try superuser.run("DROP POLICY maintenance_reads ON postern.\(table)")
            let error = #expect(throws: PostgresError.self) { try drop() }
            #expect(error?.sqlstate == "42501")
            try superuser.run("DROP OWNED BY \(role) CASCADE; DROP ROLE \(role)")
        }
    }
}
