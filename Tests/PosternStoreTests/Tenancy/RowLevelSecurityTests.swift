import PosternModel
import PosternPostgres
import PosternStore
import Testing

@Suite struct RowLevelSecurityTests {
    private static let mine = OrganizationID(UniqueID(high: 0xAAAA_0000_0000_7000, low: 0x8000_0000_0000_0001))
    private static let theirs = OrganizationID(UniqueID(high: 0xBBBB_0000_0000_7000, low: 0x8000_0000_0000_0002))
    private static let myEndpoint = UniqueID(high: 0xAAAA_0000_0000_7000, low: 0x8000_0000_0000_0003)
    private static let theirEndpoint = UniqueID(high: 0xBBBB_0000_0000_7000, low: 0x8000_0000_0000_0004)

    /// Every table with an `org_id` that is no partition, and `organizations`, with the column of its organization.
    private static func tables(_ connection: inout Connection) throws -> [(name: String, tenant: String)] {
        let names = try connection.texts(
            """
            SELECT c.relname FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid AND a.attname = 'org_id'
            WHERE c.relnamespace = 'postern'::regnamespace AND c.relkind IN ('r', 'p') AND NOT c.relispartition
            ORDER BY 1
            """
        )
        return names.map { ($0, "org_id") } + [("organizations", "id")]
    }

    private static func filled(
        _ body: @escaping @Sendable (StoreDatabase, inout Connection) throws -> Void
    ) async throws {
        try await StoreDatabase.with { database in
            var superuser = try database.connect()
            try SampleRows.store(Self.mine, one: Self.myEndpoint, &superuser)
            try SampleRows.store(Self.theirs, one: Self.theirEndpoint, &superuser)
            try body(database, &superuser)
        }
    }

    @Test func `knows a row for every table of an organization`() async throws {
        try await StoreDatabase.with { database in
            var superuser = try database.connect()
            let known = (SampleRows.inserts.map(\.table) + ["organizations"]).sorted()
            let found = try Self.tables(&superuser).map(\.name).sorted()
            #expect(found == known)
        }
    }

    @Test func `is on and forced for every table with an organization, partitions included`() async throws {
        try await StoreDatabase.with { database in
            var superuser = try database.connect()
            let open = try superuser.texts(
                """
                SELECT c.relname FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid
                WHERE c.relnamespace = 'postern'::regnamespace AND c.relkind IN ('r', 'p')
                    AND (a.attname = 'org_id' OR c.relname = 'organizations' AND a.attname = 'id')
                    AND NOT (c.relrowsecurity AND c.relforcerowsecurity)
                """
            )
            #expect(open == [])
            let secured = try superuser.number(
                "SELECT count(*) FROM pg_class WHERE relnamespace = 'postern'::regnamespace AND relforcerowsecurity"
            )
            // 24 tables, and 9 days of five of them.
            #expect(secured == 24 + 9 * 5)
        }
    }

    @Test func `lets an organization see its own rows in every table and no others`() async throws {
        try await Self.filled { database, superuser in
            let tables = try Self.tables(&superuser)
            // All rights, so that the policies are tested and not the grants.
            try superuser.run("GRANT ALL ON ALL TABLES IN SCHEMA postern TO postern_admin")
            var admin = try database.connect(.admin)
            for (table, tenant) in tables {
                let rows = try admin.transaction(for: Self.mine, within: StoreDatabase.deadline) {
                    transaction throws(PostgresError) in
                    try transaction.ask(
                        "SELECT count(*), count(*) FILTER (WHERE \(tenant) = '\(Self.mine)') FROM postern.\(table)"
                    )
                }
                #expect(try rows.int64(0, 0) == 1, "\(table)")
                #expect(try rows.int64(0, 1) == 1, "\(table)")
            }
        }
    }

    @Test func `lets an organization write no row of another, in no table`() async throws {
        try await Self.filled { database, superuser in
            let tables = try Self.tables(&superuser)
            try superuser.run("GRANT ALL ON ALL TABLES IN SCHEMA postern TO postern_admin")
            var admin = try database.connect(.admin)
            func mine(_ sql: String) throws(PostgresError) -> Int {
                try admin.transaction(for: Self.mine, within: StoreDatabase.deadline) {
                    transaction throws(PostgresError) in try transaction.ask(sql).affected
                }
            }
            func isRefused(_ sql: String) throws(PostgresError) -> Bool {
                do throws(PostgresError) {
                    _ = try mine(sql)
                    return false
                } catch .refused("42501", _) {
                    return true
                }
            }
            for (table, tenant) in tables {
                #expect(
                    try mine("UPDATE postern.\(table) SET \(tenant) = \(tenant) WHERE \(tenant) = '\(Self.theirs)'")
                        == 0,
                    "\(table)"
                )
                #expect(try mine("DELETE FROM postern.\(table) WHERE \(tenant) = '\(Self.theirs)'") == 0, "\(table)")
                #expect(try isRefused("UPDATE postern.\(table) SET \(tenant) = gen_random_uuid()"), "\(table)")
            }
            for (table, _) in SampleRows.inserts {
                let insert = SampleRows.insert(table, Self.theirs, one: Self.theirEndpoint)
                #expect(try isRefused(insert), "\(table)")
            }
            #expect(try isRefused("INSERT INTO postern.organizations (id, name) VALUES (gen_random_uuid(), 'new')"))
            for (table, tenant) in tables {
                #expect(
                    try superuser.number("SELECT count(*) FROM postern.\(table) WHERE \(tenant) = '\(Self.theirs)'")
                        == 1
                )
                #expect(try superuser.number("SELECT count(*) FROM postern.\(table)") == 2, "\(table)")
            }
        }
    }

    @Test func `lets nobody see anything without an organization, nor after one was set`() async throws {
        try await Self.filled { database, superuser in
            let tables = try Self.tables(&superuser)
            try superuser.run("GRANT ALL ON ALL TABLES IN SCHEMA postern TO postern_admin")
            var admin = try database.connect(.admin)
            for round in ["never set", "set before"] {
                for (table, _) in tables {
                    #expect(try admin.number("SELECT count(*) FROM postern.\(table)") == 0, "\(table), \(round)")
                }
                _ = try admin.transaction(for: Self.mine, within: StoreDatabase.deadline) {
                    transaction throws(PostgresError) in
                    try transaction.ask("SELECT count(*) FROM postern.organizations")
                }
            }
            // After a transaction that set it locally the setting is the empty string, not NULL: both mean nobody.
            #expect(try admin.texts("SELECT current_setting('app.current_org_id', true)") == [""])
        }
    }

    @Test(arguments: StoreDatabase.Role.allCases)
    func `keeps partitions from being read or written directly`(role: StoreDatabase.Role) async throws {
        try await Self.filled { database, superuser in
            let partitions = try superuser.texts("SELECT relname FROM pg_class WHERE relispartition AND relkind = 'r'")
            #expect(partitions.count == 9 * 5)
            var connection = try database.connect(role)
            for partition in partitions {
                #expect(try connection.refuses("SELECT FROM postern.\(partition)"), "\(partition)")
                #expect(try connection.refuses("DELETE FROM postern.\(partition)"), "\(partition)")
            }
            // Even with every right, no policy lets anybody through.
            try superuser.run("GRANT ALL ON ALL TABLES IN SCHEMA postern TO \(role.rawValue)")
            for partition in partitions {
                #expect(try connection.number("SELECT count(*) FROM postern.\(partition)") == 0, "\(partition)")
            }
        }
    }

    @Test func `lets the gateway append deliveries and never read one back`() async throws {
        try await Self.filled { database, superuser in
            var gateway = try database.connect(.gateway)
            let insert = SampleRows.insert("deliveries", Self.mine, one: Self.myEndpoint)
                .replacing("nextval('postern.sample')", with: "77")
            _ = try gateway.ask(insert)
            for column in ["*", "id", "org_id", "endpoint_id", "secret_id", "platform", "headers", "body"] {
                #expect(try gateway.refuses("SELECT \(column) FROM postern.deliveries"), "\(column)")
            }
            #expect(try gateway.refuses(insert.replacing("77", with: "78") + " RETURNING id"))
            #expect(try gateway.refuses("UPDATE postern.deliveries SET body = ''"))
            #expect(try gateway.refuses("DELETE FROM postern.deliveries"))
            // Where the log ends it may see, for the health of the pipeline.
            #expect(try gateway.ask("SELECT lane, writer, seq, stored_at FROM postern.deliveries").count == 3)
            for queue in ["webhook_retry_queue", "webhook_dead_letter_queue"] {
                #expect(try gateway.refuses("SELECT payload FROM postern.\(queue)"))
                #expect(try gateway.refuses("SELECT headers FROM postern.\(queue)"))
                #expect(try gateway.ask("SELECT lane FROM postern.\(queue)").count == 2)
            }
            // Even with the right to change rows, no policy shows it one to change.
            try superuser.run("GRANT UPDATE, DELETE ON postern.deliveries TO postern_gateway")
            #expect(try gateway.ask("UPDATE postern.deliveries SET seq = 0").affected == 0)
            #expect(try gateway.ask("DELETE FROM postern.deliveries").affected == 0)
            #expect(try superuser.number("SELECT count(*) FROM postern.deliveries") == 3)
        }
    }

    @Test func `keeps a tenant from hanging a secret or a subscription on what belongs to another`() async throws {
        try await Self.filled { database, superuser in
            var admin = try database.connect(.admin)
            func constraint(_ sql: String) -> String? {
                do throws(PostgresError) {
                    _ = try admin.transaction(for: Self.mine, within: StoreDatabase.deadline) {
                        transaction throws(PostgresError) in try transaction.ask(sql)
                    }
                    return "none"
                } catch {
                    guard case .conflict(_, let constraint, _) = error else { return "\(error)" }
                    return constraint
                }
            }
            let secret = SampleRows.insert("endpoint_secrets", Self.mine, one: Self.theirEndpoint)
            #expect(constraint(secret) == "endpoint_secrets_org_id_endpoint_id_fkey")
            let subscription = SampleRows.insert("subscriptions", Self.mine, one: Self.theirEndpoint)
            #expect(constraint(subscription) == "subscriptions_org_id_destination_id_fkey")
            #expect(constraint(SampleRows.insert("endpoint_secrets", Self.mine, one: Self.myEndpoint)) == "none")
        }
    }

    @Test func `lets the operator and the consumer work across organizations`() async throws {
        try await Self.filled { database, superuser in
            var operatorSession = try database.connect(.operator)
            for (table, _) in try Self.tables(&superuser) {
                #expect(try operatorSession.number("SELECT count(*) FROM postern.\(table)") == 2, "\(table)")
            }
            var consumer = try database.connect(.consumer)
            for table in ["deliveries", "endpoints", "accounts", "events", "event_keys", "webhook_retry_queue"] {
                #expect(try consumer.number("SELECT count(*) FROM postern.\(table)") == 2, "\(table)")
            }
            #expect(try consumer.refuses("SELECT sealed FROM postern.endpoint_secrets"))
        }
    }
}
