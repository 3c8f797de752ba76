import Logging
import PosternPostgres
import PosternTesting
import Testing

@Suite(.timeLimit(.minutes(5))) struct DatabaseTests {
    private static let logger = Logger(label: "tests") { _ in SwiftLogNoOpLogHandler() }
    private static let one = Statement("one", "SELECT 1::bigint")
    private static let pid = Statement("pid", "SELECT pg_backend_pid()")

    /// Lends a database over the shared test server and shuts it down.
    private func withDatabase<Value>(
        connections: Int = 2,
        queueLimit: Int = 1024,
        address: String? = nil,
        _ body: (Database) async throws -> Value
    ) async throws -> Value {
        let address = try address ?? TestDatabase.required().address
        let database = Database(
            configuration(address),
            connections: connections,
            queueLimit: queueLimit,
            logger: Self.logger
        )
        let outcome: Result<Value, any Error>
        do {
            outcome = .success(try await body(database))
        } catch {
            outcome = .failure(error)
        }
        await database.shutdown()
        return try outcome.get()
    }

    @Test func `work runs and its value comes back`() async throws {
        try await self.withDatabase { database in
            for _ in 0..<100 {
                let value = try await database.run(within: .seconds(20)) { connection throws(PostgresError) in
                    try connection.query(Self.one, within: .seconds(5)).int64(0, 0)
                }
                #expect(value == 1)
            }
        }
    }

    @Test func `its error comes back`() async throws {
        try await self.withDatabase { database in
            let result = await outcome {
                try await database.run(within: .seconds(20)) { connection throws(PostgresError) in
                    try connection.script("SELECT 1 / 0", within: .seconds(5))
                }
            }
            #expect(result == "refused 22012")
        }
    }

    @Test func `a thousand pieces of work at once all end`() async throws {
        try await self.withDatabase(connections: 3) { database in
            let sum = try await withThrowingTaskGroup(of: Int64.self) { group in
                for _ in 0..<1000 {
                    group.addTask {
                        try await database.run(within: .seconds(50)) { connection throws(PostgresError) in
                            try connection.query(Self.one, within: .seconds(40)).int64(0, 0)
                        }
                    }
                }
                return try await group.reduce(0, +)
            }
            #expect(sum == 1000)
        }
    }

    @Test func `a full queue refuses with a retry`() async throws {
        try await self.withDatabase(connections: 1, queueLimit: 2) { database in
            let entered = AsyncStream<Void>.makeStream()
            let gate = try WaitingBell()
            let results = await withTaskGroup(of: String.self) { group in
                group.addTask {
                    await outcome {
                        try await database.run(within: .seconds(50)) { _ throws(PostgresError) in
                            entered.continuation.finish()
                            _ = gate.wait(within: .seconds(40))
                        }
                    }
                }
                for await _ in entered.stream {}
                for _ in 0..<5 {
                    group.addTask {
                        await outcome { try await database.run(within: .seconds(50)) { _ throws(PostgresError) in } }
                    }
                }
                var results: [String] = []
                for await result in group {
                    results.append(result)
                    if results.count == 3 { gate.ring() }
                }
                return results.sorted()
            }
            #expect(results == ["done", "done", "done", "retry 53300", "retry 53300", "retry 53300"])
        }
    }

    @Test func `waiting for a busy connection ends with the limit`() async throws {
        try await self.withDatabase(connections: 1) { database in
            let entered = AsyncStream<Void>.makeStream()
            let gate = try WaitingBell()
            async let busy: Void = database.run(within: .seconds(50)) { _ throws(PostgresError) in
                entered.continuation.finish()
                _ = gate.wait(within: .seconds(40))
            }
            for await _ in entered.stream {}
            let start = ContinuousClock.now
            let result = await outcome {
                try await database.run(within: .milliseconds(100)) { _ throws(PostgresError) in }
            }
            #expect(result == "deadline")
            #expect(ContinuousClock.now - start >= .milliseconds(100))
            gate.ring()
            try await busy
        }
    }

    @Test func `the limit covers the work too`() async throws {
        try await self.withDatabase { database in
            _ = try await database.run(within: .seconds(20)) { _ throws(PostgresError) in }
            let start = ContinuousClock.now
            let result = await outcome {
                try await database.run(within: .milliseconds(200)) { connection throws(PostgresError) in
                    try connection.script("SELECT pg_sleep(50)", within: .seconds(50))
                }
            }
            #expect(result == "deadline")
            #expect(ContinuousClock.now - start < .seconds(30))
        }
    }

    @Test func `without a server the limit ends the wait and says why`() async throws {
        try await self.withDatabase(address: "host=/nonexistent dbname=none user=nobody") { database in
            do {
                try await database.run(within: .milliseconds(200)) { _ throws(PostgresError) in }
                Issue.record("ran without a server")
            } catch PostgresError.unreachable(let reason) {
                #expect(reason.contains("/nonexistent"))
            }
        }
    }

    @Test func `canceling the task cancels the statement and the connection goes on`() async throws {
        try await self.withDatabase(connections: 1) { database in
            let entered = AsyncStream<Void>.makeStream()
            let before = try await database.run(within: .seconds(20)) { connection throws(PostgresError) in
                connection.backendPID
            }
            let task = Task {
                await outcome {
                    try await database.run(within: .seconds(50)) { connection throws(PostgresError) in
                        entered.continuation.finish()
                        try connection.script("SELECT pg_sleep(50)", within: .seconds(50))
                    }
                }
            }
            for await _ in entered.stream {}
            task.cancel()
            #expect(await task.value == "deadline")
            let after = try await database.run(within: .seconds(20)) { connection throws(PostgresError) in
                try connection.query(Self.pid, within: .seconds(5)).int32(0, 0)
            }
            #expect(after == before)
        }
    }

    @Test func `work canceled while it waits never runs`() async throws {
        try await self.withDatabase(connections: 1) { database in
            let entered = AsyncStream<Void>.makeStream()
            let gate = try WaitingBell()
            let runs = Tally()
            async let busy: Void = database.run(within: .seconds(50)) { _ throws(PostgresError) in
                entered.continuation.finish()
                _ = gate.wait(within: .seconds(40))
            }
            for await _ in entered.stream {}
            let result = await withTaskGroup(of: String.self) { group in
                group.addTask {
                    await outcome {
                        try await database.run(within: .seconds(50)) { _ throws(PostgresError) in
                            runs.add()
                        }
                    }
                }
                group.cancelAll()
                return await group.next()
            }
            #expect(result == "deadline")
            gate.ring()
            try await busy
            #expect(runs.value == 0)
        }
    }

    @Test func `cancellations at any moment end every call once and harm no other`() async throws {
        try await self.withDatabase(connections: 2) { database in
            for round in 0..<200 {
                let task = Task {
                    await outcome {
                        try await database.run(within: .seconds(50)) { connection throws(PostgresError) in
                            try connection.query(Self.one, within: .seconds(40)).int64(0, 0)
                        }
                    }
                }
                for _ in 0..<(round % 20) { await Task.yield() }
                task.cancel()
                let result = await task.value
                #expect(result == "deadline" || result == "done")
                let value = try await database.run(within: .seconds(50)) { connection throws(PostgresError) in
                    try connection.query(Self.one, within: .seconds(40)).int64(0, 0)
                }
                #expect(value == 1)
            }
        }
    }

    @Test func `a transaction left open is rolled back before the next work`() async throws {
        try await self.withDatabase(connections: 1) { database in
            try await database.run(within: .seconds(20)) { connection throws(PostgresError) in
                try connection.script("BEGIN; SET LOCAL app.leak = 'leaked'", within: .seconds(5))
            }
            let leaked = try await database.run(within: .seconds(20)) { connection throws(PostgresError) in
                try connection.query(
                    Statement("leak", "SELECT COALESCE(current_setting('app.leak', true), '')"),
                    within: .seconds(5)
                ).text(0, 0)
            }
            #expect(leaked == "")
        }
    }

    @Test func `a terminated idle connection is replaced before anybody notices`() async throws {
        try await self.withDatabase(connections: 1) { database in
            let pid = try await database.run(within: .seconds(20)) { connection throws(PostgresError) in
                connection.backendPID
            }
            try await withConnection { connection in
                try connection.script("SELECT pg_terminate_backend(\(pid), 20000)", within: .seconds(30))
            }
            let next = try await database.run(within: .seconds(20)) { connection throws(PostgresError) in
                try connection.query(Self.pid, within: .seconds(5)).int32(0, 0)
            }
            #expect(next != pid)
        }
    }

    @Test func `a connection terminated under work fails that work alone`() async throws {
        try await self.withDatabase(connections: 1) { database in
            let result = await outcome {
                try await database.run(within: .seconds(20)) { connection throws(PostgresError) in
                    try connection.script("SELECT pg_terminate_backend(pg_backend_pid())", within: .seconds(5))
                }
            }
            #expect(result == "retry 57P01")
            let value = try await database.run(within: .seconds(20)) { connection throws(PostgresError) in
                try connection.query(Self.one, within: .seconds(5)).int64(0, 0)
            }
            #expect(value == 1)
        }
    }

    @Test func `shutdown lets running work finish and fails what waits and what comes`() async throws {
        let database = Database(
            configuration(try TestDatabase.required().address),
            connections: 1,
            logger: Self.logger
        )
        let entered = AsyncStream<Void>.makeStream()
        let gate = try WaitingBell()
        async let running = outcome {
            try await database.run(within: .seconds(50)) { connection throws(PostgresError) in
                entered.continuation.finish()
                _ = gate.wait(within: .seconds(40))
                try connection.script("SELECT 1", within: .seconds(5))
            }
        }
        for await _ in entered.stream {}
        async let waiting = outcome {
            try await database.run(within: .seconds(50)) { _ throws(PostgresError) in }
        }
        async let stopped: Void = database.shutdown()
        let waited = await waiting
        #expect(waited == "unreachable")
        gate.ring()
        let ran = await running
        #expect(ran == "done")
        await stopped
        let late = await outcome { try await database.run(within: .seconds(5)) { _ throws(PostgresError) in } }
        #expect(late == "unreachable")
        await database.shutdown()
    }

    @Test func `shutdown does not wait for a server that does not answer`() async throws {
        // 203.0.113.0/24 is reserved for documentation: nothing answers there.
        let database = Database(
            configuration("host=203.0.113.1 port=9 dbname=none user=nobody"),
            connections: 2,
            logger: Self.logger
        )
        let start = ContinuousClock.now
        await database.shutdown()
        #expect(ContinuousClock.now - start < .seconds(10))
    }
}
