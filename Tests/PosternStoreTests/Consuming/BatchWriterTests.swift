import PosternModel
import PosternPostgres
import PosternStore
import Testing

@Suite(.timeLimit(.minutes(5))) struct BatchWriterTests {
    private static let within = StoreDatabase.deadline

    private static func event(_ log: borrowing Log, _ key: String, lane: Int32 = 1) throws -> NewEvent {
        let platform = try #require(PlatformName("github"))
        return NewEvent(
            lane: Lane(lane),
            id: .fresh(at: .now()),
            organization: log.organization,
            ledgerOrganization: log.organization,
            endpoint: log.endpoint,
            delivery: .fresh(at: .now()),
            platform: platform,
            definitionVersion: 3,
            type: "t",
            source: "/s",
            subject: nil,
            account: "a",
            time: nil,
            key: key,
            ledgerKey: try LedgerKey(endpoint: log.endpoint, account: "a", key: key),
            data: Array(#"{"n": 12345678901234567890.10}"#.utf8)
        )
    }

    private static func batch(
        _ log: borrowing Log,
        _ leases: [LeasedLane],
        keys: [String],
        from: Int64 = 0,
        to: Int64 = 1,
        eventNumber: Int64 = 0
    ) throws -> WriteBatch {
        var batch = WriteBatch(consumer: log.me, time: .now())
        batch.lanes = leases.map { LaneWork(lease: $0, eventNumber: eventNumber) }
        batch.events = try keys.map { try Self.event(log, $0) }
        batch.moves = [
            CursorMove(lane: Lane(1), writer: 1, from: from, to: to, storedAt: .now(), deliveries: to - from)
        ]
        return batch
    }

    private static func write(_ batch: WriteBatch, _ log: inout Log) throws -> BatchOutcome {
        try BatchWriter.write(batch, &log.consumer, within: Self.within)
    }

    private static func state(_ log: inout Log) throws -> [String] {
        try log.root.texts(
            """
            SELECT concat_ws(' ', (SELECT string_agg(number || ':' || key, ',' ORDER BY number) FROM postern.events),
                'keys', (SELECT count(*) FROM postern.event_keys), 'cursor', (SELECT seq || '/' || consumed FROM
                postern.cursors WHERE lane = 1 AND writer = 1), 'number', (SELECT event_number FROM postern.lanes WHERE
                lane = 1), 'counts', (SELECT sum(count) FROM postern.traffic_minutes))
            """
        )
    }

    @Test func `stores new events once and numbers them`() async throws {
        try await StoreDatabase.with { database in
            var log = try Log(database)
            let leases = try log.claim(1)
            _ = try log.writer()
            guard
                case .stored(let first) = try Self.write(
                    Self.batch(log, leases, keys: ["a", "b", "a", "c"], to: 4),
                    &log
                )
            else { throw Unexpected() }
            #expect(first.stored == 3 && first.duplicates == 1 && first.unwritten.isEmpty)
            #expect(first.counted.total(.event) == 3 && first.counted.total(.duplicate) == 1)
            guard
                case .stored(let second) = try Self.write(
                    Self.batch(log, leases, keys: ["c", "d", "b"], from: 4, to: 6, eventNumber: 3),
                    &log
                )
            else { throw Unexpected() }
            #expect(second.stored == 1 && second.duplicates == 2)
            #expect(try Self.state(&log) == ["1:a,2:b,3:c,4:d keys 4 cursor 6/6 number 4 counts 7"])
            #expect(
                try log.root.texts("SELECT data FROM postern.events WHERE number = 1")
                    == [#"{"n": 12345678901234567890.10}"#]
            )
        }
    }

    @Test func `links a key to the first delivery that carried it`() async throws {
        try await StoreDatabase.with { database in
            var log = try Log(database)
            let leases = try log.claim(1)
            _ = try log.writer()
            let first = try Self.batch(log, leases, keys: ["a"])
            _ = try Self.write(first, &log)
            _ = try Self.write(Self.batch(log, leases, keys: ["a"], from: 1, to: 2, eventNumber: 1), &log)
            #expect(
                try log.root.texts("SELECT delivery_id FROM postern.event_keys") == ["\(first.events[0].delivery)"]
            )
        }
    }

    /// Something that must keep a batch from being stored.
    enum Hindrance: String, CaseIterable, Sendable {
        case stolen = "UPDATE postern.lanes SET owner = gen_random_uuid(), fence = fence + 1 WHERE lane = 2"
        case claimedAnew = "UPDATE postern.lanes SET fence = fence + 1 WHERE lane = 2"
        case released = "UPDATE postern.lanes SET owner = NULL WHERE lane = 2"
        case numbered = "UPDATE postern.lanes SET event_number = 1 WHERE lane = 2"
    }

    @Test(arguments: Hindrance.allCases)
    func `stores nothing when a lane is not ours as it was`(hindrance: Hindrance) async throws {
        try await StoreDatabase.with { database in
            var log = try Log(database)
            let leases = try log.claim(1, 2)
            _ = try log.writer()
            let before = try Self.state(&log)
            try log.root.run(hindrance.rawValue)
            guard case .leaseLost(let lost) = try Self.write(Self.batch(log, leases, keys: ["a"]), &log) else {
                throw Unexpected()
            }
            #expect(lost == [leases[1]])
            #expect(try Self.state(&log) == before)
        }
    }

    @Test func `stores nothing when the lane is taken while the batch is under way`() async throws {
        try await StoreDatabase.with { database in
            var log = try Log(database)
            let leases = try log.claim(1)
            _ = try log.writer()
            let before = try Self.state(&log)
            let batch = try Self.batch(log, leases, keys: ["a"])
            // The thief's claim is not committed yet when the batch begins; the batch waits for it at the lane's row.
            try log.root.run(
                "BEGIN; UPDATE postern.lanes SET owner = gen_random_uuid(), fence = fence + 1 WHERE lane = 1"
            )
            let thread = try WriteThread(database, batch)
            try log.root.run("SELECT pg_sleep(0.2); COMMIT")
            guard case .leaseLost = try thread.outcome() else { throw Unexpected() }
            #expect(try Self.state(&log) == before)
        }
    }

    @Test func `stores nothing when the cursor is not where it was`() async throws {
        try await StoreDatabase.with { database in
            var log = try Log(database)
            let leases = try log.claim(1)
            _ = try log.writer()
            try log.root.run("UPDATE postern.cursors SET seq = 1")
            let before = try Self.state(&log)
            guard case .moved = try Self.write(Self.batch(log, leases, keys: ["a"]), &log) else { throw Unexpected() }
            #expect(try Self.state(&log) == before)
        }
    }

    @Test func `stores nothing when a retry was discarded meanwhile`() async throws {
        try await StoreDatabase.with { database in
            var log = try Log(database)
            let leases = try log.claim(1)
            _ = try log.writer()
            let before = try Self.state(&log)
            var batch = try Self.batch(log, leases, keys: ["a"])
            batch.settlements = [RetrySettlement(lane: Lane(1), id: UniqueID(high: 1, low: 2), outcome: .finished)]
            guard case .moved = try Self.write(batch, &log) else { throw Unexpected() }
            #expect(try Self.state(&log) == before)
        }
    }

    @Test func `keeps counts back until they are to be written`() async throws {
        try await StoreDatabase.with { database in
            var log = try Log(database)
            let leases = try log.claim(1)
            _ = try log.writer()
            var first = try Self.batch(log, leases, keys: ["a"])
            first.writesTally = false
            guard case .stored(let receipt) = try Self.write(first, &log) else { throw Unexpected() }
            #expect(receipt.unwritten.total(.event) == 1)
            #expect(try log.number("SELECT count(*) FROM postern.traffic_minutes") == 0)
            var second = try Self.batch(log, leases, keys: ["b"], from: 1, to: 2, eventNumber: 1)
            second.carried = receipt.unwritten
            guard case .stored(let last) = try Self.write(second, &log) else { throw Unexpected() }
            #expect(last.unwritten.isEmpty && last.counted.total(.event) == 1)
            #expect(try log.number("SELECT sum(count) FROM postern.traffic_minutes WHERE outcome = 'event'") == 2)
        }
    }

    @Test func `stores more rows than one statement carries`() async throws {
        try await StoreDatabase.with { database in
            var log = try Log(database)
            let leases = try log.claim(1)
            _ = try log.writer()
            let keys = (0..<600).map { "k\($0 % 555)" }
            guard case .stored(let receipt) = try Self.write(Self.batch(log, leases, keys: keys), &log) else {
                throw Unexpected()
            }
            #expect(receipt.stored == 555 && receipt.duplicates == 45)
            let order = try log.root.texts("SELECT key FROM postern.events ORDER BY number")
            #expect(order == (0..<555).map { "k\($0)" })
        }
    }

    @Test func `queues, postpones and finishes retries`() async throws {
        try await StoreDatabase.with { database in
            var log = try Log(database)
            let leases = try log.claim(1)
            _ = try log.writer()
            let now = Timestamp.now()
            let content = DeliveryContent(
                lane: Lane(1),
                id: .fresh(at: now),
                organization: log.organization,
                endpoint: log.endpoint,
                platform: "github",
                headers: [1],
                body: [0, 255]
            )
            let failed = FailedDelivery(content: content, reason: "r", detail: "d")
            var batch = try Self.batch(log, leases, keys: [])
            batch.retries = [
                NewRetry(failed: failed, attempt: 1, scheduledAt: now),
                NewRetry(failed: failed, attempt: 1, scheduledAt: now.advanced(by: .seconds(60))),
            ]
            _ = try Self.write(batch, &log)
            func due(_ log: inout Log) throws -> RetryPage {
                try RetryReader.due(
                    [Lane(1), Lane(2)],
                    owner: log.me,
                    at: .now(),
                    rowsPerLane: 10,
                    bytesInAll: 1000,
                    &log.consumer,
                    within: Self.within
                )
            }
            let retry = try #require(try due(&log).retries.first)
            #expect(try due(&log).retries.count == 1)
            #expect(retry.attempt == 1 && retry.content.id == content.id && retry.content.body == [0, 255])
            #expect(try RetryReader.waiting(in: [Lane(1)], atMost: 10, &log.consumer, within: Self.within) == 2)
            #expect(try RetryReader.waiting(in: [Lane(1)], atMost: 1, &log.consumer, within: Self.within) == 1)

            var second = try Self.batch(log, leases, keys: [], from: 1, to: 2)
            second.settlements = [
                RetrySettlement(
                    lane: Lane(1),
                    id: retry.id,
                    outcome: .postponed(attempt: 2, scheduledAt: now, reason: "again", detail: "more")
                )
            ]
            _ = try Self.write(second, &log)
            let again = try #require(try due(&log).retries.first)
            #expect(again.id == retry.id && again.attempt == 2)

            var third = try Self.batch(log, leases, keys: [], from: 2, to: 3)
            third.settlements = [RetrySettlement(lane: Lane(1), id: retry.id, outcome: .finished)]
            third.deadLetters = [NewDeadLetter(failed: failed, attempts: 6, definitionVersion: nil)]
            _ = try Self.write(third, &log)
            #expect(try due(&log).retries.isEmpty)
            #expect(try log.number("SELECT attempts_made FROM postern.webhook_dead_letter_queue") == 6)
        }
    }
}

/// Something other than expected came back.
struct Unexpected: Error {}
