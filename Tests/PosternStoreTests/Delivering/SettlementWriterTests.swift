import PosternModel
import PosternPostgres
import PosternStore
import Testing

@Suite(.timeLimit(.minutes(5))) struct SettlementWriterTests {
    /// A settlement with a bit of everything that stands on no row of the queue.
    private static func mixed(_ route: borrowing Route, _ leases: [LeasedLane]) -> DeliverySettlement {
        var settlement = route.settlement(leases)
        settlement.moves = [route.move(0, 6, delivered: 2, handed: 2, buried: 1)]
        settlement.retries = [2, 3].map { number in
            NewDeliveryRetry(
                content: route.content(number),
                attempt: 1,
                scheduledAt: .now(),
                failure: DeliveryFailure(reason: "timeout", detail: "no answer\0")
            )
        }
        settlement.deadLetters = [
            NewDeliveryDeadLetter(
                content: route.content(4),
                type: "t",
                definitionVersion: 3,
                attempts: 1,
                failure: DeliveryFailure(reason: "http_4xx", detail: "d", status: 404, answer: "no\0ne")
            )
        ]
        settlement.attempts = [
            NewAttempt(
                lane: Lane(1),
                startedAt: .now(),
                organization: route.log.organization,
                destination: route.destination,
                event: .fresh(at: .now()),
                attempt: 1,
                duration: .milliseconds(1500),
                outcome: "timeout",
                error: String(repeating: "é", count: 600)
            )
        ]
        settlement.minutes.add(
            "delivered",
            destination: route.destination,
            organization: route.log.organization,
            isRetry: false,
            duration: .milliseconds(7),
            at: .now()
        )
        return settlement
    }

    private static let stored =
        "6/2/2/1/1/0/0 queue 2.1.timeout,3.1.timeout letters 4.1.http_4xx.open attempts 1 minutes 1"

    @Test func `stores all of a settlement`() async throws {
        try await StoreDatabase.with { database in
            var route = try Route(database)
            let leases = try route.log.claim(1)
            let settlement = Self.mixed(route, leases)
            #expect(try route.write(settlement) == .stored)
            #expect(try route.state() == Self.stored)
            let content = settlement.retries[0].content
            #expect(
                try route.texts(
                    """
                    SELECT concat_ws(' ', lane, webhook_id, org_id, endpoint_id, platform, destination_id, event_id,
                        event, convert_from(headers, 'UTF8'), convert_from(payload, 'UTF8'), account, failure_detail)
                    FROM postern.webhook_retry_queue WHERE event_number = 2
                    """
                ) == [
                    """
                    1 \(content.delivery) \(content.organization) \(content.endpoint) github \(content.destination) \
                    \(content.event) {"id":"2"} a: b {"n": 1.0} no answer\u{FFFD}
                    """
                ]
            )
            #expect(
                try route.texts(
                    """
                    SELECT concat_ws(' ', event_id, event, event_type, definition_version, answer_status, answer,
                        failed_at = created_at, destination_id, convert_from(payload, 'UTF8'))
                    FROM postern.webhook_dead_letter_queue
                    """
                ) == [
                    """
                    \(settlement.deadLetters[0].content.event) {"id":"4"} t 3 404 no\u{FFFD}ne t \(route.destination) \
                    {"n": 1.0}
                    """
                ]
            )
            #expect(
                try route.texts(
                    "SELECT concat_ws(' ', lane, duration, outcome, status, octet_length(error)) FROM postern.attempts"
                ) == ["1 00:00:01.5 timeout 1000"]
            )
            #expect(
                try route.texts("SELECT concat_ws(' ', count, retries, latencies) FROM postern.destination_minutes")
                    == ["1 0 {0,1,0,0,0,0,0,0,0,0,0,0}"]
            )
        }
    }

    @Test func `stores a settlement once, however often it is written`() async throws {
        try await StoreDatabase.with { database in
            var route = try Route(database)
            let settlement = Self.mixed(route, try route.log.claim(1))
            #expect(try route.write(settlement) == .stored)
            #expect(try route.write(settlement) == .moved)
            #expect(try route.write(settlement) == .moved)
            #expect(try route.state() == Self.stored)
        }
    }

    /// Something that must keep a settlement from being stored.
    enum Hindrance: String, CaseIterable, Sendable {
        case stolen = "UPDATE postern.lanes SET owner = gen_random_uuid(), fence = fence + 1 WHERE lane = 1"
        case claimedAnew = "UPDATE postern.lanes SET fence = fence + 1 WHERE lane = 1"
        case released = "UPDATE postern.lanes SET owner = NULL WHERE lane = 1"
        case otherLaneStolen = "UPDATE postern.lanes SET owner = gen_random_uuid(), fence = fence + 1 WHERE lane = 2"
        case cursorMoved = "UPDATE postern.destination_cursors SET number = 1 WHERE lane = 1"
        case cursorGone = "DELETE FROM postern.destination_cursors WHERE lane = 1"
    }

    @Test func `stores nothing when a lane or a cursor is not as it was`() async throws {
        try await StoreDatabase.with { database in
            var route = try Route(database)
            let settlement = Self.mixed(route, try route.log.claim(1, 2))
            for hindrance in Hindrance.allCases {
                try route.run(
                    """
                    CREATE TABLE saved AS TABLE postern.lanes;
                    CREATE TABLE stood AS TABLE postern.destination_cursors
                    """
                )
                try route.run(hindrance.rawValue)
                let before = try route.state()
                #expect(try route.write(settlement) == .moved, "\(hindrance)")
                #expect(try route.state() == before, "\(hindrance)")
                try route.run(
                    """
                    DELETE FROM postern.lanes; INSERT INTO postern.lanes TABLE saved; DROP TABLE saved;
                    DELETE FROM postern.destination_cursors; INSERT INTO postern.destination_cursors TABLE stood;
                    DROP TABLE stood
                    """
                )
            }
            #expect(try route.write(settlement) == .stored)
        }
    }

    /// Something that happens to a row of the queue between reading and settling.
    enum Meddling: String, CaseIterable, Sendable {
        case deleted = "DELETE FROM postern.webhook_retry_queue WHERE event_number = 1"
        case attempted = "UPDATE postern.webhook_retry_queue SET attempt_number = 2 WHERE event_number = 1"
        case stolen = "UPDATE postern.lanes SET owner = gen_random_uuid(), fence = fence + 1 WHERE lane = 1"
    }

    @Test func `stores nothing when a retry is not as it was`() async throws {
        try await StoreDatabase.with { database in
            var route = try Route(database)
            for meddling in Meddling.allCases {
                for finishes in [true, false] {
                    try route.run("DELETE FROM postern.webhook_retry_queue; UPDATE postern.lanes SET owner = NULL")
                    let leases = try route.log.claim(1)
                    try route.hand(1...3, leases)
                    let due = try route.due()
                    try #require(due.map(\.content.number) == [1, 2, 3])
                    var settlement = route.settlement(leases)
                    settlement.moves = [route.move(0, 3, handed: 3)]
                    settlement.finished = [RetryEnd(row: due[2].row, how: .delivered)]
                    if finishes {
                        settlement.finished += [RetryEnd(row: due[0].row, how: .delivered)]
                    } else {
                        settlement.postponed = [
                            PostponedDelivery(
                                row: due[0].row,
                                attempt: 2,
                                scheduledAt: .now(),
                                failure: DeliveryFailure(reason: "r", detail: "d")
                            )
                        ]
                    }
                    try route.run(meddling.rawValue)
                    let before = try route.state()
                    #expect(try route.write(settlement) == .moved, "\(meddling), \(finishes)")
                    #expect(try route.state() == before, "\(meddling), \(finishes)")
                }
            }
        }
    }

    @Test func `ends and postpones retries, and counts what became of those handed`() async throws {
        try await StoreDatabase.with { database in
            var route = try Route(database)
            let leases = try route.log.claim(1)
            try route.hand(1...4, leases)
            let due = try route.due()
            var settlement = route.settlement(leases)
            let failure = DeliveryFailure(reason: "http_5xx", detail: "d", status: 503)
            settlement.finished = [
                RetryEnd(row: due[0].row, how: .delivered), RetryEnd(row: due[1].row, how: .buried(failure)),
                RetryEnd(row: due[2].row, how: .delivered),
            ]
            settlement.deadLetters = [
                NewDeliveryDeadLetter(
                    content: due[1].content,
                    type: "t",
                    definitionVersion: 1,
                    attempts: 6,
                    failure: failure
                )
            ]
            let later = Timestamp.now().advanced(by: .seconds(300))
            settlement.postponed = [
                PostponedDelivery(row: due[3].row, attempt: 2, scheduledAt: later, failure: failure)
            ]
            #expect(try route.write(settlement) == .stored)
            #expect(
                try route.state()
                    == "0/0/0/0/0/2/1 queue 4.2.http_5xx letters 2.6.http_5xx.open attempts 0 minutes"
            )
            #expect(try route.due().map(\.scheduledAt) == [later])
            #expect(try route.write(settlement) == .moved)
        }
    }

    @Test func `moves one cursor several steps, and cursors of several lanes and destinations`() async throws {
        try await StoreDatabase.with { database in
            var route = try Route(database)
            let other = DestinationID.fresh(at: .now())
            try route.addDestination(other)
            var settlement = route.settlement(try route.log.claim(2, 1))
            settlement.moves = [route.move(0, 4, delivered: 3), route.move(4, 5, buried: 1)]
            for lane in [2, 1] as [Int32] {
                settlement.moves.append(
                    DestinationMove(
                        lane: Lane(lane),
                        destination: other,
                        from: 0,
                        to: Int64(lane) * 10,
                        storedAt: .now(),
                        delivered: 1
                    )
                )
            }
            #expect(try route.write(settlement) == .stored)
            #expect(try route.state().hasPrefix("5/3/0/1/1/0/0 "))
            #expect(
                try route.texts(
                    """
                    SELECT lane || ':' || number FROM postern.destination_cursors
                    WHERE destination_id = '\(other)' AND number > 0 ORDER BY lane
                    """
                ) == ["1:10", "2:20"]
            )
        }
    }

    @Test func `adds to the counts of the same minute`() async throws {
        try await StoreDatabase.with { database in
            var route = try Route(database)
            let leases = try route.log.claim(1)
            let time = Timestamp.now()
            for (isRetry, milliseconds) in [(false, 1), (true, 30_000), (true, 1)] as [(Bool, Int64)] {
                var settlement = route.settlement(leases)
                for outcome in ["timeout", "delivered"] {
                    settlement.minutes.add(
                        outcome,
                        destination: route.destination,
                        organization: route.log.organization,
                        isRetry: isRetry,
                        duration: .milliseconds(milliseconds),
                        at: time
                    )
                }
                #expect(try route.write(settlement) == .stored)
            }
            #expect(
                try route.texts(
                    """
                    SELECT concat_ws(' ', outcome, count, retries, latencies, minute = date_trunc('minute', minute))
                    FROM postern.destination_minutes ORDER BY outcome
                    """
                ) == ["delivered", "timeout"].map { "\($0) 3 2 {2,0,0,0,0,0,0,0,0,0,0,1} t" }
            )
        }
    }

    @Test func `announces events after the commit, and none of a settlement that is not ours`() async throws {
        try await StoreDatabase.with { database in
            var route = try Route(database)
            let leases = try route.log.claim(1)
            var listener = try database.connect()
            try listener.listen("orders")
            var settlement = route.settlement(leases)
            settlement.moves = [route.move(1, 2, delivered: 1)]
            let events = (0..<3).map { _ in EventID.fresh(at: .now()) }
            settlement.announcements = [Announcement(channel: "orders", event: events[2])]
            #expect(try route.write(settlement) == .moved)
            settlement.moves = [route.move(0, 2, delivered: 2)]
            settlement.announcements = [
                Announcement(channel: "orders", event: events[1]), Announcement(channel: "others", event: events[2]),
                Announcement(channel: "orders", event: events[0]),
            ]
            #expect(try route.write(settlement) == .stored)
            var heard: [String] = []
            while heard.count < 2 {
                let news = try listener.notifications(within: StoreDatabase.deadline)
                guard !news.isEmpty else { break }
                heard += news.map(\.payload)
            }
            #expect(heard == [events[1], events[0]].map(\.description))
        }
    }

    @Test func `stores more rows than a statement carries, and more bytes`() async throws {
        try await StoreDatabase.with { database in
            var route = try Route(database)
            let leases = try route.log.claim(1)
            try route.hand(1...700, leases)
            #expect(try route.due(1000).count == 700)
            var settlement = route.settlement(leases)
            let small = route.content(701)
            for number in 701...703 as ClosedRange<Int64> {
                settlement.retries.append(
                    NewDeliveryRetry(
                        content: OutgoingEvent(
                            lane: small.lane,
                            destination: small.destination,
                            organization: small.organization,
                            endpoint: small.endpoint,
                            delivery: small.delivery,
                            platform: small.platform,
                            event: small.event,
                            number: number,
                            attributes: small.attributes,
                            headers: [],
                            payload: [UInt8](repeating: 7, count: 5_000_000)
                        ),
                        attempt: 1,
                        scheduledAt: .now(),
                        failure: DeliveryFailure(reason: "r", detail: "d")
                    )
                )
            }
            #expect(try route.write(settlement) == .stored)
            #expect(
                try route.log.number("SELECT sum(octet_length(payload)) FROM postern.webhook_retry_queue")
                    == 15_000_000 + 700 * 10
            )
        }
    }

    @Test func `stores nothing at all when there is nothing`() async throws {
        try await StoreDatabase.with { database in
            var route = try Route(database)
            #expect(try route.write(route.settlement([])) == .stored)
        }
    }
}
