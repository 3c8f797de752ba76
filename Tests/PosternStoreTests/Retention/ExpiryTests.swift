import PosternModel
import PosternPostgres
import PosternStore
import Testing

@Suite struct ExpiryTests {
    @Test func `forgets keys of one lane that were seen before a time, oldest first`() async throws {
        try await StoreDatabase.with { database in
            var superuser = try database.connect()
            try superuser.run(
                """
                INSERT INTO postern.event_keys
                SELECT lane, gen_random_uuid(), gen_random_uuid(), gen_random_uuid(), to_timestamp(1000 + n)
                FROM generate_series(0, 1) lane, generate_series(1, 10) n
                """
            )
            var connection = try database.connect(.consumer)
            func expire(_ seconds: Int64, _ atMost: Int64) throws -> Int {
                try Expiry.eventKeys(
                    of: Lane(1),
                    seenBefore: Timestamp(seconds: seconds),
                    atMost: atMost,
                    &connection,
                    within: StoreDatabase.deadline
                )
            }
            #expect(try expire(1001, 100) == 0)
            #expect(try expire(1002, 100) == 1)
            #expect(try expire(1006, 3) == 3)
            #expect(
                try superuser.texts(
                    "SELECT extract(epoch FROM seen_at)::int FROM postern.event_keys WHERE lane = 1 ORDER BY 1"
                )
                    == ["1005", "1006", "1007", "1008", "1009", "1010"]
            )
            #expect(try expire(9999, 100) == 6)
            #expect(try superuser.number("SELECT count(*) FROM postern.event_keys WHERE lane = 0") == 10)
        }
    }

    @Test func `finds the oldest keys by their index, not by reading the ledger`() async throws {
        try await StoreDatabase.with { database in
            var connection = try database.connect()
            try connection.run(
                """
                INSERT INTO postern.event_keys
                SELECT n % 8, gen_random_uuid(), gen_random_uuid(), gen_random_uuid(), to_timestamp(n)
                FROM generate_series(1, 40000) n;
                ANALYZE postern.event_keys
                """
            )
            _ = try Expiry.eventKeys(
                of: Lane(0),
                seenBefore: Timestamp(seconds: 1),
                &connection,
                within: StoreDatabase.deadline
            )
            let plan = try connection.plan(of: "event_keys_expire", ["3", "to_timestamp(20000)", "100"])
            #expect(plan.contains("Index Scan using event_keys_by_age"))
            #expect(plan.contains("Tid Scan on event_keys"))
            #expect(!plan.contains("Seq Scan") && !plan.contains("->  Sort"))
        }
    }

    @Test func `forgets writers drained long ago and no others`() async throws {
        try await StoreDatabase.with { database in
            var superuser = try database.connect()
            try superuser.run(
                """
                INSERT INTO postern.writers (gateway, drained_at) VALUES
                    ('open', NULL), ('young', now() - interval '2 days' + interval '1 minute'),
                    ('old', now() - interval '2 days' - interval '1 minute'), ('older', now() - interval '9 days')
                """
            )
            var connection = try database.connect(.consumer)
            #expect(try Expiry.writers(keepDays: 2, atMost: 1, &connection, within: StoreDatabase.deadline) == 1)
            #expect(try Expiry.writers(keepDays: 2, &connection, within: StoreDatabase.deadline) == 1)
            #expect(try Expiry.writers(keepDays: 2, &connection, within: StoreDatabase.deadline) == 0)
            #expect(try superuser.texts("SELECT gateway FROM postern.writers ORDER BY id") == ["open", "young"])
            let error = #expect(throws: PostgresError.self) {
                try Expiry.writers(keepDays: 0, &connection, within: StoreDatabase.deadline)
            }
            #expect(error?.sqlstate == "22023")
        }
    }
}
