import PosternModel
import PosternPostgres
import PosternStore
import PosternTesting
import Synchronization
import Testing

@Suite struct PipelineStatusTests {
    private static let within = StoreDatabase.deadline

    @Test(arguments: [StoreDatabase.Role.gateway, .consumer, .operator])
    func `finds nothing to do in an empty pipeline, and says what is not running`(
        role: StoreDatabase.Role
    ) async throws {
        try await StoreDatabase.with { database in
            var connection = try database.connect(role)
            let status = try PipelineStatus.load(&connection, within: Self.within)
            #expect(status.database.schemaVersion == Int32(try Migration.embedded().count))
            #expect(!status.database.isInRecovery)
            #expect(status.database.lanes == StoreDatabase.lanes)
            #expect(status.database.missingPartitions == [])
            #expect(abs(status.database.now.microseconds(since: .now())) < 60_000_000)
            #expect(status.pendingDeliveries == 0)
            #expect(status.oldestUnread == [:])
            #expect(status.backlogAge == nil)
            #expect(status.lanesWithoutOwner == StoreDatabase.lanes)
            #expect(status.pendingRetries.count == 0 && !status.pendingRetries.isBounded)
            #expect(status.openDeadLetters.count == 0 && !status.openDeadLetters.isBounded)
            #expect(status.oldestSnapshot.isComplete)
        }
    }

    @Test(arguments: StoreDatabase.Role.allCases)
    func `tells each role about the database`(role: StoreDatabase.Role) async throws {
        try await StoreDatabase.with { database in
            var connection = try database.connect(role)
            let status = try DatabaseStatus.load(&connection, within: Self.within)
            #expect(status.lanes == StoreDatabase.lanes)
            #expect(status.missingPartitions == [])
        }
    }

    @Test(arguments: Partitions.Table.allCases)
    func `names a table that has no partition for tomorrow`(table: Partitions.Table) async throws {
        try await StoreDatabase.with { database in
            let tomorrow = CivilDate(daysSince1970: CivilDate(.now()).daysSince1970 + 1)
            var superuser = try database.connect()
            try superuser.run("DROP TABLE postern.\(table.rawValue)_\(tomorrow.description.filter { $0 != "-" })")
            var connection = try database.connect(.gateway)
            #expect(try DatabaseStatus.load(&connection, within: Self.within).missingPartitions == [table])
            try Partitions.ensure(&connection, within: Self.within)
            #expect(try DatabaseStatus.load(&connection, within: Self.within).missingPartitions == [])
        }
    }

    @Test func `counts lanes whose lease is over as lanes without an owner`() async throws {
        try await StoreDatabase.with { database in
            var superuser = try database.connect()
            try superuser.run(
                """
                UPDATE postern.lanes SET owner = gen_random_uuid() WHERE lane < 6;
                INSERT INTO postern.consumers (id, host, leased_until)
                SELECT owner, 'h', now() + CASE WHEN lane < 3 THEN interval '-1 second' ELSE interval '1 minute' END
                FROM postern.lanes WHERE lane BETWEEN 1 AND 5
                """
            )
            var connection = try database.connect(.operator)
            #expect(try PipelineStatus.load(&connection, within: Self.within).lanesWithoutOwner == 3 + 2)
        }
    }

    @Test func `counts retries and open dead letters up to a bound`() async throws {
        try await StoreDatabase.with { database in
            var superuser = try database.connect()
            var connection = try database.connect(.consumer)
            func letters(_ from: Int, _ to: Int) throws {
                try superuser.run(
                    """
                    INSERT INTO postern.webhook_dead_letter_queue (lane, id, webhook_id, org_id, endpoint_id, platform,
                        headers, payload, failure_reason, failure_detail, attempts_made, review_state, created_at)
                    SELECT 0, gen_random_uuid(), gen_random_uuid(), gen_random_uuid(), gen_random_uuid(), 'x', '', '',
                        'r', 'd', 1, CASE WHEN n < 0 THEN 'resolved' ELSE 'open' END, now()
                    FROM generate_series(\(from), \(to)) n
                    """
                )
            }
            try letters(-5, 9_999)
            try superuser.run(
                """
                INSERT INTO postern.webhook_retry_queue (lane, id, webhook_id, org_id, endpoint_id, platform, headers,
                    payload, attempt_number, scheduled_at, failure_reason, failure_detail, created_at)
                SELECT 0, gen_random_uuid(), gen_random_uuid(), gen_random_uuid(), gen_random_uuid(), 'x', '', '', 1,
                    now(), 'r', 'd', now() FROM generate_series(1, 3)
                """
            )
            var status = try PipelineStatus.load(&connection, within: Self.within)
            #expect(status.openDeadLetters.count == 10_000)
            #expect(!status.openDeadLetters.isBounded)
            #expect(status.pendingRetries.count == 3)
            try letters(10_000, 10_000)
            status = try PipelineStatus.load(&connection, within: Self.within)
            #expect(status.openDeadLetters.count == PipelineStatus.BoundedCount.bound)
            #expect(status.openDeadLetters.isBounded)
        }
    }

    @Test func `sees the snapshot that a forgotten transaction holds, of whichever user`() async throws {
        try await StoreDatabase.with { database in
            var forgotten = try database.connect(.gateway)
            var connection = try database.connect(.consumer)
            var other = try database.connect()
            try other.run("CREATE TABLE postern.churn (n integer)")
            try forgotten.transaction(opening: "BEGIN ISOLATION LEVEL REPEATABLE READ", within: Self.within) {
                forgotten throws(PostgresError) in
                _ = try forgotten.ask("SELECT count(*) FROM postern.endpoints")
                for _ in 0..<30 { try other.run("INSERT INTO postern.churn VALUES (1)") }
                _ = try other.ask("SELECT pg_sleep(0.2)")
                let status = try PipelineStatus.load(&connection, within: Self.within)
                #expect(status.oldestSnapshot.transactions >= 30)
                #expect(status.oldestSnapshot.seconds >= 0.2)
                #expect(status.oldestSnapshot.isComplete)
            }
        }
    }
}
