import PosternTesting
import Synchronization

/// The database with the schema that most scenarios copy: `postern migrate` takes longer than all else they do.
enum Template {
    private static let migrated = Mutex<Task<String, any Error>?>(nil)

    /// The template's connection string; the first caller makes it.
    static func address(executable: String) async throws -> String {
        let task = Self.migrated.withLock { migrated in
            let task = migrated ?? Task { try await Self.make(executable: executable) }
            migrated = task
            return task
        }
        return try await task.value
    }

    private static func make(executable: String) async throws -> String {
        let server = try TestDatabase.required()
        return try await onThread {
            let address = try server.createDatabase()
            _ = try Command.run("/usr/bin/env", ["POSTERN_DATABASE=\(address)", executable, "migrate"])
            return address
        }
    }
}
