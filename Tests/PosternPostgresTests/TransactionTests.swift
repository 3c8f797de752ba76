import PosternModel
import PosternPostgres
import PosternTesting
import Testing

@Suite(.timeLimit(.minutes(5))) struct TransactionTests {
    private static let insert = Statement("insert", "INSERT INTO work VALUES ($1)", [.int64])
    private static let count = Statement("count", "SELECT count(*) FROM work")
    private static let id = Statement("id", "SELECT COALESCE(pg_current_xact_id_if_assigned()::text::bigint, 0)")

    /// Lends a connection with an empty table `work` of its own.
    private func withTable<Value: Sendable>(
        _ body: @escaping @Sendable (inout Connection) throws -> Value
    ) async throws -> Value {
        try await withConnection { connection in
            try connection.script("CREATE TEMPORARY TABLE work (n bigint PRIMARY KEY)", within: .seconds(5))
            return try body(&connection)
        }
    }

    private static func insert(_ value: Int64, _ connection: inout Connection) throws(PostgresError) {
        var parameters = ParameterBuffer()
        parameters.append(value)
        _ = try connection.query(Self.insert, parameters, within: .seconds(5))
    }

    @Test func `what the body did is there after the commit`() async throws {
        try await self.withTable { connection in
            let value = try connection.transaction(within: .seconds(5)) { connection throws(PostgresError) in
                try Self.insert(1, &connection)
                try Self.insert(2, &connection)
                return 7
            }
            let number = try connection.number(Self.count)
            #expect(value == 7)
            #expect(number == 2)
        }
    }

    @Test func `an error of the body rolls back and is thrown on`() async throws {
        try await self.withTable { connection in
            let result = outcome {
                try connection.transaction(within: .seconds(5)) { connection throws(PostgresError) in
                    try Self.insert(1, &connection)
                    throw .refused(sqlstate: "MINE0", message: "mine")
                }
            }
            let number = try connection.number(Self.count)
            #expect(result == "refused MINE0")
            #expect(number == 0)
        }
    }

    @Test func `a failed statement rolls back`() async throws {
        try await self.withTable { connection in
            let result = outcome {
                try connection.transaction(within: .seconds(5)) { connection throws(PostgresError) in
                    try Self.insert(1, &connection)
                    try Self.insert(1, &connection)
                }
            }
            let number = try connection.number(Self.count)
            #expect(result == "conflict 23505 work_pkey")
            #expect(number == 0)
        }
    }

    @Test func `a swallowed error is not mistaken for a commit`() async throws {
        try await self.withTable { connection in
            let result = outcome {
                try connection.transaction(within: .seconds(5)) { connection throws(PostgresError) in
                    try Self.insert(1, &connection)
                    do throws(PostgresError) {
                        try Self.insert(1, &connection)
                    } catch {
                        #expect(error.sqlstate == "23505")
                    }
                }
            }
            let number = try connection.number(Self.count)
            #expect(result == "refused 25P02")
            #expect(number == 0)
        }
    }

    @Test func `a body that commits by itself is refused`() async throws {
        try await self.withTable { connection in
            let result = outcome {
                try connection.transaction(within: .seconds(5)) { connection throws(PostgresError) in
                    try connection.script("COMMIT", within: .seconds(5))
                }
            }
            #expect(result == "refused 25P01")
            try connection.transaction(within: .seconds(5)) { connection throws(PostgresError) in
                try Self.insert(1, &connection)
            }
        }
    }

    @Test func `an error at the commit itself is thrown`() async throws {
        try await self.withTable { connection in
            try connection.script(
                "CREATE TEMPORARY TABLE late (n int UNIQUE DEFERRABLE INITIALLY DEFERRED)",
                within: .seconds(5)
            )
            let result = outcome {
                try connection.transaction(within: .seconds(5)) { connection throws(PostgresError) in
                    try connection.script("INSERT INTO late VALUES (1), (1)", within: .seconds(5))
                }
            }
            let number = try connection.number(Statement("late", "SELECT count(*) FROM late"))
            #expect(result == "conflict 23505 late_n_key")
            #expect(number == 0)
        }
    }

    @Test func `the limit covers the whole transaction`() async throws {
        try await self.withTable { connection in
            let start = ContinuousClock.now
            let result = outcome {
                try connection.transaction(within: .milliseconds(200)) { connection throws(PostgresError) in
                    try Self.insert(1, &connection)
                    try connection.script("SELECT pg_sleep(30)", within: .seconds(60))
                }
            }
            let number = try connection.number(Self.count)
            #expect(result == "deadline")
            #expect(ContinuousClock.now - start < .seconds(5))
            #expect(number == 0)
        }
    }

    @Test func `the opening sets what holds in the transaction only`() async throws {
        try await self.withTable { connection in
            let setting = Statement("setting", "SELECT current_setting('app.current_org_id', true)")
            let inside = try connection.transaction(
                opening: "BEGIN ISOLATION LEVEL REPEATABLE READ; SET LOCAL app.current_org_id = 'one'",
                within: .seconds(5)
            ) { connection throws(PostgresError) in
                try connection.query(setting, within: .seconds(5)).text(0, 0)
            }
            let after = try connection.query(setting, within: .seconds(5)).text(0, 0)
            #expect(inside == "one")
            #expect(after == "")
        }
    }

    @Test func `an opening that fails half way leaves no transaction open`() async throws {
        try await self.withTable { connection in
            let result = outcome {
                try connection.transaction(opening: "BEGIN; SET LOCAL no_such = 1", within: .seconds(5)) { _ in }
            }
            let number = try connection.number(Self.id)
            #expect(result == "refused 42704")
            #expect(number == 0)
            try connection.script("SELECT 1", within: .seconds(5))
        }
    }

    @Test func `a serialization failure is a retry`() async throws {
        let address = try TestDatabase.required().address
        let result = try await TestDatabase(address: address).withDatabase { address in
            await outcome {
                try await onThread {
                    var first = try Connection(configuration(address))
                    var second = try Connection(configuration(address))
                    try first.script("CREATE TABLE shared (n int); INSERT INTO shared VALUES (0)", within: .seconds(5))
                    let opening = "BEGIN ISOLATION LEVEL REPEATABLE READ; SELECT * FROM shared"
                    try first.transaction(opening: opening, within: .seconds(20)) { first throws(PostgresError) in
                        try second.script("UPDATE shared SET n = 1", within: .seconds(5))
                        try first.script("UPDATE shared SET n = 2", within: .seconds(5))
                    }
                }
            }
        }
        #expect(result == "retry 40001")
    }
}
