import PosternModel
import PosternPostgres
import PosternStore
import Testing

/// Two who settle the same events: what only one of them may do is done once.
@Suite(.timeLimit(.minutes(5))) struct SettlementRaceTests {
    private static func step(_ route: borrowing Route, _ leases: [LeasedLane], _ reason: String) -> DeliverySettlement {
        var settlement = route.settlement(leases)
        settlement.moves = [route.move(0, 3, handed: 1)]
        settlement.retries = [
            NewDeliveryRetry(
                content: route.content(2),
                attempt: 1,
                scheduledAt: .now(),
                failure: DeliveryFailure(reason: reason, detail: "d")
            )
        ]
        return settlement
    }

    @Test func `lets one of two settlements of the same events through`() async throws {
        try await StoreDatabase.with { database in
            var route = try Route(database)
            let leases = try route.log.claim(1)
            try route.run("BEGIN; SELECT FROM postern.destination_cursors WHERE lane = 1 FOR UPDATE")
            let threads = try ["first", "second"].map { try WriteThread(database, Self.step(route, leases, $0)) }
            try OrderedSettlementTests.awaitWaiters(2, &route)
            try route.run("COMMIT")
            let outcomes = try threads.map { try $0.outcome() }
            #expect(outcomes.contains(.stored) && outcomes.contains(.moved))
            let winner = outcomes[0] == .stored ? "first" : "second"
            #expect(try route.state() == "3/0/1/0/2/0/0 queue 2.1.\(winner) letters attempts 0 minutes")
        }
    }

    @Test func `lets one of two ends of the same retry through`() async throws {
        try await StoreDatabase.with { database in
            var route = try Route(database)
            let leases = try route.log.claim(1)
            try route.hand(1...2, leases)
            let due = try route.due()
            var delivered = route.settlement(leases)
            delivered.finished = due.map { RetryEnd(row: $0.row, how: .delivered) }
            var buried = route.settlement(leases)
            buried.finished = due.reversed().map {
                RetryEnd(row: $0.row, how: .buried(DeliveryFailure(reason: "r", detail: "d")))
            }
            try route.run("BEGIN; SELECT FROM postern.webhook_retry_queue FOR UPDATE")
            let threads = [try WriteThread(database, delivered), try WriteThread(database, buried)]
            try OrderedSettlementTests.awaitWaiters(2, &route)
            try route.run("COMMIT")
            let outcomes = try threads.map { try $0.outcome() }
            #expect(outcomes.contains(.stored) && outcomes.contains(.moved))
            let counts = outcomes[0] == .stored ? "2/0" : "0/2"
            #expect(try route.state() == "0/0/0/0/0/\(counts) queue letters attempts 0 minutes")
        }
    }

    @Test func `stores nothing when the lane's new owner was here first`() async throws {
        try await StoreDatabase.with { database in
            var route = try Route(database)
            let leases = try route.log.claim(1)
            let mine = Self.step(route, leases, "mine")
            let other = ConsumerID.fresh(at: .now())
            try route.log.endLease(of: route.log.me)
            var theirs = Self.step(route, try route.log.claim([1], for: other), "theirs")
            theirs.consumer = other
            #expect(try route.write(theirs) == .stored)
            #expect(try route.write(mine) == .moved)
            #expect(try route.state() == "3/0/1/0/2/0/0 queue 2.1.theirs letters attempts 0 minutes")
        }
    }

    @Test func `stores nothing when the lane is taken while the settlement waits`() async throws {
        try await StoreDatabase.with { database in
            var route = try Route(database)
            let leases = try route.log.claim(1)
            try route.hand(1...1, leases)
            let due = try route.due()
            var settlement = route.settlement(leases)
            settlement.moves = [route.move(0, 3, delivered: 3)]
            settlement.finished = [RetryEnd(row: due[0].row, how: .delivered)]
            // The thief has claimed the lane, settled the same events, and commits while the settlement waits for it.
            try route.run(
                """
                BEGIN; UPDATE postern.lanes SET owner = gen_random_uuid(), fence = fence + 1 WHERE lane = 1;
                UPDATE postern.destination_cursors SET number = 3, handed = 3 WHERE lane = 1
                """
            )
            let thread = try WriteThread(database, settlement)
            try OrderedSettlementTests.awaitWaiters(1, &route)
            try route.run("COMMIT")
            #expect(try thread.outcome() == .moved)
            #expect(try route.state() == "3/0/3/0/0/0/0 queue 1.1.timeout letters attempts 0 minutes")
        }
    }

    @Test func `waits for no lane, and lets no lane wait`() async throws {
        try await StoreDatabase.with { database in
            var route = try Route(database)
            let leases = try route.log.claim(1)
            // A batch of new events has updated the lane and is not committed yet.
            try route.run("BEGIN; UPDATE postern.lanes SET event_number = event_number + 1 WHERE lane = 1")
            #expect(try route.write(Self.step(route, leases, "r")) == .stored)
            try route.run("COMMIT")
        }
    }
}
