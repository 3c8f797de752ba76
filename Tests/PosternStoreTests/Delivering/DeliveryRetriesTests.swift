import PosternModel
import PosternPostgres
import PosternStore
import Testing

@Suite(.timeLimit(.minutes(5))) struct DeliveryRetriesTests {
    private static let within = StoreDatabase.deadline
    private static let lanes = (0..<StoreDatabase.lanes).map { Lane($0) }

    /// Puts rows with `number` as number into the queue, scheduled so many seconds from now.
    private static func store(
        _ numbers: ClosedRange<Int64>,
        lane: Int32 = 1,
        _ destination: DestinationID,
        at time: String = "now() + n * interval '1 second'",
        account: String = "NULL",
        payload: String = "12345678",
        _ route: inout Route
    ) throws {
        try route.run(
            """
            INSERT INTO postern.webhook_retry_queue (lane, id, webhook_id, org_id, endpoint_id, platform, headers,
                payload, attempt_number, scheduled_at, failure_reason, failure_detail, created_at, destination_id,
                event_id, event_number, event, account)
            SELECT \(lane), gen_random_uuid(), gen_random_uuid(), '\(route.log.organization)', '\(route.log.endpoint)',
                'github', '', '\(payload)', 1, \(time), 'r', 'd', now(), '\(destination)', gen_random_uuid(), n, '{}',
                \(account)
            FROM generate_series(\(numbers.lowerBound), \(numbers.upperBound)) n
            """
        )
    }

    /// Puts a delivery that could not be normalized into the queue, due since a minute.
    private static func storeUnread(_ route: inout Route, lane: Int32 = 1) throws {
        try route.run(
            """
            INSERT INTO postern.webhook_retry_queue (lane, id, webhook_id, org_id, endpoint_id, platform, headers,
                payload, attempt_number, scheduled_at, failure_reason, failure_detail, created_at)
            VALUES (\(lane), gen_random_uuid(), gen_random_uuid(), '\(route.log.organization)',
                '\(route.log.endpoint)', 'github', '', '', 1, now() - interval '1 minute', 'r', 'd', now())
            """
        )
    }

    private static func due(
        _ requests: [DueRequest],
        at time: Timestamp = Timestamp.now().advanced(by: .seconds(3600)),
        excluding: [RetryID] = [],
        bytes: Int = 1 << 20,
        _ route: inout Route
    ) throws -> [DueDelivery] {
        try DeliveryRetries.due(
            requests,
            owner: route.log.me,
            at: time,
            excluding: excluding,
            bytesInAll: bytes,
            &route.log.consumer,
            within: Self.within
        )
    }

    private static func waiting(_ route: inout Route) throws -> [WaitingDeliveries] {
        try DeliveryRetries.waiting(in: Self.lanes, owner: route.log.me, &route.log.consumer, within: Self.within)
    }

    @Test func `gives each lane and destination its share, the longest waiting first`() async throws {
        try await StoreDatabase.with { database in
            var route = try Route(database)
            let other = DestinationID.fresh(at: .now())
            try Self.store(1...5, route.destination, at: "now() - n * interval '1 second'", &route)
            try Self.store(11...12, other, &route)
            try Self.store(21...29, lane: 2, route.destination, &route)
            try Self.store(31...39, lane: 3, route.destination, &route)
            _ = try route.log.claim(1, 2)
            let due = try Self.due(
                [
                    DueRequest(lane: Lane(2), destination: route.destination, limit: 2),
                    DueRequest(lane: Lane(3), destination: route.destination, limit: 9),
                    DueRequest(lane: Lane(1), destination: route.destination, limit: 3),
                    DueRequest(lane: Lane(1), destination: other, limit: 9),
                ],
                &route
            )
            #expect(due.map(\.content.number) == [21, 22, 5, 4, 3, 11, 12])
            #expect(due.map(\.row.lane.number) == [2, 2, 1, 1, 1, 1, 1])
            #expect(due[5].row.destination == other && due[5].content.destination == other)
            #expect(due[0].content.payload == Array("12345678".utf8) && due[0].content.attributes == Array("{}".utf8))
            #expect(due[0].row.attempt == 1 && !due[0].row.isReplay)
        }
    }

    @Test func `leaves what is scheduled for later, what waits for its turn, and what is being tried`() async throws {
        try await StoreDatabase.with { database in
            var route = try Route(database)
            _ = try route.log.claim(1)
            try Self.store(1...3, route.destination, at: "now() - interval '1 second' * (10 - n)", &route)
            try Self.store(4...4, route.destination, at: "now() + interval '1 minute'", &route)
            try Self.store(5...5, route.destination, at: "'infinity'", account: "'a'", &route)
            try Self.storeUnread(&route)
            let request = DueRequest(lane: Lane(1), destination: route.destination, limit: 2)
            let first = try Self.due([request], at: .now(), &route)
            #expect(first.map(\.content.number) == [1, 2])
            let second = try Self.due([request], at: .now(), excluding: first.map(\.row.id), &route)
            #expect(second.map(\.content.number) == [3])
            let all = try Self.due([DueRequest(lane: Lane(1), destination: route.destination, limit: 9)], &route)
            #expect(all.map(\.content.number) == [1, 2, 3, 4])
        }
    }

    @Test func `brings no more than there is room for, and one row more`() async throws {
        try await StoreDatabase.with { database in
            var route = try Route(database)
            _ = try route.log.claim(1)
            // Each row is 2 bytes of attributes and 8 of payload.
            try Self.store(1...4, route.destination, &route)
            let request = DueRequest(lane: Lane(1), destination: route.destination, limit: 9)
            for (bytes, count) in [(0, 0), (1, 1), (10, 1), (11, 2), (30, 3), (41, 4)] {
                #expect(try Self.due([request], bytes: bytes, &route).count == count, "\(bytes)")
            }
        }
    }

    @Test func `says where something waits, and when the first of it is due`() async throws {
        try await StoreDatabase.with { database in
            var route = try Route(database)
            let other = DestinationID.fresh(at: Timestamp.now().advanced(by: .seconds(1)))
            for lane in [1, 2, 3] as [Int32] {
                try Self.store(10...19, lane: lane, route.destination, &route)
                try Self.store(5...9, lane: lane, other, &route)
            }
            try Self.store(1...1, lane: 4, route.destination, at: "'infinity'", account: "'a'", &route)
            try Self.storeUnread(&route, lane: 5)
            #expect(try Self.waiting(&route).isEmpty)
            _ = try route.log.claim(1, 2, 4, 5)
            let waiting = try Self.waiting(&route)
            #expect(waiting.map(\.lane.number) == [1, 1, 2, 2])
            #expect(waiting.map(\.destination) == [route.destination, other, route.destination, other])
            let earliest = try route.log.number(
                "SELECT extract(epoch from min(scheduled_at)) * 1000000 FROM postern.webhook_retry_queue WHERE lane = 2"
            )
            #expect(waiting[3].earliest.microseconds == earliest)
        }
    }

    @Test func `names each account that has events in the queue once`() async throws {
        try await StoreDatabase.with { database in
            var route = try Route(database)
            try Self.store(1...9, route.destination, account: "'a' || n % 3", &route)
            try Self.store(10...12, lane: 2, route.destination, account: "'a0'", &route)
            try Self.store(13...14, route.destination, &route)
            try Self.store(15...16, lane: 3, route.destination, account: "'b'", &route)
            _ = try route.log.claim(1, 2)
            let blocked = try DeliveryRetries.blockedAccounts(
                in: Self.lanes,
                owner: route.log.me,
                &route.log.consumer,
                within: Self.within
            )
            let expected = [(1, "a0"), (1, "a1"), (1, "a2"), (2, "a0")] as [(Int32, String)]
            #expect(
                blocked
                    == expected.map {
                        BlockedAccount(lane: Lane($0.0), destination: route.destination, account: $0.1)
                    }
            )
            try route.run("DELETE FROM postern.webhook_retry_queue WHERE account = 'a1' OR lane = 2")
            let left = try DeliveryRetries.blockedAccounts(
                among: blocked,
                &route.log.consumer,
                within: Self.within
            )
            #expect(left.map { "\($0.lane):\($0.account)" }.sorted() == ["1:a0", "1:a2"])
        }
    }

    @Test func `keeps retries of deliveries and of events apart`() async throws {
        try await StoreDatabase.with { database in
            var route = try Route(database)
            _ = try route.log.claim(1)
            try Self.store(1...20, route.destination, at: "now() - interval '1 hour'", &route)
            try Self.storeUnread(&route)
            let page = try RetryReader.due(
                [Lane(1)],
                owner: route.log.me,
                at: .now(),
                rowsPerLane: 10,
                bytesInAll: 1 << 20,
                &route.log.consumer,
                within: Self.within
            )
            #expect(page.retries.count == 1)
            let waiting = try RetryReader.waiting(
                in: [Lane(1)],
                atMost: 100,
                &route.log.consumer,
                within: Self.within
            )
            #expect(waiting == 1)
        }
    }

    @Test func `walks over the index, whatever lies in the queue`() async throws {
        try await StoreDatabase.with { database in
            var route = try Route(database)
            _ = try route.log.claim(1)
            let lanes = "'{0,1,2,3,4,5,6,7}'"
            let values: [(String, [String])] = [
                ("delivery_retries_waiting", [lanes, "'\(route.log.me)'"]),
                ("delivery_retries_blocked", [lanes, "'\(route.log.me)'"]),
                (
                    "delivery_retries_due",
                    [
                        "'{1}'", "ARRAY['\(route.destination)']::uuid[]", "'{9}'", "'\(route.log.me)'", "now()", "'{}'",
                        "9",
                    ]
                ),
            ]
            _ = try Self.waiting(&route)
            _ = try DeliveryRetries.blockedAccounts(
                in: Self.lanes,
                owner: route.log.me,
                &route.log.consumer,
                within: Self.within
            )
            _ = try Self.due([DueRequest(lane: Lane(1), destination: route.destination, limit: 9)], &route)
            for (statement, values) in values {
                let plan = try route.log.consumer.plan(of: statement, values)
                #expect(!plan.contains("Seq Scan on webhook_retry_queue"), "\(plan)")
                #expect(plan.contains("Index Cond: ((lane = "), "\(plan)")
            }
        }
    }
}
