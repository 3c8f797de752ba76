import Foundation
import PosternModel
import PosternPostgres
import PosternStatus
import Testing

@Suite struct StatisticsReportTests {
    private struct Stats: Decodable {
        struct Destination: Decodable {
            let name: String
            let organization_name: String
            let circuit: String
            let delivered: Int
            let failed: [String: Int]
            let success_ratio: Double?
            let retry_success_rate: Double?
            let latency_seconds: [String: Double?]
            let lag_events: Int
            let lag_events_is_at_least: Bool
            let lag_seconds: Double
            let pending_retries: Int
            let pending_retries_is_at_least: Bool
        }

        struct Organization: Decodable {
            let name: String
            let lag_seconds: Double
            let lag_events: Int
            let lag_events_is_at_least: Bool
        }

        struct Refused: Decodable {
            let name: String
            let refused_last_hour: Int
            let sender_retries: String?
            let sender_retries_for_seconds: Int?
            let sender_gives_up_in_seconds: Double?
        }

        let accepted: Int
        let event_retry_success_rate: Double?
        let destinations: [Destination]?
        let organizations_behind: [Organization]?
        let refused_endpoints: [Refused]?
    }

    /// One destination behind by one event, and endpoints of two platforms that have refused for ten minutes.
    private static let world = """
        INSERT INTO postern.organizations (id, name) VALUES (md5('o')::uuid, 'acme');
        INSERT INTO postern.endpoints (id, org_id, platform, key, name, lane) VALUES
            (md5('a')::uuid, md5('o')::uuid, 'shopify', 'aaaaaaaa', 'orders', 1),
            (md5('b')::uuid, md5('o')::uuid, 'box', 'bbbbbbbb', 'files', 1);
        INSERT INTO postern.traffic_minutes
        SELECT 1, date_trunc('minute', now()) - m * interval '1 minute', md5('o')::uuid, md5(e)::uuid, p,
            'rejected_queue_full', 3
        FROM (VALUES ('a', 'shopify'), ('b', 'box')) v(e, p), generate_series(1, 10) m;
        INSERT INTO postern.destinations (id, org_id, name, kind, url, circuit) VALUES
            (md5('d')::uuid, md5('o')::uuid, 'crm', 'http', 'https://crm.example/', 'open');
        INSERT INTO postern.destination_cursors
            (lane, destination_id, org_id, first_number, number, stored_at, recovered, exhausted)
        SELECT lane, md5('d')::uuid, md5('o')::uuid, 0, 0, now() - interval '1 hour', 3, 0 FROM postern.lanes;
        UPDATE postern.destination_cursors SET exhausted = 3 WHERE lane = 0;
        UPDATE postern.lanes SET event_number = 1 WHERE lane = 2;
        INSERT INTO postern.events (lane, number, stored_at, id, org_id, endpoint_id, delivery_id, platform,
            definition_version, type, source, key, data)
        VALUES (2, 1, now() - interval '5 minutes', gen_random_uuid(), md5('o')::uuid, md5('a')::uuid, gen_random_uuid(),
            'shopify', 1, 't', 's', 'k', '{}');
        INSERT INTO postern.destination_minutes VALUES
            (date_trunc('minute', now()), md5('d')::uuid, md5('o')::uuid, 'delivered', 3, 0, '{0,0,3,0,0,0,0,0,0,0,0,0}'),
            (date_trunc('minute', now()), md5('d')::uuid, md5('o')::uuid, 'http_5xx', 1, 1, '{0,0,0,0,0,1,0,0,0,0,0,0}')
        """

    private static let senders: [PlatformName: SenderPatience] = {
        var senders: [PlatformName: SenderPatience] = [:]
        if let shopify = PlatformName("shopify") {
            senders[shopify] = SenderPatience(retriesFor: .seconds(14_400), schedule: "8 times over 4 hours")
        }
        if let box = PlatformName("box") { senders[box] = SenderPatience(retriesFor: nil, schedule: "with back-off") }
        return senders
    }()

    private static func stats(
        _ status: StatusDatabase,
        _ senders: [PlatformName: SenderPatience]?
    ) async throws -> Stats {
        let json = try await StatisticsReport(database: status.database, senders: senders).json()
        return try JSONDecoder().decode(Stats.self, from: Data(json))
    }

    @Test func `a consumer's stats say how each destination does`() async throws {
        try await StatusDatabase.with(role: "postern_consumer", Self.world) { status in
            let stats = try await Self.stats(status, Self.senders)
            #expect(stats.event_retry_success_rate == 0.8)
            let destination = try #require(stats.destinations?.first)
            #expect(
                stats.destinations?.count == 1 && destination.name == "crm" && destination.organization_name == "acme"
            )
            #expect(destination.circuit == "open")
            #expect(destination.delivered == 3 && destination.failed == ["http_5xx": 1])
            #expect(destination.success_ratio == 0.75 && destination.retry_success_rate == 0.8)
            #expect(destination.latency_seconds["p50"] == 0.02)
            #expect(destination.lag_events == 1 && !destination.lag_events_is_at_least)
            #expect(destination.pending_retries == 0 && !destination.pending_retries_is_at_least)
            #expect((300..<400).contains(destination.lag_seconds))
            let behind = try #require(stats.organizations_behind?.first)
            #expect(behind.name == "acme" && behind.lag_events == 1 && !behind.lag_events_is_at_least)
            #expect((300..<400).contains(behind.lag_seconds))
        }
    }

    @Test func `of endpoints that refuse it is said when the sender gives up, if its platform says so`() async throws {
        try await StatusDatabase.with(role: "postern_consumer", Self.world) { status in
            let refused = try #require(try await Self.stats(status, Self.senders).refused_endpoints)
            let orders = try #require(refused.first { $0.name == "orders" })
            #expect(orders.refused_last_hour == 30 && orders.sender_retries_for_seconds == 14_400)
            let left = try #require(orders.sender_gives_up_in_seconds)
            #expect((13_600...13_800).contains(left), "ten minutes of four hours are gone")
            let files = try #require(refused.first { $0.name == "files" })
            #expect(files.sender_retries == "with back-off" && files.sender_gives_up_in_seconds == nil)
        }
    }

    @Test func `a gateway's stats leave out what its role may not read`() async throws {
        try await StatusDatabase.with(role: "postern_gateway", Self.world) { status in
            let stats = try await Self.stats(status, nil)
            #expect(stats.accepted == 0 && stats.destinations == nil && stats.refused_endpoints == nil)
            await #expect(throws: PostgresError.self) { try await Self.stats(status, Self.senders) }
        }
    }
}
