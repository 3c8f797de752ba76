import Logging
import PosternPostgres
import PosternStore
import PosternTesting

/// A migrated database of one test's own, as a consumer's status asks it.
struct StatusDatabase: Sendable {
    static let deadline = Duration.seconds(30)
    private static let logger = Logger(label: "tests") { _ in SwiftLogNoOpLogHandler() }

    /// The superuser's connection string.
    let address: String
    /// For the role of the process.
    let database: Database

    /// Makes a database, runs `sql` in it, lends it to a process of this role, and drops it.
    static func with(
        role: String,
        _ sql: String,
        _ body: @escaping @Sendable (StatusDatabase) async throws -> Void
    ) async throws {
        try await TestDatabase.required().withDatabase { address in
            try await onThread {
                var owner = try Connection(ConnectionConfiguration(address: address))
                _ = try Migrator(Migration.embedded(), logger: Self.logger)
                    .migrate(&owner, lanes: 4, within: Self.deadline)
                try owner.script(sql, within: Self.deadline)
            }
            let database = Database(
                ConnectionConfiguration(address: "\(address) user=\(role)"),
                connections: 1,
                logger: Self.logger
            )
            let outcome: Result<Void, any Error>
            do {
                outcome = .success(try await body(StatusDatabase(address: address, database: database)))
            } catch {
                outcome = .failure(error)
            }
            await database.shutdown()
            try outcome.get()
        }
    }
}
