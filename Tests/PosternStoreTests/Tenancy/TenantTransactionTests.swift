import PosternModel
import PosternPostgres
import PosternStore
import PosternTesting
import Testing

@Suite struct TenantTransactionTests {
    private static let organization = OrganizationID(UniqueID(high: 0xAAAA_0000_0000_7000, low: 0x8000_0000_0000_0001))
    private static let other = OrganizationID(UniqueID(high: 0xBBBB_0000_0000_7000, low: 0x8000_0000_0000_0002))

    private static func with(
        _ body: @escaping @Sendable (StoreDatabase, inout Connection) throws -> Void
    ) async throws {
        try await StoreDatabase.with { database in
            var superuser = try database.connect()
            try superuser.run(
                """
                INSERT INTO postern.organizations (id, name)
                VALUES ('\(Self.organization)', 'one'), ('\(Self.other)', 'two')
                """
            )
            var admin = try database.connect(.admin)
            try body(database, &admin)
        }
    }

    private static func names(_ organization: OrganizationID, _ connection: inout Connection) throws -> [String] {
        try connection.transaction(for: organization, within: StoreDatabase.deadline) {
            transaction throws(PostgresError) in
            let rows = try transaction.ask("SELECT name FROM postern.organizations")
            var names: [String] = []
            for row in 0..<rows.count { names.append(try rows.text(row, 0)) }
            return names
        }
    }

    @Test func `sees one organization at a time on one connection`() async throws {
        try await Self.with { _, connection in
            for _ in 0..<3 {
                let first = try Self.names(Self.organization, &connection)
                let second = try Self.names(Self.other, &connection)
                let nobody = try connection.number("SELECT count(*) FROM postern.organizations")
                #expect(first == ["one"])
                #expect(second == ["two"])
                #expect(nobody == 0)
            }
        }
    }

    @Test func `keeps what it wrote, and its pipeline belongs to it`() async throws {
        try await Self.with { _, connection in
            let count = try connection.transaction(for: Self.organization, within: StoreDatabase.deadline) {
                transaction throws(PostgresError) in
                let results = try transaction.pipeline(within: StoreDatabase.deadline) {
                    pipeline throws(PostgresError) in
                    try pipeline.send(Statement("tenant_one", "SELECT name FROM postern.organizations"))
                    try pipeline.send(
                        Statement(
                            "tenant_two",
                            """
                            INSERT INTO postern.destinations (id, org_id, name, kind, url)
                            VALUES (gen_random_uuid(), '\(Self.organization)', 'd', 'http', 'http://x/')
                            """
                        )
                    )
                }
                return results.map(\.count)
            }
            #expect(count == [1, 0])
            let kept = try connection.transaction(for: Self.organization, within: StoreDatabase.deadline) {
                transaction throws(PostgresError) in
                try transaction.ask("SELECT name FROM postern.destinations").count
            }
            #expect(kept == 1)
        }
    }

    @Test func `rolls back when its body throws, and leaves the connection usable and without an organization`()
        async throws
    {
        try await Self.with { _, connection in
            #expect(throws: PostgresError.deadline("mine")) {
                try connection.transaction(for: Self.organization, within: StoreDatabase.deadline) {
                    transaction throws(PostgresError) in
                    _ = try transaction.ask(
                        """
                        INSERT INTO postern.destinations (id, org_id, name, kind, url)
                        VALUES (gen_random_uuid(), '\(Self.organization)', 'd', 'http', 'http://x/')
                        """
                    )
                    throw .deadline("mine")
                }
            }
            let isUsable = connection.isUsable
            #expect(isUsable)
            #expect(try connection.texts("SELECT coalesce(current_setting('app.current_org_id', true), '')") == [""])
            let kept = try connection.transaction(for: Self.organization, within: StoreDatabase.deadline) {
                transaction throws(PostgresError) in
                try transaction.ask("SELECT name FROM postern.destinations").count
            }
            #expect(kept == 0)
        }
    }

    @Test func `refuses a session on which an organization is set already`() async throws {
        try await Self.with { database, _ in
            var admin = try database.connect(.admin, settings: [("app.current_org_id", "\(Self.other)")])
            #expect(
                throws: PostgresError.refused(
                    sqlstate: "25001",
                    message: "an organization is set on this session already"
                )
            ) { try Self.names(Self.organization, &admin) }
            let isUsable = admin.isUsable
            #expect(isUsable)
            try admin.run("RESET app.current_org_id")
            #expect(try Self.names(Self.organization, &admin) == ["one"])
        }
    }

    @Test func `stops the program when one is begun within another`() async {
        await #expect(processExitsWith: .failure) {
            var connection = try StoreDatabase(address: try TestDatabase.required().address).connect()
            try connection.transaction(for: OrganizationID(UniqueID(high: 1, low: 2)), within: .seconds(9)) {
                _ throws(PostgresError) in
            }
            try connection.transaction(within: .seconds(9)) { connection throws(PostgresError) in
                try connection.transaction(for: OrganizationID(UniqueID(high: 1, low: 2)), within: .seconds(9)) {
                    _ throws(PostgresError) in
                }
            }
        }
    }
}
