import PosternModel
import PosternPostgres
import PosternStore
import PosternTesting
import Testing

@Suite struct MigratorRightsTests {
    private static let roles = ["postern_gateway", "postern_consumer", "postern_admin", "postern_operator"]

    // A server of its own: roles belong to the whole server, and here they must be missing.
    @Test(.timeLimit(.minutes(5)))
    func `says which roles are missing, and makes them from two databases at once`() async throws {
        try await PrivateCluster.with { cluster in
            let address = cluster.address
            try await onThread {
                let server = TestDatabase(address: address)
                var superuser = try StoreDatabase(address: address).connect()
                try superuser.run("CREATE ROLE plain LOGIN")
                let databases = try [server.createDatabase(), server.createDatabase()].map(StoreDatabase.init)
                for database in databases {
                    var connection = try database.connect()
                    try connection.run("CREATE SCHEMA postern AUTHORIZATION plain")
                }
                let first = databases[0]
                #expect(throws: MigrationError.mayNotCreateRoles(role: "plain", missing: Self.roles)) {
                    try first.migrate(user: "plain")
                }
                let description = MigrationError.mayNotCreateRoles(role: "plain", missing: Self.roles).description
                #expect(description.contains("CREATE ROLE postern_consumer LOGIN;"))
                try superuser.run("ALTER ROLE plain CREATEROLE")
            }
            let databases = try await onThread {
                var superuser = try StoreDatabase(address: address).connect()
                return try superuser.texts("SELECT datname FROM pg_database WHERE datname LIKE 'test%' ORDER BY 1")
            }
            let reports = try await withThrowingTaskGroup(of: MigrationReport.self) { group in
                for database in databases {
                    group.addTask {
                        try await onThread {
                            try StoreDatabase(address: "\(address) dbname=\(database)").migrate(user: "plain")
                        }
                    }
                }
                return try await group.reduce(into: []) { $0.append($1) }
            }
            let all = try Migration.embedded()
            #expect(reports.map(\.applied) == [all, all])
            let made = try await onThread {
                var superuser = try StoreDatabase(address: address).connect()
                return try superuser.texts(
                    """
                    SELECT rolname || rolcanlogin || rolsuper || rolbypassrls || rolcreaterole || rolcreatedb
                    FROM pg_roles WHERE rolname LIKE 'postern%' ORDER BY 1
                    """
                )
            }
            #expect(made == Self.roles.sorted().map { "\($0)truefalsefalsefalsefalse" })
            try await onThread {
                // A role that row-level security does not bind is no protection, whoever made it.
                var superuser = try StoreDatabase(address: address).connect()
                try superuser.run("ALTER ROLE postern_admin BYPASSRLS")
                let database = StoreDatabase(address: try TestDatabase(address: address).createDatabase())
                let error = #expect(throws: MigrationError.self) { try database.migrate() }
                #expect(error?.description.contains("postern_admin is a superuser or bypasses") == true)
                #expect(error?.description.contains("0003_roles") == true)
            }
        }
    }

    @Test func `says that a role may not make the schema, and that it may not read it`() async throws {
        try await StoreDatabase.withEmpty { database in
            let role = "plain_\(database.address.suffix(12))"
            var superuser = try database.connect()
            try superuser.run("CREATE ROLE \(role) LOGIN")
            let unable = MigrationError.mayNotWrite(role: role)
            #expect(throws: unable) { try database.migrate(user: role) }
            #expect(unable.description.contains("CREATE SCHEMA postern AUTHORIZATION \(role)"))
            try database.migrate()
            #expect(throws: MigrationError.mayNotRead(role: role)) { try database.migrate(user: role) }
            try superuser.run(
                "GRANT USAGE ON SCHEMA postern TO \(role); GRANT SELECT ON ALL TABLES IN SCHEMA postern TO \(role)"
            )
            var connection = try database.connect(user: role)
            #expect(try database.migrator().status(&connection, within: StoreDatabase.deadline).isCurrent)
            try superuser.run(
                "DROP OWNED BY \(role); DROP ROLE \(role)"
            )
        }
    }

    @Test func `works for an owner who is no superuser, whom row-level security binds as well`() async throws {
        try await StoreDatabase.withEmpty { database in
            let role = "owner_\(database.address.suffix(12))"
            var superuser = try database.connect()
            try superuser.run("CREATE ROLE \(role) LOGIN; CREATE SCHEMA postern AUTHORIZATION \(role)")
            try database.migrate(user: role)
            try superuser.run(
                """
                INSERT INTO postern.organizations (id, name) VALUES (gen_random_uuid(), 'one');
                INSERT INTO postern.deliveries SELECT 0, 1, 1, now(), gen_random_uuid(), gen_random_uuid(),
                    gen_random_uuid(), NULL, 'x', '', ''
                """
            )
            var owner = try database.connect(user: role)
            #expect(try owner.number("SELECT count(*) FROM postern.organizations") == 0)
            #expect(try owner.number("SELECT count(*) FROM ONLY postern.deliveries") == 0)
            // The day's partition has no policy at all.
            #expect(
                try owner.number(
                    "SELECT count(*) FROM postern.deliveries_\(CivilDate(.now()).description.filter { $0 != "-" })"
                )
                    == 0
            )
            var consumer = try database.connect(.consumer)
            let made = try Partitions.ensure(daysAhead: 9, &consumer, within: StoreDatabase.deadline)
            #expect(made == 2 * 5)
            // Snapshots of others are hidden from this owner, and the answer says so.
            let status = try PipelineStatus.load(&consumer, within: StoreDatabase.deadline)
            #expect(!status.oldestSnapshot.isComplete)
            try superuser.run("DROP OWNED BY \(role) CASCADE; DROP ROLE \(role)")
        }
    }
}
