import Logging
import PosternModel
import PosternPostgres
import PosternStore
import PosternTesting
import Synchronization
import Testing

@Suite struct MigratorTests {
    /// The advisory locks of this database.
    private static let ours = """
        WHERE locktype = 'advisory' AND database = (SELECT oid FROM pg_database WHERE datname = current_database())
        """

    static let logger = Logger(label: "tests") { _ in SwiftLogNoOpLogHandler() }

    @Test func `makes everything from nothing, and nothing the second time`() async throws {
        try await StoreDatabase.withEmpty { database in
            let all = try Migration.embedded()
            let first = try database.migrate(lanes: nil)
            let nothing = MigrationReport(applied: [], lanes: 64, madeLanes: false)
            #expect(first == MigrationReport(applied: all, lanes: 64, madeLanes: true))
            #expect(try database.migrate(lanes: nil) == nothing)
            #expect(try database.migrate(lanes: 64) == nothing)
            var connection = try database.connect()
            let status = try database.migrator().status(&connection, within: StoreDatabase.deadline)
            #expect(status.applied.map(\.name) == all.map(\.name))
            #expect(status.applied.map(\.number) == all.map(\.number))
            #expect(status.isCurrent)
            #expect(status.version == Int32(all.count))
            #expect(try connection.texts("SELECT digest FROM postern.migrations ORDER BY number") == all.map(\.digest))
            #expect(try connection.number("SELECT sum(lane) FROM postern.lanes") == 63 * 64 / 2)
        }
    }

    @Test func `lets eight processes start at once`() async throws {
        try await StoreDatabase.withEmpty { database in
            let all = try Migration.embedded()
            let reports = Mutex<[Result<MigrationReport, any Error>]>([])
            let threads = (0..<8).map { _ in
                ConnectionThread.start(name: "migrate") {
                    let result = Result { try database.migrate() }
                    reports.withLock { $0.append(result) }
                }
            }
            let finished = Mutex(false)
            _ = Task {
                for thread in threads { await thread.join() }
                finished.withLock { $0 = true }
            }
            var connection = try database.connect()
            while !finished.withLock({ $0 }) { _ = try connection.ask("SELECT pg_sleep(0.02)") }
            let outcomes = try reports.withLock { try $0.map { try $0.get() } }
            #expect(outcomes.count == 8)
            #expect(outcomes.filter { $0.applied == all && $0.madeLanes }.count == 1)
            #expect(outcomes.filter { $0.applied.isEmpty && !$0.madeLanes }.count == 7)
            #expect(outcomes.allSatisfy { $0.lanes == Int64(StoreDatabase.lanes) })
            #expect(try connection.number("SELECT count(*) FROM pg_locks \(Self.ours)") == 0)
        }
    }

    @Test func `tells the status of an empty database and changes nothing`() async throws {
        try await StoreDatabase.withEmpty { database in
            var connection = try database.connect()
            let status = try database.migrator().status(&connection, within: StoreDatabase.deadline)
            #expect(status.applied.isEmpty)
            let all = try Migration.embedded()
            #expect(status.pending == all)
            #expect(!status.isCurrent)
            #expect(status.lanes == 0)
            #expect(try connection.number("SELECT count(*) FROM pg_namespace WHERE nspname = 'postern'") == 0)
        }
    }

    @Test(arguments: StoreDatabase.Role.allCases)
    func `lets each role ask for the status`(role: StoreDatabase.Role) async throws {
        try await StoreDatabase.with { database in
            var connection = try database.connect(role)
            #expect(try database.migrator().status(&connection, within: StoreDatabase.deadline).isCurrent)
        }
    }

    @Test func `applies only what is new, and lets the roles see it`() async throws {
        try await StoreDatabase.with { database in
            let all = try Migration.embedded()
            let next = try Self.next("CREATE TABLE postern.more (n integer); INSERT INTO postern.more VALUES (1), (2)")
            let migrator = try Migrator(all + [next], logger: Self.logger)
            var connection = try database.connect()
            #expect(try migrator.status(&connection, within: StoreDatabase.deadline).pending == [next])
            let report = try migrator.migrate(&connection, within: StoreDatabase.deadline)
            #expect(report.applied == [next])
            #expect(!report.madeLanes)
            #expect(try connection.number("SELECT count(*) FROM postern.more") == 2)
        }
    }

    @Test func `undoes a migration that fails, and keeps those before it`() async throws {
        try await StoreDatabase.with { database in
            let all = try Migration.embedded()
            let good = try Self.next("CREATE TABLE postern.good (n integer)")
            let bad = try Self.next("CREATE TABLE postern.bad (n integer); SELECT 1/0", after: 1)
            let migrator = try Migrator(all + [good, bad], logger: Self.logger)
            var connection = try database.connect()
            #expect(
                throws: MigrationError.failed(
                    step: "migration \(bad.name)",
                    .refused(sqlstate: "22012", message: "division by zero")
                )
            ) { try migrator.migrate(&connection, within: StoreDatabase.deadline) }
            let status = try migrator.status(&connection, within: StoreDatabase.deadline)
            #expect(status.version == good.number)
            #expect(status.pending == [bad])
            #expect(try connection.texts("SELECT to_regclass('postern.bad') IS NULL") == ["true"])
            #expect(try connection.number("SELECT count(*) FROM pg_locks \(Self.ours)") == 0)
        }
    }

    @Test func `waits for locks without holding others up, and tries again`() async throws {
        try await StoreDatabase.with { database in
            let migrator = try Migrator(
                Migration.embedded() + [Self.next("ALTER TABLE postern.tiers ADD COLUMN more integer")],
                logger: Self.logger
            )
            let holding = Mutex(false)
            let holder = ConnectionThread.start(name: "holder") {
                // Longer than one attempt waits.
                try? Self.hold("postern.tiers", seconds: 5.5, in: database, holding)
            }
            var connection = try database.connect()
            while !holding.withLock({ $0 }) { _ = try connection.ask("SELECT pg_sleep(0.02)") }
            let report = try migrator.migrate(&connection, within: StoreDatabase.deadline)
            #expect(report.applied.count == 1)
            _ = holder
        }
    }

    @Test func `gives up when its time is over, and says that others were in the way`() async throws {
        try await StoreDatabase.withEmpty { database in
            var other = try database.connect()
            _ = try other.ask("SELECT pg_advisory_lock(1886614645, 1)")
            var connection = try database.connect()
            let migrator = try database.migrator()
            let error = #expect(throws: MigrationError.self) {
                try migrator.migrate(&connection, within: .milliseconds(500))
            }
            #expect(error?.code == "migration_busy")
            _ = try other.ask("SELECT pg_advisory_unlock(1886614645, 1)")
            try database.migrate()
        }
    }

    @Test func `refuses an applied migration whose contents or name changed`() async throws {
        try await StoreDatabase.with { database in
            var connection = try database.connect()
            let first = try #require(Migration.embedded().first)
            try connection.run("UPDATE postern.migrations SET digest = 'feed' WHERE number = 1")
            let changed = MigrationError.changed(name: first.name, applied: "feed", embedded: first.digest)
            #expect(throws: changed) { try database.migrate() }
            #expect(throws: changed) { try database.migrator().status(&connection, within: StoreDatabase.deadline) }
            try connection.run(
                "UPDATE postern.migrations SET digest = '\(first.digest)', name = '0001_x' WHERE number = 1"
            )
            #expect(
                throws: MigrationError.changed(name: "0001_x", applied: first.digest, embedded: first.digest)
            ) { try database.migrate() }
        }
    }

    @Test func `refuses a database that a newer program migrated`() async throws {
        try await StoreDatabase.with { database in
            let known = Int32(try Migration.embedded().count)
            var connection = try database.connect()
            try connection.run("INSERT INTO postern.migrations VALUES (\(known + 1), '0099_future', 'f')")
            #expect(throws: MigrationError.databaseNewer(database: known + 1, program: known)) {
                try database.migrate()
            }
        }
    }

    @Test func `refuses a gap in what was applied`() async throws {
        try await StoreDatabase.with { database in
            var connection = try database.connect()
            try connection.run("DELETE FROM postern.migrations WHERE number = 2")
            #expect(throws: MigrationError.gap(after: 1, found: 3)) { try database.migrate() }
        }
    }

    @Test func `keeps the number of lanes`() async throws {
        try await StoreDatabase.with { database in
            let other = StoreDatabase.lanes + 1
            #expect(throws: MigrationError.laneCount(database: Int64(StoreDatabase.lanes), requested: other)) {
                try database.migrate(lanes: other)
            }
            let lanes = try database.migrate(lanes: nil).lanes
            #expect(lanes == Int64(StoreDatabase.lanes))
        }
    }

    @Test(arguments: [-1, 0, 1025, Int32.max])
    func `refuses an impossible number of lanes`(lanes: Int32) async throws {
        try await StoreDatabase.withEmpty { database in
            #expect(throws: MigrationError.laneCountOutOfRange(lanes)) { try database.migrate(lanes: lanes) }
        }
    }

    @Test(arguments: [1, 1024] as [Int32])
    func `makes as many lanes as asked for`(lanes: Int32) async throws {
        try await StoreDatabase.withEmpty { database in
            #expect(try database.migrate(lanes: lanes).lanes == Int64(lanes))
            var connection = try database.connect()
            #expect(try connection.number("SELECT max(lane) + 1 FROM postern.lanes") == Int64(lanes))
        }
    }

    @Test func `is not led astray by the session's date style and time zone`() async throws {
        try await StoreDatabase.withEmpty { database in
            var connection = try database.connect(
                settings: [("DateStyle", "SQL, DMY"), ("TimeZone", "Pacific/Auckland"), ("search_path", "pg_temp")])
            _ = try database.migrator().migrate(&connection, within: StoreDatabase.deadline)
            var plain = try database.connect(settings: [("TimeZone", "UTC")])
            let bounds = try plain.texts(
                """
                SELECT c.relname || ' ' || pg_get_expr(c.relpartbound, c.oid) FROM pg_class c
                WHERE c.relname = 'events_' || to_char(now(), 'YYYYMMDD')
                """
            )
            let day = CivilDate(.now())
            let next = CivilDate(daysSince1970: day.daysSince1970 + 1)
            let name = day.description.filter { $0 != "-" }
            #expect(bounds == ["events_\(name) FOR VALUES FROM ('\(day) 00:00:00+00') TO ('\(next) 00:00:00+00')"])
        }
    }

    private static func next(_ sql: String, after: Int32 = 0) throws -> Migration {
        let number = Int32(try Migration.embedded().count) + 1 + after
        let digits = String(repeating: "0", count: 4 - String(number).count) + String(number)
        return try Migration(name: "\(digits)_test", contents: Array(sql.utf8))
    }

    private static func hold(
        _ table: String,
        seconds: Double,
        in database: StoreDatabase,
        _ holding: borrowing Mutex<Bool>
    ) throws {
        var connection = try database.connect()
        try connection.transaction(within: .seconds(20)) { connection throws(PostgresError) in
            try connection.run("LOCK TABLE \(table) IN ACCESS SHARE MODE")
            holding.withLock { $0 = true }
            _ = try connection.ask("SELECT pg_sleep(\(seconds))")
        }
    }
}
