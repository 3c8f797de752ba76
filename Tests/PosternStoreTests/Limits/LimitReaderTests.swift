import PosternModel
import PosternPostgres
import PosternStore
import Testing

@Suite struct LimitReaderTests {
    private static let within = StoreDatabase.deadline

    @Test func `shows the tiers, the lowest first, and how many are in each`() async throws {
        try await OrdersEndpoint.with { _, _, connection in
            let tiers = try LimitReader.tiers(&connection, within: Self.within)
            #expect(tiers.map(\.name) == ["free", "basic", "standard", "pro", "enterprise", "unlimited"])
            #expect(tiers.map(\.limit.requestsPerMinute) == [10, 60, 100, 300, 1000, nil])
            #expect(tiers.map(\.limit.burst) == [10, 60, 100, 300, 1000, nil])
            #expect(tiers.allSatisfy { !$0.limit.isShadow })
            #expect(tiers.map(\.organizations) == [0, 0, 1, 0, 0, 0])
        }
    }

    @Test func `shows the limits of no organization as they come with the schema`() async throws {
        try await OrdersEndpoint.with { _, _, connection in
            let scopes = try LimitReader.scopes(&connection, within: Self.within)
            #expect(
                scopes == [
                    .address: ConfiguredLimit(requestsPerMinute: 600, burst: 600),
                    .unverified: ConfiguredLimit(requestsPerMinute: 3000, burst: 1000),
                    .endpoint: .unlimited, .global: .unlimited,
                ]
            )
            #expect(scopes.count == LimitScope.allCases.count)
        }
    }

    @Test func `knows nothing of an organization that is not there`() async throws {
        try await OrdersEndpoint.with { _, _, connection in
            let nobody = OrganizationID(UniqueID(high: 1, low: 2))
            let status = try LimitReader.status(of: nobody, &connection, within: Self.within)
            #expect(status == nil)
        }
    }

    @Test func `shows an organization without traffic`() async throws {
        try await OrdersEndpoint.with { _, endpoint, connection in
            let status = try #require(
                try LimitReader.status(of: endpoint.organization, &connection, within: Self.within)
            )
            #expect(status.name == "acme")
            #expect(status.tier == "standard")
            #expect(status.limit == ConfiguredLimit(requestsPerMinute: 100, burst: 100))
            #expect(!status.hasOverride)
            #expect(status.debtMicroseconds == nil)
            #expect(status.gateways == 0 && status.shares == [])
            #expect(status.accepted == 0 && status.refused == [:] && status.shadowed == [:])
            #expect(status.endpoints.map(\.endpoint) == [endpoint])
            #expect(status.endpoints.map(\.debtMicroseconds) == [nil])
            #expect(status.endpoints.map(\.quarantinedCount) == [0])
            #expect(status.endpoints.map(\.quarantinedBytes) == [0])
        }
    }

    @Test func `shows what gateways counted, and the traffic of the last hour`() async throws {
        try await StoreDatabase.with { database in
            var connection = try database.connect(.operator)
            let endpoint = try OrdersEndpoint.make(&connection)
            try SealingKeys.administration().setLimits(
                of: endpoint.organization,
                tier: "pro",
                requestsPerMinute: 7,
                burst: nil,
                &connection,
                within: Self.within
            )
            var superuser = try database.connect()
            try superuser.run(
                """
                INSERT INTO postern.gateways (id, identity, seen_at, shares) VALUES
                    (gen_random_uuid(), 'a', now(), 'redis'), (gen_random_uuid(), 'b', now(), 'postgres'),
                    (gen_random_uuid(), 'c', now(), 'redis'),
                    (gen_random_uuid(), 'gone', now() - interval '11 seconds', 'local');
                INSERT INTO postern.limit_counts (subject, gateway, org_id, debt_microseconds, seen_at) VALUES
                    ('\(endpoint.organization)', gen_random_uuid(), '\(endpoint.organization)', 5000000, now()),
                    ('\(endpoint.organization)', gen_random_uuid(), '\(endpoint.organization)', 3600000000,
                        now() - interval '1 minute'),
                    ('\(endpoint.organization)', gen_random_uuid(), '\(endpoint.organization)', 60000000,
                        now() - interval '10 minutes'),
                    ('\(endpoint.id)', gen_random_uuid(), '\(endpoint.organization)', 60000000,
                        now() - interval '10 minutes')
                """
            )
            let times: [(TrafficOutcome, Int64, Int64)] = [
                (.accepted, 60, 5), (.accepted, 0, 1), (.accepted, 7300, 100), (.normalized, 60, 50),
                (.rejected(reason: "organization_limited"), 60, 3), (.rejected(reason: "bad_token"), 60, 2),
                (.shadowed(reason: "endpoint_limited"), 60, 4), (.shadowed(reason: "endpoint_limited"), 120, 4),
            ]
            let now = Timestamp.now()
            try TrafficCounts.add(
                times.map { outcome, age, count in
                    TrafficCount(
                        lane: endpoint.lane,
                        at: now.advanced(by: .seconds(-age)),
                        organization: endpoint.organization,
                        endpoint: endpoint.id,
                        platform: endpoint.platform,
                        outcome: outcome,
                        count: count
                    )
                },
                &superuser,
                within: Self.within
            )
            let store = QuarantineStore(sealing: try SealingKeys.ring())
            let requests = [Quarantined.request(0, of: endpoint), Quarantined.request(1, of: endpoint, bytes: 500)]
            _ = try store.store(requests, limits: [endpoint.id: 100_000], &superuser, within: Self.within)

            let status = try #require(
                try LimitReader.status(of: endpoint.organization, &connection, within: Self.within)
            )
            #expect(status.limit == ConfiguredLimit(requestsPerMinute: 7, burst: 300))
            #expect(status.hasOverride)
            #expect(status.gateways == 3)
            #expect(status.shares == ["postgres", "redis"])
            // The oldest debt is the largest one still, less the minute that has passed and what the test took.
            let debt = try #require(status.debtMicroseconds)
            #expect((3_480_000_000...3_540_000_000).contains(debt))
            #expect(status.accepted == 6)
            #expect(status.refused == ["organization_limited": 3, "bad_token": 2])
            #expect(status.shadowed == ["endpoint_limited": 8])
            let shown = try #require(status.endpoints.first)
            #expect(shown.debtMicroseconds == 0)
            #expect(shown.quarantinedCount == 2)
            #expect(shown.quarantinedBytes == 1500)
        }
    }
}
