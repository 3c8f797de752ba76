import PosternCrypto
import PosternModel
import PosternPostgres
import PosternStore
import PosternTesting
import Testing

/// A migrated database of one test's own, and who acts on it.
struct OperationsDatabase: Sendable {
    static let deadline = Duration.seconds(30)

    /// The superuser's connection string.
    let address: String

    /// Makes a migrated database, runs blocking code with it on a thread of its own, and drops it.
    static func with(_ body: @escaping @Sendable (OperationsDatabase) throws -> Void) async throws {
        try await TestDatabase.required().withDatabase { address in
            try await onThread {
                let database = OperationsDatabase(address: address)
                var owner = try database.connect(nil)
                _ = try Migrator(Migration.embedded(), logger: database.configuration(nil).logger).migrate(
                    &owner,
                    lanes: 4,
                    within: Self.deadline
                )
                try body(database)
            }
        }
    }

    /// Where a role connects; `nil` is the superuser.
    func configuration(_ role: String?) -> ConnectionConfiguration {
        ConnectionConfiguration(address: role.map { "\(self.address) user=postern_\($0)" } ?? self.address)
    }

    func connect(_ role: String?) throws -> Connection { try Connection(self.configuration(role)) }

    /// The key that seals.
    static func keyring() throws -> SealingKeyring {
        SealingKeyring(primary: try SealingKey([UInt8](repeating: 1, count: 32)))
    }

    static func administration() throws -> Administration {
        Administration(author: Author(who: "cli:alice", origin: "cli host-1"), sealing: try Self.keyring())
    }
}
