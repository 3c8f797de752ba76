import Logging
import PosternGateway
import PosternModel
import PosternPostgres
import PosternStore
import PosternTesting
import Testing

@Suite(.timeLimit(.minutes(5))) struct PostgresSharesTests {
    private static let organization = OrganizationID(UniqueID(high: 8, low: 1))

    private static func gateway(_ number: UInt64) -> UniqueID { UniqueID(high: 7, low: number) }

    private static func report(_ subject: UInt64, _ admitted: Int64, wasAsked: Bool = true) -> ShareReport {
        ShareReport(
            subject: UniqueID(high: 9, low: subject),
            organization: Self.organization,
            admitted: admitted,
            debtMicroseconds: 60_000_000,
            wasAsked: wasAsked
        )
    }

    private static let logger = Logger(label: "tests") { _ in SwiftLogNoOpLogHandler() }

    /// Makes a migrated database and lends it as the gateway's role.
    private static func with(_ body: (Database) async throws -> Void) async throws {
        try await TestDatabase.required().withDatabase { address in
            try await onThread {
                var connection = try Connection(ConnectionConfiguration(address: address, applicationName: "tests"))
                _ = try Migrator(Migration.embedded(), logger: Self.logger)
                    .migrate(&connection, lanes: 8, within: .seconds(30))
            }
            let database = Database(
                ConnectionConfiguration(address: "\(address) user=postern_gateway", applicationName: "shares"),
                connections: 1,
                logger: Self.logger
            )
            let outcome: Result<Void, any Error>
            do { outcome = .success(try await body(database)) } catch { outcome = .failure(error) }
            await database.shutdown()
            try outcome.get()
        }
    }

    private static let interval = Duration.seconds(10)

    private static func shares(_ database: Database, _ number: UInt64) -> PostgresShares {
        // What was said stays fresh for some intervals: long ones, because the machine may be busy.
        PostgresShares(
            database: database,
            gateway: Self.gateway(number),
            identity: "host/\(number)",
            interval: Self.interval
        )
    }

    @Test func `tells others what was asked for, and who is alive`() async throws {
        try await Self.with { database in
            let first = Self.shares(database, 1)
            let second = Self.shares(database, 2)
            let alone = try await first.exchange([Self.report(1, 5), Self.report(2, 6, wasAsked: false)])
            #expect(alone.entries == [])
            #expect(alone.gateways == [Self.gateway(1)])
            let told = try await second.exchange([Self.report(1, 9)])
            #expect(told.entries.map(\.admitted) == [5])
            #expect(told.entries.map(\.gateway) == [Self.gateway(1)])
            #expect(told.gateways == [Self.gateway(1), Self.gateway(2)])
            #expect(told.epoch >= alone.epoch)
            #expect(abs(told.epoch - Timestamp.now().microseconds / 10_000_000) < 4)
            try await first.leave([Self.report(1, 7)])
            let after = try await second.exchange([])
            #expect(after.gateways == [Self.gateway(2)])
            #expect(after.entries.map(\.admitted) == [7])
        }
    }

    @Test func `tells others what it can use, and comes back on a list it was taken off`() async throws {
        try await Self.with { database in
            let first = Self.shares(database, 1)
            let second = Self.shares(database, 2)
            first.declare("redis")
            #expect(try await first.register() == [])
            #expect(try await second.register() == ["redis"])
            first.declare("postgres")
            _ = try await first.exchange([])
            #expect(try await second.register() == ["postgres"])
            // Taken off by somebody else, without its knowing.
            try await Self.shares(database, 1).leave([])
            #expect(try await second.exchange([]).gateways == [Self.gateway(2)])
            // It notices, unless it was to say anyway that it is alive.
            _ = try await first.exchange([])
            #expect(try await first.exchange([]).gateways == [Self.gateway(1), Self.gateway(2)])
        }
    }

    @Test func `fails when the database does not answer`() async throws {
        let database = Database(
            ConnectionConfiguration(address: "host=/nowhere", applicationName: "shares"),
            connections: 1,
            logger: Self.logger
        )
        await #expect(throws: ShareError.self) { try await Self.shares(database, 1).exchange([Self.report(1, 5)]) }
        await database.shutdown()
    }
}
