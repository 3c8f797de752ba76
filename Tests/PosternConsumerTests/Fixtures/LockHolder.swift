import PosternPostgres
import PosternTesting
import Synchronization

/// A transaction that stays open until it is told to end.
final class LockHolder: Sendable {
    private let connection: Mutex<Connection?>

    /// Begins a transaction and runs SQL in it.
    static func take(
        _ sql: String,
        user: String? = nil,
        _ database: ConsumerDatabase
    ) async throws -> LockHolder {
        try await onThread {
            var connection = try database.connect(user: user)
            try connection.script("BEGIN; \(sql)", within: ConsumerDatabase.deadline)
            return LockHolder(connection)
        }
    }

    private init(_ connection: consuming sending Connection) { self.connection = Mutex(connection) }

    /// Commits.
    func release() async throws {
        try await onThread {
            try self.connection.withLock { connection in
                try connection?.script("COMMIT", within: ConsumerDatabase.deadline)
                connection = nil
            }
        }
    }
}
