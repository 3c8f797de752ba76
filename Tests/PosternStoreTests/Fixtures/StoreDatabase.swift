import Logging
import PosternModel
import PosternPostgres
import PosternStore
import PosternTesting
import Synchronization

/// A database of one test's own, copied from one that was migrated once.
struct StoreDatabase: Sendable {
    /// One of the roles that migration 3 makes.
    enum Role: String, CaseIterable, Sendable {
        case gateway = "postern_gateway"
        case consumer = "postern_consumer"
        case admin = "postern_admin"
        case `operator` = "postern_operator"
    }

    static let deadline = Duration.seconds(30)
    static let lanes: Int32 = 8

    /// A test opens ten connections at most; a server takes 100 by default.
    private static let gate = Gate(8)

    /// The superuser's connection string.
    let address: String

    /// Migrated once per process; nobody connects to it but `CREATE DATABASE`.
    private static let template = Result<String, any Error> {
        let address = try TestDatabase.required().createDatabase()
        try Self(address: address).migrate()
        return address
    }

    /// Makes a migrated database, runs blocking code with it on a thread of its own, and drops it.
    @discardableResult
    static func with<Value: Sendable>(
        _ body: @escaping @Sendable (StoreDatabase) throws -> Value
    ) async throws -> Value {
        let template = try await onThread { try Self.template.get() }
        return try await Self.gate.pass {
            try await TestDatabase.required().withDatabase(template: template) { address in
                try await onThread { try body(StoreDatabase(address: address)) }
            }
        }
    }

    /// The same with a database that nothing was done to.
    ///
    /// Postern's roles belong to the cluster and are there all the same: a test that relies on them, or on their being
    /// made by somebody else, must not depend on which test runs first.
    @discardableResult
    static func withEmpty<Value: Sendable>(
        _ body: @escaping @Sendable (StoreDatabase) throws -> Value
    ) async throws -> Value {
        _ = try await onThread { try Self.template.get() }
        return try await Self.gate.pass {
            try await TestDatabase.required().withDatabase { address in
                try await onThread { try body(StoreDatabase(address: address)) }
            }
        }
    }

    /// Connects as superuser, or as one of Postern's roles.
    func connect(_ role: Role? = nil, settings: [(name: String, value: String)] = []) throws -> Connection {
        try self.connect(user: role?.rawValue, settings: settings)
    }

    /// Connects as any role.
    func connect(user: String?, settings: [(name: String, value: String)] = []) throws -> Connection {
        let address = user.map { "\(self.address) user=\($0)" } ?? self.address
        return try Connection(
            ConnectionConfiguration(address: address, applicationName: "store-tests", sessionSettings: settings)
        )
    }

    func migrator() throws -> Migrator {
        try Migrator(Migration.embedded(), logger: Logger(label: "tests") { _ in SwiftLogNoOpLogHandler() })
    }

    @discardableResult
    func migrate(user: String? = nil, lanes: Int32? = Self.lanes) throws -> MigrationReport {
        var connection = try self.connect(user: user)
        return try self.migrator().migrate(&connection, lanes: lanes, within: Self.deadline)
    }
}
