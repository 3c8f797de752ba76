import Logging
import PosternConsumer
import PosternModel
import PosternPlatforms
import PosternPostgres
import PosternStore
import PosternTesting

/// A migrated database of one test's own, with organizations and endpoints to post to.
struct ConsumerDatabase: Sendable {
    static let lanes: Int32 = 8
    static let deadline = Duration.seconds(60)
    static let logger = Logger(label: "tests") { _ in SwiftLogNoOpLogHandler() }

    /// The superuser's connection string.
    let address: String

    /// The connection string of the consumer's role, which is bound by row-level security.
    var consumerAddress: String { "\(self.address) user=postern_consumer" }

    /// Migrated once per process; nobody connects to it but `CREATE DATABASE`.
    private static let template = Result<String, any Error> {
        let address = try TestDatabase.required().createDatabase()
        try Self(address: address).migrate()
        return address
    }

    /// Makes a database, lends it, and drops it.
    static func with<Value>(_ body: (ConsumerDatabase) async throws -> Value) async throws -> Value {
        let template = try await onThread { try Self.template.get() }
        return try await TestDatabase.required().withDatabase(template: template) { address in
            try await body(ConsumerDatabase(address: address))
        }
    }

    /// Brings an empty database to the schema; blocking.
    func migrate() throws {
        var connection = try self.connect()
        _ = try Migrator(Migration.embedded(), logger: Self.logger)
            .migrate(&connection, lanes: Self.lanes, within: Self.deadline)
    }

    /// Connects as superuser, or as a role; blocking.
    func connect(user: String? = nil) throws -> Connection {
        let address = user.map { "\(self.address) user=\($0)" } ?? self.address
        return try Connection(ConnectionConfiguration(address: address, applicationName: "consumer-tests"))
    }

    /// Runs SQL as superuser.
    func script(_ sql: String) async throws {
        try await onThread {
            var connection = try self.connect()
            try connection.script(sql, within: Self.deadline)
        }
    }

    /// Runs a query as superuser and gives its first column, which must be text.
    func texts(_ sql: String) async throws -> [String] {
        try await onThread {
            var connection = try self.connect()
            let rows = try connection.query(Statement("test_texts", sql), within: Self.deadline)
            return try (0..<rows.count).map { try rows.text($0, 0) }
        }
    }

    /// Runs a query as superuser and gives its one number, which must be a bigint.
    func number(_ sql: String) async throws -> Int64 {
        try await onThread {
            var connection = try self.connect()
            return try connection.query(Statement("test_number", sql), within: Self.deadline).int64(0, 0)
        }
    }

    /// Makes an organization with one endpoint in a lane.
    func endpoint(
        lane: Int32,
        platform: String = "meta",
        routesAccounts: Bool = false
    ) async throws -> TestEndpoint {
        let now = Timestamp.now()
        let endpoint = TestEndpoint(
            organization: .fresh(at: now),
            id: .fresh(at: now),
            lane: Lane(lane),
            platform: platform
        )
        try await self.script(
            """
            INSERT INTO postern.organizations (id, name)
            VALUES ('\(endpoint.organization)', 'organization \(endpoint.organization)');
            INSERT INTO postern.endpoints (id, org_id, platform, key, name, lane, routes_accounts)
            VALUES ('\(endpoint.id)', '\(endpoint.organization)', '\(platform)',
                '\(EndpointKey.random())', 'test', \(lane), \(routesAccounts));
            """
        )
        return endpoint
    }

    /// How many events are stored.
    func eventCount() async throws -> Int64 { try await self.number("SELECT count(*) FROM postern.events") }

    /// The keys of the events of an endpoint, in the order of their numbers.
    func keys(of endpoint: TestEndpoint) async throws -> [String] {
        try await self.texts(
            "SELECT key FROM postern.events WHERE endpoint_id = '\(endpoint.id)' ORDER BY lane, number"
        )
    }

    /// Waits until a query gives a number.
    func wait(until sql: String, is number: Int64, seconds: Int = 120) async throws {
        try await eventually(seconds: seconds, "\(sql) to give \(number)") { try await self.number(sql) == number }
    }

    /// Waits until so many events are stored.
    func wait(forEvents count: Int64, seconds: Int = 120) async throws {
        try await self.wait(until: "SELECT count(*) FROM postern.events", is: count, seconds: seconds)
    }
}
