import PosternModel
import PosternPostgres
import PosternStore
import Testing

@Suite struct DestinationFiguresReaderTests {
    private static let within = StoreDatabase.deadline

    private static func read(
        _ shop: ShopDestination,
        _ connection: inout Connection,
        since: Timestamp = .now().advanced(by: .seconds(-900))
    ) throws -> DestinationFigures {
        let figures = try DestinationFiguresReader.read([shop.id], since: since, &connection, within: Self.within)
        return try #require(figures.first)
    }

    @Test func `counts the organization's events behind the cursors, and finds the oldest`() async throws {
        try await ShopDestination.with { shop, connection in
            #expect(try Self.read(shop, &connection) == DestinationFigures(destination: shop.id))
            var root = try shop.database.connect()
            for number in 1...3 { try shop.storeEvent(Int64(number), lane: 1, &root) }
            try shop.storeEvent(9, lane: 4, at: "now() - interval '10 minutes'", &root)
            try shop.storeEvent(4, lane: 1, organization: .fresh(at: .now()), &root)
            let behind = try Self.read(shop, &connection)
            #expect(behind.lag == 4 && !behind.isLagCut)
            let age = Timestamp.now().microseconds(since: try #require(behind.oldestAt)) / 1_000_000
            #expect((600...660).contains(age))
            try root.run("UPDATE postern.destination_cursors SET number = 2 WHERE lane = 1")
            #expect(try Self.read(shop, &connection).lag == 2)
            try root.run(
                "UPDATE postern.destination_cursors c SET number = event_number FROM postern.lanes l WHERE l.lane = c.lane"
            )
            #expect(try Self.read(shop, &connection) == DestinationFigures(destination: shop.id))
        }
    }

    @Test func `counts a long backlog to a limit, and says so`() async throws {
        try await ShopDestination.with { shop, connection in
            var root = try shop.database.connect()
            try shop.storeEvent(1500, lane: 1, &root)
            try root.run(
                """
                INSERT INTO postern.events (lane, number, stored_at, id, org_id, endpoint_id, delivery_id, platform,
                    definition_version, type, source, key, data)
                SELECT 1, i, now(), gen_random_uuid(), '\(shop.organization)', gen_random_uuid(), gen_random_uuid(),
                    'github', 1, 't', 's', 'k', '{}'
                FROM generate_series(1, 1499) i
                """
            )
            let behind = try Self.read(shop, &connection)
            #expect(behind.isLagCut && behind.lag == DestinationFigures.lagLimitOfLane)
            try root.run("UPDATE postern.destination_cursors SET number = 500 WHERE lane = 1")
            let atLimit = try Self.read(shop, &connection)
            #expect(!atLimit.isLagCut && atLimit.lag == DestinationFigures.lagLimitOfLane)
        }
    }

    @Test func `counts what waits, and what is dead and open`() async throws {
        try await ShopDestination.with { shop, connection in
            var root = try shop.database.connect()
            _ = try shop.storeRetry(1, lane: 1, at: "'2030-01-02T03:04:05Z'", &root)
            _ = try shop.storeRetry(2, lane: 6, at: "'infinity'", &root)
            var figures = try Self.read(shop, &connection)
            #expect(figures.retries == 2 && figures.nextRetryAt == Timestamp(iso8601: "2030-01-02T03:04:05Z"))
            try root.run("DELETE FROM postern.webhook_retry_queue WHERE lane = 1")
            figures = try Self.read(shop, &connection)
            #expect(figures.retries == 1 && figures.nextRetryAt == nil)
            for state in ["open", "open", "acknowledged", "resolved", "discarded"] {
                try root.run(
                    """
                    INSERT INTO postern.webhook_dead_letter_queue (lane, id, webhook_id, org_id, endpoint_id, platform,
                        headers, payload, failure_reason, failure_detail, attempts_made, review_state, destination_id,
                        created_at)
                    VALUES (2, gen_random_uuid(), gen_random_uuid(), '\(shop.organization)', gen_random_uuid(), 'github',
                        '', '', 'r', 'd', 1, '\(state)', '\(shop.id)', now())
                    """
                )
            }
            #expect(try Self.read(shop, &connection).openDeadLetters == 2)
        }
    }

    @Test func `brings the minutes asked for, of the destinations asked for, to their organization too`() async throws {
        try await ShopDestination.with { shop, connection in
            var root = try shop.database.connect()
            let stranger = DestinationID.fresh(at: .now())
            for (destination, minutes, outcome) in [
                (shop.id, 0, "delivered"), (shop.id, 0, "timeout"), (shop.id, 30, "delivered"),
                (stranger, 0, "timeout"),
            ] {
                try root.run(
                    """
                    INSERT INTO postern.destination_minutes
                    VALUES (date_trunc('minute', now() - interval '\(minutes) minutes'), '\(destination)',
                        '\(shop.organization)', '\(outcome)', 5, 1, '{1,2,2,0,0,0,0,0,0,0,0,0}')
                    """
                )
            }
            let figures = try Self.read(shop, &connection)
            #expect(figures.minutes.map(\.outcome) == ["delivered", "timeout"])
            #expect(figures.timeout == .seconds(15))
            #expect(figures.minutes.allSatisfy { $0.count == 5 && $0.retries == 1 && $0.latencies[1] == 2 })
            let long = try Self.read(shop, &connection, since: .now().advanced(by: .seconds(-7200)))
            #expect(long.minutes.count == 3)
            var admin = try shop.database.connect(.admin)
            let id = shop.id
            let seen = try admin.transaction(for: shop.organization, within: Self.within) {
                tenant throws(PostgresError) in
                try DestinationFiguresReader.read(
                    [id],
                    since: .now().advanced(by: .seconds(-900)),
                    &tenant,
                    within: Self.within
                )
            }
            #expect(seen.first?.minutes.count == 2 && seen.first?.timeout == .seconds(15))
        }
    }
}
