import PosternModel
import PosternPostgres
import PosternStore
import PosternTesting
import Testing

@Suite struct PartitionsTests {
    private static let tables = Partitions.Table.allCases.map(\.rawValue).sorted()

    /// `20261121` for today and an offset in days.
    private static func stamp(_ offset: Int64) -> String {
        CivilDate(daysSince1970: CivilDate(.now()).daysSince1970 + offset).description.filter { $0 != "-" }
    }

    /// Makes one day's partition of the deliveries that `ensure` no longer makes.
    private static func makeDay(_ offset: Int64, of table: String = "deliveries", _ connection: inout Connection) throws
    {
        try connection.run(
            """
            CREATE TABLE postern.\(table)_\(Self.stamp(offset)) PARTITION OF postern.\(table)
            FOR VALUES FROM ('\(Self.stamp(offset)) 00:00:00+00') TO ('\(Self.stamp(offset + 1)) 00:00:00+00')
            """
        )
    }

    private static func partitions(_ connection: inout Connection) throws -> [String] {
        try connection.texts(
            "SELECT c.relname FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhrelid WHERE c.relkind = 'r' ORDER BY 1"
        )
    }

    /// Stores one delivery at an SQL time.
    private static func deliver(
        lane: Int,
        writer: Int,
        sequence: Int,
        at time: String,
        _ connection: inout Connection
    ) throws {
        try connection.run(
            """
            INSERT INTO postern.deliveries VALUES (\(lane), \(writer), \(sequence), \(time), gen_random_uuid(),
                gen_random_uuid(), gen_random_uuid(), NULL, 'x', '', '')
            """
        )
    }

    /// `name true` for each day dropped, `name false` for each kept.
    private static func drop(
        _ table: Partitions.Table,
        keepDays: Int32,
        atMost: Int32 = 1,
        _ connection: inout Connection
    ) throws(PostgresError) -> [String] {
        try Partitions.drop(
            table,
            keepDays: keepDays,
            atMost: atMost,
            &connection,
            within: StoreDatabase.deadline
        ).map { "\($0.name) \($0.dropped)" }
    }

    @Test func `makes yesterday to a week ahead for each table kept by days`() async throws {
        try await StoreDatabase.with { database in
            var connection = try database.connect()
            let expected = Self.tables.flatMap { table in (Int64(-1)...7).map { "\(table)_\(Self.stamp($0))" } }
                .sorted()
            #expect(try Self.partitions(&connection) == expected)
            let parents = try connection.texts("SELECT relname FROM pg_class WHERE relkind = 'p' ORDER BY 1")
            #expect(parents == Self.tables)
        }
    }

    @Test(arguments: [StoreDatabase.Role.gateway, .consumer, .operator])
    func `makes only what is missing, for each role that may`(role: StoreDatabase.Role) async throws {
        try await StoreDatabase.with { database in
            var connection = try database.connect(role)
            #expect(try Partitions.ensure(&connection, within: StoreDatabase.deadline) == 0)
            #expect(try Partitions.ensure(daysAhead: 8, &connection, within: StoreDatabase.deadline) == 5)
            #expect(try Partitions.ensure(daysAhead: 0, &connection, within: StoreDatabase.deadline) == 0)
            #expect(try Partitions.ensure(daysAhead: 60, &connection, within: StoreDatabase.deadline) == 52 * 5)
        }
    }

    @Test(arguments: [-1, 61] as [Int32])
    func `refuses days out of range`(days: Int32) async throws {
        try await StoreDatabase.with { database in
            var connection = try database.connect(.consumer)
            #expect(
                throws: PostgresError.refused(sqlstate: "22023", message: "days_ahead is \(days), must be 0 to 60")
            ) { try Partitions.ensure(daysAhead: days, &connection, within: StoreDatabase.deadline) }
        }
    }

    @Test func `puts the first and the last microsecond of a day into that day`() async throws {
        try await StoreDatabase.with { database in
            var connection = try database.connect(settings: [("TimeZone", "America/Lima")])
            let day = CivilDate(.now())
            for (sequence, time) in [
                day.start.microseconds - 1, day.start.microseconds, day.start.microseconds + 86_399_999_999,
                day.start.microseconds + 86_400_000_000,
            ].enumerated() {
                try Self.deliver(
                    lane: 0,
                    writer: 1,
                    sequence: sequence,
                    at: "'\(Timestamp(microseconds: time))'::timestamptz",
                    &connection
                )
            }
            let days = try connection.texts("SELECT tableoid::regclass FROM postern.deliveries ORDER BY seq")
            #expect(days == ([-1, 0, 0, 1] as [Int64]).map { "postern.deliveries_\(Self.stamp($0))" })
        }
    }

    @Test func `forces row-level security on partitions made later, and gives their indexes`() async throws {
        try await StoreDatabase.with { database in
            var connection = try database.connect(.consumer)
            try Partitions.ensure(daysAhead: 20, &connection, within: StoreDatabase.deadline)
            var superuser = try database.connect()
            #expect(
                try superuser.texts(
                    """
                    SELECT c.relname FROM pg_class c JOIN pg_inherits i ON i.inhrelid = c.oid
                    WHERE c.relkind = 'r' AND NOT (c.relrowsecurity AND c.relforcerowsecurity)
                    """
                ) == []
            )
            let last = "deliveries_\(Self.stamp(20))"
            #expect(
                try superuser.texts(
                    "SELECT relname FROM pg_class WHERE relname ~ '^\(last)_id' AND reloptions = '{autosummarize=on}'"
                )
                    == ["\(last)_id_idx"]
            )
            #expect(
                try superuser.texts(
                    """
                    SELECT pg_get_constraintdef(oid) FROM pg_constraint
                    WHERE conrelid = 'postern.\(last)'::regclass AND contype = 'p'
                    """
                ) == ["PRIMARY KEY (lane, writer, seq, stored_at)"]
            )
        }
    }

    @Test func `drops whole days older than what is kept, oldest first and no more than asked`() async throws {
        try await StoreDatabase.with { database in
            var superuser = try database.connect()
            for offset in Int64(-5)...(-2) { try Self.makeDay(offset, &superuser) }
            var connection = try database.connect(.consumer)
            func drop(_ keep: Int32, _ atMost: Int32) throws -> [String] {
                try Self.drop(.deliveries, keepDays: keep, atMost: atMost, &connection)
            }
            func gone(_ offset: Int64) -> String {
                "deliveries_\(Self.stamp(offset)) true"
            }
            #expect(try drop(5, 10) == [])
            #expect(try drop(4, 10) == [gone(-5)])
            #expect(try drop(1, 1) == [gone(-4)])
            #expect(try drop(1, 10) == [gone(-3), gone(-2)])
            #expect(try drop(1, 10) == [])
            let left = try Self.partitions(&superuser).filter { $0.hasPrefix("deliveries") }
            #expect(left == (Int64(-1)...7).map { "deliveries_\(Self.stamp($0))" })
        }
    }

    @Test(arguments: Partitions.Table.allCases)
    func `drops days of each table`(table: Partitions.Table) async throws {
        try await StoreDatabase.with { database in
            var superuser = try database.connect()
            try Self.makeDay(-9, of: table.rawValue, &superuser)
            var connection = try database.connect(.operator)
            let outcomes = try Self.drop(table, keepDays: 8, &connection)
            #expect(outcomes == ["\(table.rawValue)_\(Self.stamp(-9)) true"])
        }
    }

    @Test(arguments: [(0, 1), (1, 0), (Int32.min, 1), (1, -1)] as [(Int32, Int32)])
    func `refuses to keep no day and to drop none`(keep: Int32, atMost: Int32) async throws {
        try await StoreDatabase.with { database in
            var connection = try database.connect(.consumer)
            let error = #expect(throws: PostgresError.self) {
                try Partitions.drop(
                    .events,
                    keepDays: keep,
                    atMost: atMost,
                    &connection,
                    within: StoreDatabase.deadline
                )
            }
            #expect(error?.sqlstate == "22023")
        }
    }

    @Test func `keeps a day that some lane has not read to its end`() async throws {
        try await StoreDatabase.with { database in
            var superuser = try database.connect()
            for offset in Int64(-4)...(-2) { try Self.makeDay(offset, &superuser) }
            // Day -4: lane 0 read all. Day -3: lane 1 has one unread. Day -2: nothing at all.
            try superuser.run("INSERT INTO postern.writers (gateway) VALUES ('one')")
            try Self.deliver(lane: 0, writer: 1, sequence: 1, at: "'\(Self.stamp(-4)) 12:00+00'", &superuser)
            try Self.deliver(lane: 1, writer: 1, sequence: 2, at: "'\(Self.stamp(-4)) 23:59:59.999999+00'", &superuser)
            try Self.deliver(lane: 1, writer: 1, sequence: 3, at: "'\(Self.stamp(-3)) 00:00+00'", &superuser)
            try superuser.run(
                """
                INSERT INTO postern.cursors VALUES
                    (0, 1, 1, '\(Self.stamp(-4)) 12:00+00', 1), (1, 1, 2, '\(Self.stamp(-4)) 23:59:59.999999+00', 1)
                """
            )
            var connection = try database.connect(.consumer)
            let outcomes = try Self.drop(.deliveries, keepDays: 1, atMost: 9, &connection)
            #expect(
                outcomes == [
                    "deliveries_\(Self.stamp(-4)) true",
                    "deliveries_\(Self.stamp(-3)) false",
                    "deliveries_\(Self.stamp(-2)) true",
                ]
            )
            try superuser.run(
                "UPDATE postern.cursors SET seq = 3, stored_at = '\(Self.stamp(-3)) 00:00+00' WHERE lane = 1"
            )
            let after = try Self.drop(.deliveries, keepDays: 1, &connection)
            #expect(after == ["deliveries_\(Self.stamp(-3)) true"])
        }
    }

    @Test func `drops nothing where its owner could not see what is unread`() async throws {
        try await StoreDatabase.withEmpty { database in
            let role = "blind_\(database.address.suffix(12))"
            var superuser = try database.connect()
            try superuser.run("CREATE ROLE \(role) LOGIN; CREATE SCHEMA postern AUTHORIZATION \(role)")
            try database.migrate(user: role)
            try Self.makeDay(-3, &superuser)
            try superuser.run("ALTER TABLE postern.deliveries_\(Self.stamp(-3)) OWNER TO \(role)")
            try Self.deliver(lane: 0, writer: 1, sequence: 1, at: "'\(Self.stamp(-3)) 12:00+00'", &superuser)
            try superuser.run("INSERT INTO postern.cursors VALUES (0, 1, 0, '\(Self.stamp(-3)) 11:00+00', 0)")
            var connection = try database.connect(.consumer)
            // The owner is bound by row-level security, and sees through its policy.
            #expect(
                try Self.drop(.deliveries, keepDays: 1, &connection)
                    == ["deliveries_\(Self.stamp(-3)) false"]
            )
            try superuser.run("DROP POLICY maintenance_reads ON postern.deliveries")
            let error = #expect(throws: PostgresError.self) {
                try Partitions.drop(.deliveries, keepDays: 1, &connection, within: StoreDatabase.deadline)
            }
            #expect(error?.sqlstate == "42501")
            try superuser.run("DROP OWNED BY \(role) CASCADE; DROP ROLE \(role)")
        }
    }

    @Test func `gives way to whoever reads the table, and writers do not wait for new partitions`() async throws {
        try await StoreDatabase.with { database in
            var superuser = try database.connect()
            try Self.makeDay(-3, &superuser)
            var reader = try database.connect()
            var connection = try database.connect(.consumer)
            try reader.transaction(within: StoreDatabase.deadline) { reader throws(PostgresError) in
                _ = try reader.ask("SELECT count(*) FROM postern.deliveries")
                let error = #expect(throws: PostgresError.self) {
                    try Partitions.drop(.deliveries, keepDays: 1, &connection, within: StoreDatabase.deadline)
                }
                guard case .retry = error else {
                    Issue.record("\(String(describing: error)) is not retry")
                    return
                }
                // With a row written and its transaction open, a new day can be attached all the same.
                _ = try reader.ask(
                    """
                    INSERT INTO postern.attempts SELECT 0, now(), gen_random_uuid(), gen_random_uuid(),
                        gen_random_uuid(), gen_random_uuid(), 1, '1 s', 'ok', 200, NULL
                    """
                )
                #expect(throws: Never.self) {
                    try Partitions.ensure(daysAhead: 8, &connection, within: StoreDatabase.deadline)
                }
            }
        }
    }
}
