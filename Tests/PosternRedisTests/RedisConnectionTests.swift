import PosternModel
import PosternRedis
import PosternTesting
import Testing

@Suite(.timeLimit(.minutes(5))) struct RedisConnectionTests {
    private static let limit = Duration.seconds(10)

    private static func connect(_ server: RedisServer, _ text: String? = nil) throws -> RedisConnection {
        try RedisConnection.connect(RedisAddress(text ?? server.socket), within: Self.limit)
    }

    private static func ask(_ words: String..., of connection: inout RedisConnection) throws -> RedisReply {
        var pipeline = RedisPipeline()
        pipeline.append(words)
        return try #require(try connection.run(pipeline, within: Self.limit).first)
    }

    @Test func `gives every kind of answer, in the order of the commands`() async throws {
        try await RedisServer.with { server in
            try await onThread {
                var connection = try Self.connect(server)
                var pipeline = RedisPipeline(bytes: 1024)
                pipeline.append("SET", "key", "value")
                pipeline.append("GET", "key")
                pipeline.append("GET", "none")
                pipeline.append("INCR", "number")
                pipeline.append("INCR", "key")
                pipeline.append("HSET", "hash", "a", "1", "b", "2")
                pipeline.append("HGETALL", "hash")
                pipeline.append("HGETALL", "none")
                pipeline.append([])
                #expect(pipeline.count == 8)
                let replies = try connection.run(pipeline, within: Self.limit)
                #expect(
                    replies == [
                        .status("OK"), .bytes(Array("value".utf8)), .null, .integer(1),
                        .error("ERR value is not an integer or out of range"), .integer(2),
                        .array(["a", "1", "b", "2"].map { .bytes(Array($0.utf8)) }), .array([]),
                    ]
                )
                #expect(replies.compactMap(\.failure).count == 1)
                #expect(replies.map { $0.text ?? "-" } == ["OK", "value", "-", "-", "-", "-", "-", "-"])
                #expect(connection.loss == nil)
            }
        }
    }

    @Test func `carries any bytes, and no argument ends a command`() async throws {
        try await RedisServer.with { server in
            try await onThread {
                var connection = try Self.connect(server)
                let bytes = Array(UInt8.min...UInt8.max)
                var pipeline = RedisPipeline()
                pipeline.append(bytes: [Array("SET".utf8), Array("k".utf8), bytes])
                pipeline.append("GET", "k")
                pipeline.append("SET", "x\r\n*1\r\n$8\r\nFLUSHALL\r\n", "")
                pipeline.append("DBSIZE")
                let replies = try connection.run(pipeline, within: Self.limit)
                #expect(replies[1] == .bytes(bytes))
                #expect(replies[3] == .integer(2))
            }
        }
    }

    @Test func `sends and reads more than any buffer holds`() async throws {
        try await RedisServer.with { server in
            try await onThread {
                var connection = try Self.connect(server)
                let value = String(repeating: "v", count: 100_000)
                var pipeline = RedisPipeline()
                for index in 0..<100 {
                    pipeline.append("SET", "k\(index)", value)
                    pipeline.append("GET", "k\(index)")
                }
                #expect(pipeline.byteCount > 10_000_000)
                let replies = try connection.run(pipeline, within: Self.limit)
                #expect(replies.count == 200)
                #expect(replies.allSatisfy { $0.text == "OK" || $0.text == value })
            }
        }
    }

    @Test func `proves who it is and chooses the database`() async throws {
        try await RedisServer.with(password: "se:cr@t") { server in
            try await onThread {
                #expect(throws: RedisError.refused("WRONGPASS invalid username-password pair or user is disabled.")) {
                    _ = try Self.connect(server, "unix://:wrong@\(server.socket)")
                }
                var connection = try Self.connect(server, "unix://:se%3Acr%40t@\(server.socket)?db=3")
                _ = try Self.ask("ACL", "SETUSER", "ada", "on", ">hunter2", "~*", "+@all", of: &connection)
                _ = try Self.ask("SET", "key", "three", of: &connection)
                var named = try Self.connect(server, "unix://ada:hunter2@\(server.socket)?db=3")
                #expect(try Self.ask("GET", "key", of: &named).text == "three")
                var other = try Self.connect(server, "unix://ada:hunter2@\(server.socket)")
                #expect(try Self.ask("GET", "key", of: &other) == .null)
                var stranger = try Self.connect(server)
                #expect(try Self.ask("GET", "key", of: &stranger).failure == "NOAUTH Authentication required.")
                #expect(throws: RedisError.self) {
                    _ = try Self.connect(server, "unix://ada:hunter2@\(server.socket)?db=99")
                }
            }
        }
    }

    @Test func `gives up at the deadline, and is lost then`() async throws {
        try await RedisServer.with { server in
            try await onThread {
                var connection = try Self.connect(server)
                server.freeze()
                var pipeline = RedisPipeline()
                pipeline.append("PING")
                let began = ContinuousClock.now
                #expect(throws: RedisError.deadline("the deadline passed")) {
                    _ = try connection.run(pipeline, within: .milliseconds(50))
                }
                #expect(ContinuousClock.now - began >= .milliseconds(50))
                server.thaw()
                // The late answer must not be taken for that of another command.
                #expect(throws: RedisError.deadline("the deadline passed")) {
                    _ = try Self.ask("ECHO", "x", of: &connection)
                }
                #expect(connection.loss != nil)
            }
        }
    }

    @Test func `notices a server that went away, without a signal`() async throws {
        try await RedisServer.with { server in
            try await onThread {
                var connection = try Self.connect(server)
                try server.kill()
                for _ in 0..<2 {
                    do {
                        _ = try Self.ask("PING", of: &connection)
                        Issue.record("a dead server answered")
                    } catch RedisError.unreachable(_) {}
                }
                do {
                    _ = try Self.connect(server)
                    Issue.record("a dead server accepted")
                } catch RedisError.unreachable(let reason) {
                    #expect(reason.contains(server.socket))
                }
                try server.start()
                var again = try Self.connect(server)
                #expect(try Self.ask("PING", of: &again) == .status("PONG"))
            }
        }
    }

    @Test func `says what it cannot reach`() throws {
        do {
            _ = try RedisConnection.connect(RedisAddress("redis://:hunter2@127.0.0.1:1"), within: Self.limit)
            Issue.record("somebody listens on port 1")
        } catch RedisError.unreachable(let reason) {
            #expect(reason == "127.0.0.1:1/0: Connection refused")
        }
    }
}
