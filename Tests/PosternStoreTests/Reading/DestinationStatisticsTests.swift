import PosternModel
import PosternPostgres
import PosternStore
import Testing

@Suite struct DestinationStatisticsTests {
    private static let organization = OrganizationID(UniqueID(high: 1, low: 1))
    private static let failing = DestinationID(UniqueID(high: 9, low: 1))
    private static let working = DestinationID(UniqueID(high: 1, low: 2))

    /// Two destinations with cursors in eight lanes; lane 3 has five events, of which one is another organization's.
    private static func fill(_ root: inout Connection) throws {
        try root.run(
            """
            INSERT INTO postern.organizations (id, name) VALUES ('\(Self.organization)', 'acme');
            INSERT INTO postern.destinations (id, org_id, name, kind, url, state, circuit) VALUES
                ('\(Self.working)', '\(Self.organization)', 'crm', 'http', 'https://a.example/', 'enabled', 'closed'),
                ('\(Self.failing)', '\(Self.organization)', 'erp', 'http', 'https://b.example/', 'enabled', 'open'),
                (gen_random_uuid(), '\(Self.organization)', 'old', 'http', 'https://c.example/', 'disabled', 'closed');
            INSERT INTO postern.destinations (id, org_id, name, kind, url, form) VALUES
                (gen_random_uuid(), '\(Self.organization)', 'ops', 'alert', 'https://d.example/', 'json');
            UPDATE postern.destinations SET deleted_at = now() WHERE name = 'old';
            INSERT INTO postern.destination_cursors (lane, destination_id, org_id, first_number, number, stored_at)
            SELECT l.lane, d.id, d.org_id, 0, 0, now() - interval '1 hour'
            FROM postern.lanes l, postern.destinations d WHERE d.kind = 'http';
            UPDATE postern.destination_cursors SET number = 4 WHERE lane = 3 AND destination_id = '\(Self.working)';
            UPDATE postern.destination_cursors SET number = 1, recovered = 3, exhausted = 1
            WHERE lane = 3 AND destination_id = '\(Self.failing)';
            UPDATE postern.lanes SET event_number = 5 WHERE lane = 3;
            INSERT INTO postern.events (lane, number, stored_at, id, org_id, endpoint_id, delivery_id, platform,
                definition_version, type, source, key, data)
            SELECT 3, n, now() - (10 - n) * interval '1 minute', gen_random_uuid(),
                CASE n WHEN 5 THEN gen_random_uuid() ELSE '\(Self.organization)' END, gen_random_uuid(),
                gen_random_uuid(), 'x', 1, 't', 's', 'k' || n, '{}' FROM generate_series(1, 5) n;
            INSERT INTO postern.webhook_retry_queue (lane, id, webhook_id, org_id, endpoint_id, platform, headers, payload,
                attempt_number, scheduled_at, failure_reason, failure_detail, created_at, destination_id, event_id,
                event_number, event)
            SELECT 3, gen_random_uuid(), gen_random_uuid(), '\(Self.organization)', gen_random_uuid(), 'x', '', '', 1, now(),
                'timeout', '', now(), '\(Self.failing)', gen_random_uuid(), 1, '{}' FROM generate_series(1, 2);
            INSERT INTO postern.destination_minutes VALUES
                (date_trunc('minute', now()), '\(Self.failing)', '\(Self.organization)', 'delivered', 6, 1,
                    '{6,0,0,0,0,0,0,0,0,0,0,0}'),
                (date_trunc('minute', now()), '\(Self.failing)', '\(Self.organization)', 'timeout', 2, 2,
                    '{0,0,0,0,0,0,0,0,0,0,0,2}'),
                (date_trunc('minute', now()) - interval '1 minute', '\(Self.failing)', '\(Self.organization)', 'delivered',
                    0, 0, '{0,0,0,0,0,0,0,0,0,0,0,0}')
            """
        )
    }

    @Test func `a destination's figures come from its minutes, its cursors and its queue`() async throws {
        try await StoreDatabase.with { database in
            var root = try database.connect()
            try Self.fill(&root)
            var consumer = try database.connect(.consumer)
            let now = Timestamp.now()
            let all = try DestinationStatistics.load(
                from: now.advanced(by: .seconds(-3600)),
                &consumer,
                within: StoreDatabase.deadline
            )
            #expect(all.map(\.name) == ["erp", "crm"], "what fails comes first; deleted and alert ones are left out")
            let failing = try #require(all.first)
            #expect(failing.organizationName == "acme" && failing.circuit == .open)
            #expect(failing.behind.count == 3, "events of others do not count")
            let age = now.microseconds(since: try #require(failing.oldestBehind)) / 60_000_000
            #expect((7...9).contains(age))
            #expect(failing.waiting.count == 2)
            #expect(failing.delivered == 6 && failing.failures == ["timeout": 2] && failing.retries == 3)
            #expect(failing.successRatio == 0.75)
            #expect(failing.recovered == 3 && failing.exhausted == 1)
            #expect(failing.latencies.total == 8 && failing.latency(0.99) == .seconds(10))
            try root.run("UPDATE postern.destinations SET timeout_ms = 300")
            let hurried = try DestinationStatistics.load(
                from: now.advanced(by: .seconds(-3600)),
                &consumer,
                within: StoreDatabase.deadline
            )
            #expect(hurried.first?.latency(0.99) == .milliseconds(300), "no attempt takes longer than it may")
            #expect(hurried.first?.latency(0.5) == failing.latency(0.5))
            let working = all[1]
            #expect(working.behind.count == 0 && working.oldestBehind == nil && working.successRatio == nil)
            let counts = try DestinationStatistics.counts(&consumer, within: StoreDatabase.deadline)
            #expect(counts.all == 2 && counts.openCircuits == 1 && counts.disabled == 0)
        }
    }

    @Test func `minutes before the window count for nothing`() async throws {
        try await StoreDatabase.with { database in
            var root = try database.connect()
            try Self.fill(&root)
            var consumer = try database.connect(.consumer)
            let all = try DestinationStatistics.load(
                from: Timestamp.now().advanced(by: .seconds(120)),
                &consumer,
                within: StoreDatabase.deadline
            )
            #expect(all.first?.delivered == 0 && all.first?.successRatio == nil)
        }
    }
}
