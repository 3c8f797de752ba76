import PosternModel
import PosternPostgres
import PosternTesting
import Testing

@Suite(.timeLimit(.minutes(5))) struct PipelineTests {
    private static let insert = Statement("insert", "INSERT INTO work VALUES ($1) RETURNING n", [.int64])
    private static let count = Statement("count", "SELECT count(*) FROM work")

    private func withTable<Value: Sendable>(
        _ body: @escaping @Sendable (inout Connection) throws -> Value
    ) async throws -> Value {
        try await withConnection { connection in
            try connection.script("CREATE TEMPORARY TABLE work (n bigint PRIMARY KEY)", within: .seconds(5))
            return try body(&connection)
        }
    }

    private static func send(_ value: Int64, _ pipeline: inout Pipeline) throws(PostgresError) {
        var parameters = ParameterBuffer()
        parameters.append(value)
        try pipeline.send(Self.insert, parameters)
    }

    @Test(arguments: [0, 1, 2, 3, 500])
    func `every statement has its result, in order, and all are committed`(count: Int64) async throws {
        try await self.withTable { connection in
            for round in Int64(0)..<2 {
                let results = try connection.pipeline(within: .seconds(20)) { pipeline throws(PostgresError) in
                    for value in 0..<count { try Self.send(value + round * count, &pipeline) }
                }
                let values = try results.map { try $0.int64(0, 0) }
                #expect(values == (0..<count).map { $0 + round * count })
            }
            let number = try connection.number(Self.count)
            #expect(number == count * 2)
        }
    }

    @Test(arguments: [0, 1, 5, 9])
    func `an error anywhere undoes everything, and the first error is thrown`(position: Int64) async throws {
        try await self.withTable { connection in
            try connection.script("INSERT INTO work VALUES (100)", within: .seconds(5))
            let result = outcome {
                try connection.pipeline(within: .seconds(20)) { pipeline throws(PostgresError) in
                    for value in Int64(0)..<10 { try Self.send(value == position ? 100 : value, &pipeline) }
                    try pipeline.send(Statement("broken", "SELECT 1 / 0"))
                }
            }
            let number = try connection.number(Self.count)
            #expect(result == "conflict 23505 work_pkey")
            #expect(number == 1)
            let again = try connection.pipeline(within: .seconds(5)) { pipeline throws(PostgresError) in
                try Self.send(1, &pipeline)
            }
            #expect(again.count == 1)
        }
    }

    @Test func `a statement that cannot be prepared undoes everything and is not remembered`() async throws {
        try await self.withTable { connection in
            let late = Statement("late", "SELECT count(*) FROM late_table")
            let result = outcome {
                try connection.pipeline(within: .seconds(5)) { pipeline throws(PostgresError) in
                    try Self.send(1, &pipeline)
                    try pipeline.send(late)
                    try pipeline.send(late)
                }
            }
            #expect(result == "refused 42P01")
            try connection.script("CREATE TEMPORARY TABLE late_table (n int)", within: .seconds(5))
            let results = try connection.pipeline(within: .seconds(5)) { pipeline throws(PostgresError) in
                try pipeline.send(late)
                try pipeline.send(Self.count)
                try pipeline.send(late)
            }
            let counts = try results.map { try $0.int64(0, 0) }
            #expect(counts == [0, 0, 0])
        }
    }

    @Test func `statements prepared before an error are not prepared twice`() async throws {
        try await self.withTable { connection in
            for _ in 0..<3 {
                let result = outcome {
                    try connection.pipeline(within: .seconds(5)) { pipeline throws(PostgresError) in
                        try Self.send(1, &pipeline)
                        try Self.send(1, &pipeline)
                    }
                }
                #expect(result == "conflict 23505 work_pkey")
            }
        }
    }

    @Test func `an error at the commit is thrown`() async throws {
        try await self.withTable { connection in
            try connection.script(
                "CREATE TEMPORARY TABLE late (n bigint UNIQUE DEFERRABLE INITIALLY DEFERRED)",
                within: .seconds(5)
            )
            let insert = Statement("insert_late", "INSERT INTO late VALUES ($1)", [.int64])
            for _ in 0..<2 {
                let result = outcome {
                    try connection.pipeline(within: .seconds(5)) { pipeline throws(PostgresError) in
                        var parameters = ParameterBuffer()
                        parameters.append(Int64(1))
                        try pipeline.send(insert, parameters)
                        try pipeline.send(insert, parameters)
                    }
                }
                #expect(result == "conflict 23505 late_n_key")
            }
            let number = try connection.number(Statement("late", "SELECT count(*) FROM late"))
            #expect(number == 0)
        }
    }

    @Test(arguments: [0, 1, 10, 2000])
    func `a body that throws undoes what was sent`(sent: Int64) async throws {
        try await self.withTable { connection in
            let result = outcome {
                try connection.pipeline(within: .seconds(20)) { pipeline throws(PostgresError) in
                    for value in 0..<sent { try Self.send(value, &pipeline) }
                    throw .refused(sqlstate: "MINE0", message: "mine")
                }
            }
            let number = try connection.number(Self.count)
            #expect(result == "refused MINE0")
            #expect(number == 0)
            let nothing = try connection.pipeline(within: .seconds(5)) { _ in }
            #expect(nothing.isEmpty)
        }
    }

    @Test func `a statement whose preparation was not waited for can be used again`() async throws {
        try await self.withTable { connection in
            for round in Int64(0)..<3 {
                let given = outcome {
                    try connection.pipeline(within: .seconds(20)) { pipeline throws(PostgresError) in
                        try Self.send(round, &pipeline)
                        throw .refused(sqlstate: "MINE0", message: "mine")
                    }
                }
                #expect(given == "refused MINE0")
                let late = outcome {
                    try connection.pipeline(within: .milliseconds(100)) { pipeline throws(PostgresError) in
                        try Self.send(round, &pipeline)
                        try pipeline.send(Statement("sleep", "SELECT pg_sleep(30)"))
                    }
                }
                #expect(late == "deadline")
            }
            var parameters = ParameterBuffer()
            parameters.append(Int64(1))
            _ = try connection.query(Self.insert, parameters, within: .seconds(5))
            let number = try connection.number(Self.count)
            #expect(number == 1)
        }
    }

    @Test func `inside a transaction nothing is committed before its end`() async throws {
        let address = try TestDatabase.required().address
        try await TestDatabase(address: address).withDatabase { address in
            try await onThread {
                var connection = try Connection(configuration(address))
                var observer = try Connection(configuration(address))
                try connection.script("CREATE TABLE work (n bigint PRIMARY KEY)", within: .seconds(5))
                let seen = try connection.transaction(within: .seconds(10)) { connection throws(PostgresError) in
                    _ = try connection.pipeline(within: .seconds(5)) { pipeline throws(PostgresError) in
                        try Self.send(1, &pipeline)
                        try Self.send(2, &pipeline)
                    }
                    return try observer.query(Self.count, within: .seconds(5)).int64(0, 0)
                }
                let after = try observer.number(Self.count)
                #expect(seen == 0)
                #expect(after == 2)
                let result = outcome {
                    try connection.transaction(within: .seconds(10)) { connection throws(PostgresError) in
                        try connection.script("DELETE FROM work", within: .seconds(5))
                        _ = try connection.pipeline(within: .seconds(5)) { pipeline throws(PostgresError) in
                            try Self.send(3, &pipeline)
                            try Self.send(3, &pipeline)
                        }
                    }
                }
                let kept = try observer.number(Self.count)
                #expect(result == "conflict 23505 work_pkey")
                #expect(kept == 2)
            }
        }
    }

    @Test func `a deadline undoes everything that was not committed`() async throws {
        try await self.withTable { connection in
            let start = ContinuousClock.now
            let result = outcome {
                try connection.pipeline(within: .milliseconds(300)) { pipeline throws(PostgresError) in
                    try Self.send(1, &pipeline)
                    try pipeline.send(Statement("sleep", "SELECT pg_sleep(30)"))
                    try Self.send(2, &pipeline)
                }
            }
            let number = try connection.number(Self.count)
            #expect(result == "deadline")
            #expect(number == 0)
            #expect(ContinuousClock.now - start < .seconds(5))
        }
    }

    @Test func `results larger than the socket's buffers do not block the sending`() async throws {
        try await self.withTable { connection in
            // Each statement sends 100 kB and gets 100 kB back: without reading while sending, both sides would wait.
            let echo = Statement("echo", "SELECT $1", [.bytes])
            var parameters = ParameterBuffer()
            parameters.append(bytes: [UInt8](repeating: 7, count: 100_000))
            let results = try connection.pipeline(within: .seconds(30)) { pipeline throws(PostgresError) in
                for _ in 0..<300 { try pipeline.send(echo, parameters) }
            }
            #expect(results.count == 300)
            let last = try results[299].bytes(0, 0).count
            #expect(last == 100_000)
        }
    }

    @Test func `a deadline while the socket is full ends the sending`() async throws {
        try await self.withTable { connection in
            let echo = Statement("swallow", "SELECT octet_length($1), pg_sleep(0.05)", [.bytes])
            var parameters = ParameterBuffer()
            parameters.append(bytes: [UInt8](repeating: 7, count: 1_000_000))
            let start = ContinuousClock.now
            let result = outcome {
                try connection.pipeline(within: .milliseconds(300)) { pipeline throws(PostgresError) in
                    for _ in 0..<1000 { try pipeline.send(echo, parameters) }
                }
            }
            #expect(result == "deadline")
            #expect(ContinuousClock.now - start < .seconds(5))
            let isUsable = connection.isUsable
            if isUsable {
                let number = try connection.number(Self.count)
                #expect(number == 0)
            }
        }
    }

    @Test func `a batch of 256 rows with 2560 parameters goes out in one pipeline`() async throws {
        try await withConnection { connection in
            try connection.script(
                """
                CREATE TEMPORARY TABLE log (
                    lane int, writer bigint, sequence bigint, id uuid, org uuid, endpoint uuid, received timestamptz,
                    headers bytea, body bytea, platform text)
                """,
                within: .seconds(5)
            )
            let row: [PostgresType] = [
                .int32, .int64, .int64, .uuid, .uuid, .uuid, .timestamp, .bytes, .bytes, .text,
            ]
            let values = (0..<256).map { row in
                "(" + (1...10).map { "$\(row * 10 + $0)" }.joined(separator: ", ") + ")"
            }
            let insert = Statement(
                "log",
                variant: 256,
                "INSERT INTO log VALUES " + values.joined(separator: ", "),
                (0..<256).flatMap { _ in row }
            )
            var parameters = ParameterBuffer(parameters: 2560, bytes: 400_000)
            let body = [UInt8](repeating: 0x5A, count: 1024)
            for round in 0..<3 {
                parameters.removeAll()
                for index in 0..<256 {
                    parameters.append(Int32(index))
                    parameters.append(Int64(round))
                    parameters.append(Int64(index))
                    for _ in 0..<3 { parameters.append(UniqueID(high: 1, low: UInt64(index))) }
                    parameters.append(Timestamp(seconds: 1_000_000))
                    parameters.append(bytes: body)
                    parameters.append(bytes: body)
                    parameters.append("github")
                }
                let results = try connection.pipeline(within: .seconds(10)) { pipeline throws(PostgresError) in
                    try pipeline.send(insert, parameters)
                }
                #expect(results.map(\.affected) == [256])
            }
            let number = try connection.number(
                Statement("logged", "SELECT count(*) FROM log WHERE length(body) = 1024")
            )
            #expect(number == 768)
        }
    }
}
