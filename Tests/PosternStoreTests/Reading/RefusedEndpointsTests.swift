import PosternModel
import PosternPostgres
import PosternStore
import Testing

@Suite struct RefusedEndpointsTests {
    /// Runs a test with an endpoint `orders` in lane 2 and what its requests came to, so many minutes ago.
    private static func with(
        _ minutes: [(ago: Int, outcome: String)],
        _ body: @escaping @Sendable ([RefusedEndpoint], Timestamp) throws -> Void
    ) async throws {
        try await StoreDatabase.with { database in
            var root = try database.connect()
            let organization = OrganizationID.fresh(at: .now())
            let endpoint = EndpointID.fresh(at: .now())
            let minute = Timestamp(seconds: Timestamp.now().seconds / 60 * 60)
            try Traffic.makeDays(4, &root)
            try root.run(
                """
                INSERT INTO postern.organizations (id, name) VALUES ('\(organization)', 'acme');
                INSERT INTO postern.endpoints (id, org_id, platform, key, name, lane)
                VALUES ('\(endpoint)', '\(organization)', 'meta', 'abcdefgh', 'orders', 2)
                """
            )
            for (ago, outcome) in minutes {
                try root.run(
                    """
                    INSERT INTO postern.traffic_minutes
                    VALUES (2, '\(minute.advanced(by: .seconds(-60 * ago)))', '\(organization)', '\(endpoint)', 'meta',
                        '\(outcome)', 2)
                    """
                )
            }
            var consumer = try database.connect(.consumer)
            let found = try RefusedEndpoints.find(at: .now(), &consumer, within: StoreDatabase.deadline)
            #expect(found.allSatisfy { $0.endpoint == endpoint && $0.organization == organization })
            try body(found, minute)
        }
    }

    @Test func `an endpoint that refuses everything refuses since the first refusal after what it accepted`()
        async throws
    {
        let minutes = [
            (1, "rejected_queue_full"), (30, "rejected_queue_full"), (200, "rejected_signature_mismatch"),
            (201, "accepted"),
            (300, "rejected_signature_mismatch"),
        ]
        try await Self.with(minutes) { found, now in
            let endpoint = try #require(found.first)
            #expect(found.count == 1 && endpoint.name == "orders" && endpoint.platform.text == "meta")
            #expect(endpoint.since == now.advanced(by: .seconds(-200 * 60)))
            #expect(endpoint.last == now.advanced(by: .seconds(-60)))
            #expect(endpoint.refused == 4 && endpoint.accepted == 0)
        }
    }

    @Test func `an endpoint that accepts some requests refuses since an hour ago at most`() async throws {
        let minutes = [
            (1, "accepted"), (2, "rejected_rate_limited"), (40, "rejected_rate_limited"), (90, "rejected_queue_full"),
        ]
        try await Self.with(minutes) { found, now in
            #expect(found.first?.since == now.advanced(by: .seconds(-40 * 60)))
            #expect(found.first?.accepted == 2)
        }
    }

    @Test func `an endpoint that refused nothing for an hour is not among them`() async throws {
        try await Self.with([(1, "accepted"), (3, "shadowed_rate_limited"), (61, "rejected_queue_full")]) { found, _ in
            #expect(found.isEmpty)
        }
    }
}
