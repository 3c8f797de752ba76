import Foundation
import Logging
import PosternPostgres
import PosternTesting
import Testing

/// In a process of their own, where no other test opens descriptors or starts threads.
@Suite(.timeLimit(.minutes(5))) struct LeakTests {
    private static func entries(_ directory: String) throws -> Int {
        try FileManager.default.contentsOfDirectory(atPath: directory).count
    }

    /// Waits until no thread of this process has a name that begins so: one that has ended vanishes a moment later.
    private static func waitUntilThreadsEnd(_ prefixes: String...) async throws {
        let deadline = ContinuousClock.now + .seconds(30)
        while true {
            let names = try FileManager.default.contentsOfDirectory(atPath: "/proc/self/task").compactMap {
                try? String(contentsOfFile: "/proc/self/task/\($0)/comm", encoding: .utf8)
            }
            if !names.contains(where: { name in prefixes.contains { name.hasPrefix($0) } }) { return }
            try #require(ContinuousClock.now < deadline, "still there: \(names)")
            await Task.yield()
        }
    }

    @Test func `a database that was shut down leaves no thread, descriptor or session behind`() async throws {
        _ = try TestDatabase.required()
        await #expect(processExitsWith: .success) {
            let address = try TestDatabase.required().address
            let application = "leak\(ProcessInfo.processInfo.processIdentifier)"
            func round() async throws {
                let logger = Logger(label: "tests") { _ in SwiftLogNoOpLogHandler() }
                let settings = ConnectionConfiguration(
                    address: address,
                    applicationName: application,
                    connectTimeout: .seconds(30),
                    cancelTimeout: .seconds(20)
                )
                let database = Database(settings, connections: 3, logger: logger)
                try await withThrowingTaskGroup(of: Void.self) { group in
                    for index in 0..<20 {
                        group.addTask {
                            _ = await outcome {
                                try await database.run(within: .seconds(30)) { connection throws(PostgresError) in
                                    // Some are canceled on the way, which takes threads and descriptors too.
                                    let seconds = index % 5 == 0 ? 30 : 0
                                    let limit = Duration.milliseconds(index % 5 == 0 ? 50 : 20_000)
                                    try connection.script("SELECT pg_sleep(\(seconds))", within: limit)
                                }
                            }
                        }
                    }
                    try await group.waitForAll()
                }
                await database.shutdown()
            }
            // The first round starts the pool's threads and opens what the runtime keeps open.
            try await round()
            try await Self.waitUntilThreadsEnd("leak", "pg-cancel")
            let descriptors = try Self.entries("/proc/self/fd")
            for _ in 0..<5 { try await round() }
            try await Self.waitUntilThreadsEnd("leak", "pg-cancel")
            let left = try Self.entries("/proc/self/fd")
            try #require(left <= descriptors, "\(left) descriptors, \(descriptors) before")
            let sessions = Statement(
                "sessions",
                "SELECT count(*) FROM pg_stat_activity WHERE application_name = $1",
                [.text]
            )
            try await onThread {
                var connection = try Connection(configuration(address))
                var parameters = ParameterBuffer()
                parameters.append(application)
                let deadline = ContinuousClock.now + .seconds(30)
                while try connection.query(sessions, parameters, within: .seconds(5)).int64(0, 0) > 0 {
                    try #require(ContinuousClock.now < deadline)
                }
            }
        }
    }

    @Test func `a database that is dropped without shutdown ends its threads too`() async throws {
        _ = try TestDatabase.required()
        await #expect(processExitsWith: .success) {
            let address = try TestDatabase.required().address
            do {
                let logger = Logger(label: "tests") { _ in SwiftLogNoOpLogHandler() }
                let settings = ConnectionConfiguration(address: address, applicationName: "drop")
                let database = Database(settings, connections: 2, logger: logger)
                try await database.run(within: .seconds(30)) { connection throws(PostgresError) in
                    try connection.script("SELECT 1", within: .seconds(20))
                }
            }
            try await Self.waitUntilThreadsEnd("drop")
        }
    }

    @Test func `an idle database uses no processor time`() async throws {
        _ = try TestDatabase.required()
        await #expect(processExitsWith: .success) {
            let address = try TestDatabase.required().address
            let logger = Logger(label: "tests") { _ in SwiftLogNoOpLogHandler() }
            let settings = ConnectionConfiguration(address: address, applicationName: "idle")
            let database = Database(settings, connections: 3, logger: logger)
            while database.connectedCount < 3 { await Task.yield() }
            let before = clock()
            try await Task.sleep(for: .seconds(1))
            let spent = Double(clock() - before) / Double(CLOCKS_PER_SEC)
            try #require(spent < 0.1, "\(spent) s of processor time in one idle second")
            await database.shutdown()
        }
    }
}
