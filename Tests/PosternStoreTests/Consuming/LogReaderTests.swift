import PosternModel
import PosternPostgres
import PosternStore
import Testing

@Suite(.timeLimit(.minutes(5))) struct LogReaderTests {
    @Test func `reads every cursor up to its share in order`() async throws {
        try await StoreDatabase.with { database in
            var log = try Log(database)
            _ = try log.claim(1, 2)
            let (first, second) = (try log.writer(), try log.writer())
            try log.store(1...5, lane: 2, writer: second)
            try log.store(1...2, lane: 1, writer: first)
            try log.store(6...7, lane: 1, writer: second)
            let page = try log.read([1, 2], perCursor: 3)
            #expect(page.places == ["1.1.1", "1.1.2", "1.2.6", "1.2.7", "2.2.1", "2.2.2", "2.2.3"])
            #expect(!page.isCut)
            #expect(page.eventNumbers == [Lane(1): 0, Lane(2): 0])
            let delivery = try #require(page.deliveries.first)
            #expect(delivery.cursor == 0)
            #expect(delivery.content.organization == log.organization && delivery.content.endpoint == log.endpoint)
            #expect(delivery.content.platform == "github" && delivery.content.platformName == PlatformName("github"))
            #expect(delivery.content.headers == Array(":target: /x".utf8) && delivery.content.body == Array("b1".utf8))
        }
    }

    @Test func `reads what comes after the cursor`() async throws {
        try await StoreDatabase.with { database in
            var log = try Log(database)
            _ = try log.claim(1)
            let writer = try log.writer()
            try log.store(1...5, lane: 1, writer: writer)
            try log.root.run(
                "UPDATE postern.cursors SET seq = 3 WHERE lane = 1; UPDATE postern.lanes SET event_number = 9"
            )
            let page = try log.read([1])
            #expect(page.places == ["1.1.4", "1.1.5"])
            #expect(page.deliveries.map(\.cursor) == [3, 3])
            #expect(page.eventNumbers == [Lane(1): 9])
        }
    }

    @Test func `reads nothing of lanes that are not its own`() async throws {
        try await StoreDatabase.with { database in
            var log = try Log(database)
            _ = try log.claim(1)
            let writer = try log.writer()
            try log.store(1...1, lane: 1, writer: writer)
            try log.store(2...2, lane: 2, writer: writer)
            #expect(try log.read([1, 2]).places == ["1.1.1"])
            #expect(try log.read([2]).places.isEmpty)
            try log.root.run("UPDATE postern.lanes SET owner = gen_random_uuid()")
            #expect(try log.read([1, 2]).places.isEmpty)
        }
    }

    @Test func `says that it was cut at the limit of rows`() async throws {
        try await StoreDatabase.with { database in
            var log = try Log(database)
            _ = try log.claim(1, 2)
            let writer = try log.writer()
            try log.store(1...4, lane: 1, writer: writer)
            try log.store(5...8, lane: 2, writer: writer)
            for (rows, count, isCut) in [(7, 8, true), (8, 8, false), (9, 8, false), (3, 4, true)] {
                let page = try log.read([1, 2], rows: rows)
                #expect(page.deliveries.count == count && page.isCut == isCut, "\(rows) rows")
            }
        }
    }

    @Test func `leaves large bodies to be read one by one`() async throws {
        try await StoreDatabase.with { database in
            var log = try Log(database)
            _ = try log.claim(1)
            let writer = try log.writer()
            // One digit follows the body: 16,384 bytes is the longest that comes along.
            try log.store(1...1, lane: 1, writer: writer, body: String(repeating: "x", count: 16_383))
            try log.store(2...2, lane: 1, writer: writer, body: String(repeating: "y", count: 16_384))
            try log.store(3...3, lane: 1, writer: writer, body: "")
            let deliveries = try log.read([1]).deliveries
            #expect(deliveries.map(\.content.body.count) == [16_384, 0, 1])
            #expect(deliveries.map(\.missingBytes) == [0, 16_385, 0])
            let bodies = try LogReader.bodies(
                of: [deliveries[1].head, deliveries[0].head],
                &log.consumer,
                within: StoreDatabase.deadline
            )
            let whole = deliveries[1].completed(with: try #require(bodies[deliveries[1].head]))
            #expect(whole.content.body.count == 16_385 && whole.content.body.last == UInt8(ascii: "2"))
            #expect(whole.missingBytes == 0 && whole.content.id == deliveries[1].content.id)
            #expect(bodies.count == 2)
        }
    }

    @Test func `says nothing of a body that is gone`() async throws {
        try await StoreDatabase.with { database in
            var log = try Log(database)
            let head = DeliveryHead(lane: Lane(1), writer: 1, sequence: 1, storedAt: .now())
            let bodies = try LogReader.bodies(of: [head], &log.consumer, within: StoreDatabase.deadline)
            #expect(bodies.isEmpty)
        }
    }

    @Test func `forgives a writer whose clock stands behind its cursor's`() async throws {
        try await StoreDatabase.with { database in
            var log = try Log(database)
            _ = try log.claim(1)
            let writer = try log.writer()
            try log.store(1...1, lane: 1, writer: writer, at: "now() - interval '50 minutes'")
            #expect(try log.read([1]).places == ["1.1.1"])
        }
    }

    @Test func `reads a day ahead only when asked to`() async throws {
        try await StoreDatabase.with { database in
            var log = try Log(database)
            _ = try log.claim(1)
            let writer = try log.writer()
            try log.store(1...1, lane: 1, writer: writer, at: "now() + interval '2 days'")
            #expect(try log.read([1]).places.isEmpty)
            #expect(try log.read([1], before: .seconds(400 * 86_400)).places == ["1.1.1"])
        }
    }

    @Test func `walks an index in the partitions it needs and no others`() async throws {
        try await StoreDatabase.with { database in
            var log = try Log(database)
            try Traffic.makeDays(5, &log.root)
            _ = try log.claim(0, 1, 2, 3)
            let writer = try log.writer()
            try log.store(1...2000, lane: 1, writer: writer)
            try log.root.run("VACUUM ANALYZE postern.deliveries")
            _ = try log.read([1])
            let plan = try log.consumer.plan(
                of: "deliveries_read",
                ["'{0,1,2,3}'", "'\(log.me)'", "now() + interval '1 hour'", "100", "16384", "1000"]
            )
            // Days before the cursor are pruned while it runs, days after the bound when it starts.
            #expect(plan.contains("Subplans Removed: "))
            #expect(!plan.contains("Seq Scan on deliveries"))
            #expect(plan.contains("Index Scan using deliveries_"))
            #expect(!plan.contains("Memoize"))
            let analyzed = try Self.analyze(&log.consumer, log.me)
            // Six days of the past: all but today's (and yesterday's, in the first hour of a day) are never looked at.
            #expect(analyzed.split(separator: "\n").count { $0.contains("never executed") } >= 5)
        }
    }

    @Test func `reads a page and not the backlog of a day that nobody has analyzed yet`() async throws {
        try await StoreDatabase.with { database in
            var log = try Log(database)
            _ = try log.claim(0, 1, 2, 3)
            try log.store(1...20_000, lane: 1, writer: try log.writer())
            _ = try log.read([1])
            let plan = try Self.analyze(&log.consumer, log.me)
            let rows = plan.matches(of: /deliveries_.*actual rows=(\d+)/).compactMap { Int($0.1) }
            // The mean of the four cursors.
            #expect(rows.max() == 25, "\(plan)")
        }
    }

    private static func analyze(_ connection: inout Connection, _ me: ConsumerID) throws -> String {
        let rows = try connection.ask(
            """
            EXPLAIN (ANALYZE, COSTS OFF, TIMING OFF, SUMMARY OFF)
            EXECUTE "deliveries_read"('{0,1,2,3}', '\(me)', now() + interval '1 hour', 100, 16384, 1000)
            """
        )
        return try (0..<rows.count).map { try rows.text($0, 0) }.joined(separator: "\n")
    }
}
