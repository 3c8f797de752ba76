import PosternModel
import PosternPostgres
import PosternStore
import Testing

@Suite struct ExpiryLimitsTests {
    private static let within = StoreDatabase.deadline

    @Test func `deletes quarantined requests whose time is up, oldest first`() async throws {
        try await StoreDatabase.with { database in
            var superuser = try database.connect()
            let endpoint = try OrdersEndpoint.make(&superuser)
            let requests = (0..<6).map { number in
                Quarantined.request(number, of: endpoint, expiresIn: .seconds(number < 4 ? number - 10 : 3600))
            }
            _ = try QuarantineStore(sealing: try SealingKeys.ring()).store(
                requests,
                limits: [endpoint.id: 100_000],
                &superuser,
                within: Self.within
            )
            var consumer = try database.connect(.consumer)
            func left() throws -> [String] {
                try superuser.texts("SELECT id FROM postern.quarantined_requests ORDER BY id")
            }
            #expect(try Expiry.quarantinedRequests(atMost: 3, &consumer, within: Self.within) == 3)
            #expect(try left() == requests[3...].map { "\($0.id)" })
            #expect(try Expiry.quarantinedRequests(&consumer, within: Self.within) == 1)
            #expect(try Expiry.quarantinedRequests(&consumer, within: Self.within) == 0)
            #expect(try left() == requests[4...].map { "\($0.id)" })
        }
    }

    @Test func `forgets gateways and their counts that were not written for a while`() async throws {
        try await StoreDatabase.with { database in
            var superuser = try database.connect()
            try superuser.run(
                """
                INSERT INTO postern.gateways (id, identity, seen_at, shares)
                SELECT gen_random_uuid(), 'g', to_timestamp(1000 + n), 'postgres' FROM generate_series(1, 5) n;
                INSERT INTO postern.limit_counts (subject, gateway, org_id, seen_at)
                SELECT gen_random_uuid(), gen_random_uuid(), gen_random_uuid(), to_timestamp(1000 + n)
                FROM generate_series(1, 5) n
                """
            )
            var consumer = try database.connect(.consumer)
            let time = Timestamp(seconds: 1003)
            #expect(try Expiry.limitCounts(seenBefore: time, &consumer, within: Self.within) == 4)
            #expect(try Expiry.limitCounts(seenBefore: time, &consumer, within: Self.within) == 0)
            #expect(try superuser.number("SELECT count(*) FROM postern.gateways") == 3)
            #expect(try superuser.number("SELECT count(*) FROM postern.limit_counts") == 3)
        }
    }

    @Test func `forgets matches of secrets by the hour, oldest first`() async throws {
        try await StoreDatabase.with { database in
            var superuser = try database.connect()
            let endpoint = try OrdersEndpoint.make(&superuser)
            let secret = SecretID(UniqueID(high: 1, low: 2))
            let matches = (0..<5).map { hour in
                SecretMatch(
                    secret: secret,
                    organization: endpoint.organization,
                    endpoint: endpoint.id,
                    count: 1,
                    lastAt: Timestamp(seconds: 3600 * Int64(hour) + 7)
                )
            }
            try SecretMatches.add(matches, &superuser, within: Self.within)
            var consumer = try database.connect(.consumer)
            let time = Timestamp(seconds: 3 * 3600)
            #expect(try Expiry.secretMatches(before: time, atMost: 2, &consumer, within: Self.within) == 2)
            #expect(try superuser.number("SELECT min(extract(epoch FROM hour)) FROM postern.secret_matches") == 7200)
            #expect(try Expiry.secretMatches(before: time, &consumer, within: Self.within) == 1)
            #expect(try superuser.number("SELECT count(*) FROM postern.secret_matches") == 2)
        }
    }
}
