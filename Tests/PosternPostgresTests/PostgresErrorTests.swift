import PosternPostgres
import PosternTesting
import Testing

@Suite(.timeLimit(.minutes(5))) struct PostgresErrorTests {
    @Test(arguments: [
        ("40001", "retry 40001"), ("40P01", "retry 40P01"), ("40003", "retry 40003"), ("55P03", "retry 55P03"),
        ("55006", "retry 55006"), ("57014", "retry 57014"), ("57P01", "retry 57P01"), ("57P02", "retry 57P02"),
        ("57P03", "retry 57P03"), ("57P05", "retry 57P05"), ("53000", "retry 53000"), ("53100", "retry 53100"),
        ("53200", "retry 53200"), ("53300", "retry 53300"), ("25006", "retry 25006"), ("25P03", "retry 25P03"),
        ("58030", "retry 58030"), ("26000", "retry 26000"),
        ("23000", "conflict 23000 -"), ("23502", "conflict 23502 -"), ("23503", "conflict 23503 -"),
        ("23505", "conflict 23505 -"), ("23514", "conflict 23514 -"), ("23P01", "conflict 23P01 -"),
        ("08006", "unreachable"),
        ("22012", "refused 22012"), ("25P02", "refused 25P02"), ("42501", "refused 42501"), ("42P01", "refused 42P01"),
        ("0A000", "refused 0A000"), ("57P04", "refused 57P04"), ("55000", "refused 55000"), ("44000", "refused 44000"),
        ("P0001", "refused P0001"), ("XX000", "refused XX000"), ("99999", "refused 99999"),
    ])
    func `a SQLSTATE is sorted by what the caller can do`(sqlstate: String, expected: String) async throws {
        let result = await outcome {
            try await withConnection { connection in
                try connection.script(
                    "DO $$ BEGIN RAISE EXCEPTION 'raised' USING ERRCODE = '\(sqlstate)'; END $$",
                    within: .seconds(5)
                )
            }
        }
        #expect(result == expected)
    }

    @Test(arguments: [
        ("INSERT INTO parents VALUES (1)", "conflict 23505 parents_pkey"),
        ("INSERT INTO parents VALUES (NULL)", "conflict 23502 -"),
        ("INSERT INTO children VALUES (2, 1)", "conflict 23503 child_of_parent"),
        ("INSERT INTO children VALUES (1, -1)", "conflict 23514 size_is_positive"),
    ])
    func `a conflict names its constraint`(sql: String, expected: String) async throws {
        let result = await outcome {
            try await withConnection { connection in
                try connection.script(
                    """
                    CREATE TEMPORARY TABLE parents (id int PRIMARY KEY);
                    CREATE TEMPORARY TABLE children (
                        parent int CONSTRAINT child_of_parent REFERENCES parents,
                        size int CONSTRAINT size_is_positive CHECK (size > 0)
                    );
                    INSERT INTO parents VALUES (1)
                    """,
                    within: .seconds(5)
                )
                try connection.script(sql, within: .seconds(5))
            }
        }
        #expect(result == expected)
    }

    @Test func `an error does not quote the row`() async throws {
        do {
            try await withConnection { connection in
                try connection.script(
                    "CREATE TEMPORARY TABLE people (n text PRIMARY KEY); INSERT INTO people VALUES ('a@example.com')",
                    within: .seconds(5)
                )
                try connection.script("INSERT INTO people VALUES ('a@example.com')", within: .seconds(5))
            }
            Issue.record("no conflict")
        } catch let error as PostgresError {
            #expect(error.sqlstate == "23505")
            #expect(!error.description.contains("example.com"))
        }
    }

    @Test func `a lock timeout and a deadlock are retries`() async throws {
        let address = try TestDatabase.required().address
        let result = await outcome {
            try await onThread {
                var holder = try Connection(configuration(address))
                var waiter = try Connection(configuration(address))
                try holder.script("SELECT pg_advisory_lock(74123)", within: .seconds(5))
                try waiter.script("SET lock_timeout = '50ms'; SELECT pg_advisory_lock(74123)", within: .seconds(5))
            }
        }
        #expect(result == "retry 55P03")
    }
}
