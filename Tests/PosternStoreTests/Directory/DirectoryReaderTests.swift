import PosternCrypto
import PosternModel
import PosternPostgres
import PosternStore
import Testing

@Suite struct DirectoryReaderTests {
    private static let within = StoreDatabase.deadline

    /// An organization with one endpoint that has two secrets.
    private static func make(
        _ database: StoreDatabase,
        name: String = "orders",
        _ administration: Administration
    ) throws -> EndpointRecord {
        var connection = try database.connect(.operator)
        let organization = try administration.createOrganization(name: "org \(name)", &connection, within: Self.within)
        let platform = try #require(PlatformName("shopify"))
        let endpoint = try administration.createEndpoint(
            NewEndpoint(
                organization: organization,
                platform: platform,
                name: name,
                scheme: "hmac",
                parameters: ["shop": "s.example", "empty": ""],
                toleranceSeconds: 300,
                secrets: [("signing", Secret("first")), ("verify_token", Secret("token"))]
            ),
            &connection,
            within: Self.within
        )
        _ = try administration.addSecret(Secret("second"), to: endpoint.id, &connection, within: Self.within)
        return endpoint
    }

    @Test func `reads an endpoint as it was made, secrets opened and newest first`() async throws {
        try await StoreDatabase.with { database in
            let administration = try SealingKeys.administration()
            let made = try Self.make(database, administration)
            let reader = DirectoryReader(opening: try SealingKeys.ring())
            var gateway = try database.connect(.gateway)
            let contents = try reader.load(&gateway, within: Self.within)
            #expect(contents.faults == [])
            let endpoint = try #require(contents.endpoints.first)
            #expect(contents.endpoints.count == 1)
            #expect(endpoint.secrets.map(\.kind) == ["signing", "verify_token", "signing"])
            #expect(endpoint.secrets.map(\.secret) == [Secret("second"), Secret("token"), Secret("first")])
            #expect(endpoint.secrets.allSatisfy { $0.expiresAt == nil && $0.isActive(at: .now()) })
            var plain = endpoint
            plain.secrets = []
            #expect(plain == made)
            #expect(plain.parameters == ["shop": "s.example", "empty": ""])
            #expect(plain.toleranceSeconds == 300)
            #expect(plain.lane == Lane(organization: made.organization, endpoint: made.id, count: StoreDatabase.lanes))
            let one = try reader.load(key: made.key, &gateway, within: Self.within)
            #expect(one.endpoints == contents.endpoints)
        }
    }

    @Test func `finds nothing for a key that no endpoint has`() async throws {
        try await StoreDatabase.with { database in
            var gateway = try database.connect(.gateway)
            let key = try #require(EndpointKey("no-such-key"))
            let contents = try DirectoryReader(opening: SealingKeys.ring()).load(
                key: key,
                &gateway,
                within: Self.within
            )
            #expect(contents.endpoints.isEmpty && contents.faults.isEmpty)
        }
    }

    @Test func `leaves out secrets that are revoked or have expired`() async throws {
        try await StoreDatabase.with { database in
            let administration = try SealingKeys.administration()
            let made = try Self.make(database, administration)
            var superuser = try database.connect()
            try superuser.run("UPDATE postern.endpoint_secrets SET revoked_at = now() WHERE kind = 'verify_token'")
            try superuser.run(
                """
                UPDATE postern.endpoint_secrets SET expires_at = now()
                WHERE id = (SELECT id FROM postern.endpoint_secrets WHERE kind = 'signing' ORDER BY created_at LIMIT 1);
                UPDATE postern.endpoint_secrets SET expires_at = now() + interval '1 hour'
                WHERE kind = 'signing' AND expires_at IS NULL
                """
            )
            let reader = DirectoryReader(opening: try SealingKeys.ring())
            var gateway = try database.connect(.gateway)
            for contents in [
                try reader.load(&gateway, within: Self.within),
                try reader.load(key: made.key, &gateway, within: Self.within),
            ] {
                #expect(contents.endpoints.flatMap(\.secrets).map(\.secret) == [Secret("second")])
                let secret = try #require(contents.endpoints.first?.secrets.first)
                let end = try #require(secret.expiresAt)
                #expect(secret.isActive(at: Timestamp(microseconds: end.microseconds - 1)))
                #expect(!secret.isActive(at: end))
            }
        }
    }

    @Test func `names an endpoint whose secret does not open, and keeps the others`() async throws {
        try await StoreDatabase.with { database in
            let good = try Self.make(database, name: "good", try SealingKeys.administration(1))
            let bad = try Self.make(database, name: "bad", try SealingKeys.administration(2))
            var gateway = try database.connect(.gateway)
            let contents = try DirectoryReader(opening: SealingKeys.ring(1)).load(&gateway, within: Self.within)
            #expect(Set(contents.endpoints.map(\.id)) == [good.id, bad.id])
            #expect(contents.endpoints.first { $0.id == good.id }?.secrets.count == 3)
            #expect(contents.endpoints.first { $0.id == bad.id }?.secrets.count == 0)
            #expect(contents.faults.count == 3)
            #expect(contents.faults.allSatisfy { $0.endpoint == bad.id && $0.name == "bad" })
            #expect(contents.faults.allSatisfy { $0.description.contains("endpoint bad (\(bad.id))") })
            let both = try DirectoryReader(opening: SealingKeys.ring(1, others: [2])).load(
                &gateway,
                within: Self.within
            )
            #expect(both.faults == [])
            #expect(both.endpoints.map(\.secrets.count) == [3, 3])
        }
    }

    @Test func `opens no secret that was moved to another endpoint or another purpose`() async throws {
        try await StoreDatabase.with { database in
            let administration = try SealingKeys.administration()
            let first = try Self.make(database, name: "first", administration)
            let second = try Self.make(database, name: "second", administration)
            var superuser = try database.connect()
            try superuser.run(
                """
                UPDATE postern.endpoint_secrets SET kind = 'other'
                WHERE endpoint_id = '\(first.id)' AND kind = 'verify_token';
                UPDATE postern.endpoint_secrets SET endpoint_id = '\(second.id)', org_id = '\(second.organization)'
                WHERE id = (SELECT id FROM postern.endpoint_secrets
                    WHERE endpoint_id = '\(first.id)' AND kind = 'signing'
                    ORDER BY created_at LIMIT 1)
                """
            )
            var gateway = try database.connect(.gateway)
            let contents = try DirectoryReader(opening: SealingKeys.ring()).load(&gateway, within: Self.within)
            #expect(contents.faults.map(\.endpoint).sorted() == [first.id, second.id].sorted())
            #expect(contents.endpoints.map(\.secrets.count) == [1, 3])
        }
    }

    @Test(arguments: [
        ("platform", "platform = 'Not A Name'"), ("platform", "platform = ''"),
        ("platform", "platform = repeat('a', 49)"),
    ])
    func `names an endpoint with a value it cannot work with, and keeps the others`(
        column: String,
        change: String
    ) async throws {
        try await StoreDatabase.with { database in
            let administration = try SealingKeys.administration()
            let good = try Self.make(database, name: "good", administration)
            let bad = try Self.make(database, name: "bad", administration)
            var superuser = try database.connect()
            try superuser.run("UPDATE postern.endpoints SET \(change) WHERE id = '\(bad.id)'")
            var gateway = try database.connect(.gateway)
            let contents = try DirectoryReader(opening: SealingKeys.ring()).load(&gateway, within: Self.within)
            #expect(contents.endpoints.map(\.id) == [good.id])
            #expect(contents.faults.map(\.reason) == [.malformed(column: column)])
        }
    }

    @Test func `reads parameters that another program wrote, as texts`() async throws {
        try await StoreDatabase.with { database in
            let made = try Self.make(database, try SealingKeys.administration())
            var superuser = try database.connect()
            try superuser.run(
                #"UPDATE postern.endpoints SET parameters = '{"a": 1, "b": null, "c": {"d": true}, "e": "x"}'"#
            )
            var consumer = try database.connect(.consumer)
            let endpoint = try DirectoryReader().load(&consumer, within: Self.within).endpoints.first
            #expect(endpoint?.id == made.id)
            #expect(endpoint?.parameters == ["a": "1", "c": #"{"d": true}"#, "e": "x"])
            #expect(endpoint?.secrets == [])
        }
    }

    @Test func `reads ten thousand endpoints with four statements`() async throws {
        try await StoreDatabase.with { database in
            let ring = try SealingKeys.ring()
            var superuser = try database.connect()
            try superuser.run(
                """
                INSERT INTO postern.organizations (id, name)
                SELECT ('aaaaaaaa-0000-7000-8000-' || lpad(n::text, 12, '0'))::uuid, 'org ' || n
                FROM generate_series(0, 99) n;
                INSERT INTO postern.endpoints (id, org_id, platform, key, name, lane)
                SELECT ('eeeeeeee-0000-7000-8000-' || lpad(n::text, 12, '0'))::uuid,
                    ('aaaaaaaa-0000-7000-8000-' || lpad((n % 100)::text, 12, '0'))::uuid, 'github', 'key-number-' || n,
                    'name ' || n, n % 8
                FROM generate_series(0, 9999) n
                """
            )
            let insert = BatchStatement(
                "test_secrets",
                insertInto: "postern.endpoint_secrets (id, org_id, endpoint_id, sealed)",
                [.uuid, .uuid, .uuid, .bytes]
            )
            var consumer = try database.connect(.consumer)
            let endpoints = try DirectoryReader().load(&consumer, within: Self.within).endpoints
            #expect(endpoints.count == 10_000)
            let sealed = try endpoints.map {
                try ring.seal(
                    Secret("\($0.id)"),
                    context: SecretRecord.sealingContext(endpoint: $0.id, kind: "signing")
                )
            }
            var buffer = ParameterBuffer()
            _ = try superuser.pipeline(within: Self.within) { pipeline throws(PostgresError) in
                try insert.send(rows: endpoints.count, to: &pipeline, using: &buffer) { row, buffer in
                    buffer.append(SecretID.fresh(at: .now()))
                    buffer.append(endpoints[row].organization)
                    buffer.append(endpoints[row].id)
                    buffer.append(bytes: sealed[row])
                }
            }
            var gateway = try database.connect(.gateway)
            let contents = try DirectoryReader(opening: ring).load(&gateway, within: Self.within)
            #expect(contents.endpoints.count == 10_000)
            #expect(contents.faults == [])
            #expect(contents.endpoints.allSatisfy { $0.secrets.map(\.secret) == [Secret("\($0.id)")] })
            #expect(
                try gateway.texts("SELECT name FROM pg_prepared_statements WHERE name LIKE 'directory%' ORDER BY 1")
                    .count == 4
            )
        }
    }

    @Test func `binds a sealed secret to the endpoint's bytes and its purpose`() {
        let endpoint = EndpointID(UniqueID(high: 0x0102_0304_0506_0708, low: 0x090A_0B0C_0D0E_0F10))
        #expect(SecretRecord.sealingContext(endpoint: endpoint, kind: "ab") == Array(1...16) + [0x61, 0x62])
    }
}
