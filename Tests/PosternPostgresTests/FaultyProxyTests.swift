import PosternModel
import PosternPostgres
import PosternTesting
import Testing

/// The connection is cut, or falls silent, after each number of bytes: connecting, preparing, a pipeline, a
/// transaction.
@Suite(.timeLimit(.minutes(5))) struct FaultyProxyTests {
    private static let double = Statement("double", "SELECT $1 * 2", [.int64])

    /// Everything a connection can do, in a few hundred bytes.
    private static func converse(_ configuration: ConnectionConfiguration, within limit: Duration) throws {
        var connection = try Connection(configuration)
        var parameters = ParameterBuffer()
        parameters.append(Int64(21))
        _ = try connection.query(Self.double, parameters, within: limit)
        _ = try connection.pipeline(within: limit) { pipeline throws(PostgresError) in
            try pipeline.send(Statement("one", "SELECT 1"))
            try pipeline.send(Self.double, parameters)
        }
        try connection.transaction(within: limit) { connection throws(PostgresError) in
            try connection.script("SELECT 1", within: limit)
        }
    }

    private func directory(_ address: String) throws -> String {
        let host = address.split(separator: " ").first { $0.hasPrefix("host=") }
        return String(try #require(host).dropFirst("host=".count))
    }

    @Test func `cut after any number of bytes, a connection is unreachable, and never hangs`() async throws {
        let address = try TestDatabase.required().address
        let server = try self.directory(address)
        try await onThread {
            let proxy = try FaultyProxy(server: server, fault: .cut)
            defer { proxy.close() }
            var settings = configuration("\(address) host=\(proxy.directory)")
            settings.sessionSettings = [("statement_timeout", "20s")]
            var bytes = 0
            while true {
                proxy.allow(bytes: bytes)
                let result = outcome { try Self.converse(settings, within: .seconds(20)) }
                if result == "done" { break }
                #expect(result == "unreachable", "after \(bytes) bytes")
                bytes += bytes < 4 ? 1 : 3
            }
            #expect(bytes > 400)
        }
    }

    @Test func `silent after any number of bytes, a connection keeps its deadlines`() async throws {
        let address = try TestDatabase.required().address
        let server = try self.directory(address)
        try await onThread {
            let proxy = try FaultyProxy(server: server, fault: .silence)
            defer { proxy.close() }
            var settings = configuration("\(address) host=\(proxy.directory)")
            settings.connectTimeout = .milliseconds(300)
            settings.cancelTimeout = .milliseconds(100)
            var bytes = 0
            while true {
                proxy.allow(bytes: bytes)
                let start = ContinuousClock.now
                let result = outcome { try Self.converse(settings, within: .milliseconds(200)) }
                if result == "done" { break }
                #expect(result == "unreachable" || result == "deadline", "after \(bytes) bytes")
                #expect(ContinuousClock.now - start < .seconds(10))
                bytes += 29
                try #require(bytes < 100_000)
            }
            #expect(bytes > 400)
        }
    }
}
