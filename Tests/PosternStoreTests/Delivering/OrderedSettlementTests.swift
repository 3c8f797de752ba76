import PosternModel
import PosternPostgres
import PosternStore
import Testing

/// Ordered destinations: one event of an account at a time.
@Suite(.timeLimit(.minutes(5))) struct OrderedSettlementTests {
    private static let failure = DeliveryFailure(reason: "http_5xx", detail: "d")

    private static func blocked(_ route: inout Route) throws -> [String] {
        try DeliveryRetries.blockedAccounts(
            in: (0..<StoreDatabase.lanes).map { Lane($0) },
            owner: route.log.me,
            &route.log.consumer,
            within: StoreDatabase.deadline
        ).map { "\($0.lane):\($0.account)" }
    }

    @Test(arguments: [true, false])
    func `makes the next event of the account due, in the order of the numbers`(isDelivered: Bool) async throws {
        try await StoreDatabase.with { database in
            var route = try Route(database)
            let leases = try route.log.claim(1)
            try route.hand(10...13, account: "a", leases)
            #expect(try route.queue() == ["10/1:due", "11/1:waits", "12/1:waits", "13/1:waits"])
            #expect(try Self.blocked(&route) == ["1:a"])
            for number in 10...13 as ClosedRange<Int64> {
                let due = try route.due()
                #expect(due.map(\.content.number) == [number])
                var settlement = route.settlement(leases)
                settlement.finished = [
                    RetryEnd(row: due[0].row, how: isDelivered ? .delivered : .buried(Self.failure))
                ]
                #expect(try route.write(settlement) == .stored)
            }
            #expect(try route.queue() == [])
            #expect(try Self.blocked(&route) == [])
        }
    }

    @Test func `leaves followers waiting while the first is postponed, and others' accounts alone`() async throws {
        try await StoreDatabase.with { database in
            var route = try Route(database)
            let leases = try route.log.claim(1)
            try route.hand(1...3, account: "a", leases)
            try route.hand(4...6, account: "b", leases)
            let due = try route.due()
            #expect(due.map(\.content.number) == [1, 4])
            var settlement = route.settlement(leases)
            settlement.postponed = [
                PostponedDelivery(
                    row: due[0].row,
                    attempt: 2,
                    scheduledAt: Timestamp.now().advanced(by: .seconds(60)),
                    failure: Self.failure
                )
            ]
            settlement.finished = [RetryEnd(row: due[1].row, how: .delivered)]
            #expect(try route.write(settlement) == .stored)
            #expect(try route.queue() == ["1/2:later", "2/1:waits", "3/1:waits", "5/1:due", "6/1:waits"])
            #expect(try Self.blocked(&route) == ["1:a", "1:b"])
        }
    }

    @Test func `gives an event that is to wait for nobody its turn at once`() async throws {
        try await StoreDatabase.with { database in
            var route = try Route(database)
            let leases = try route.log.claim(1)
            var settlement = route.settlement(leases)
            // Whoever found the account blocked, and settles after the last of its events went.
            settlement.retries = [8, 7].map { number in
                NewDeliveryRetry(
                    content: route.content(number),
                    attempt: 0,
                    scheduledAt: nil,
                    account: "a",
                    failure: Self.failure
                )
            }
            #expect(try route.write(settlement) == .stored)
            #expect(try route.queue() == ["7/0:due", "8/0:waits"])
        }
    }

    @Test func `keeps no event waiting for one that goes in the same moment`() async throws {
        try await StoreDatabase.with { database in
            var route = try Route(database)
            let leases = try route.log.claim(1)
            try route.hand(1...1, account: "a", leases)
            let due = try route.due()
            var ends = route.settlement(leases)
            ends.finished = [RetryEnd(row: due[0].row, how: .delivered)]
            var adds = route.settlement(leases)
            adds.moves = [route.move(0, 2, handed: 1)]
            adds.retries = [
                NewDeliveryRetry(
                    content: route.content(2),
                    attempt: 1,
                    scheduledAt: nil,
                    account: "a",
                    failure: Self.failure
                )
            ]
            // Somebody holds the cursor until both are under way; one of them then goes before the other.
            try route.run(
                """
                BEGIN; SELECT FROM postern.destination_cursors
                WHERE lane = 1 AND destination_id = '\(route.destination)' FOR UPDATE
                """
            )
            let threads = [try WriteThread(database, ends), try WriteThread(database, adds)]
            try Self.awaitWaiters(2, &route)
            try route.run("COMMIT")
            for thread in threads { #expect(try thread.outcome() == .stored) }
            #expect(try route.queue() == ["2/1:due"])
        }
    }

    /// Waits until so many sessions of consumers wait for a lock.
    static func awaitWaiters(_ count: Int64, _ route: inout Route) throws {
        let sql = """
            SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'
            """
        while try route.log.number(sql) < count {}
    }

}
