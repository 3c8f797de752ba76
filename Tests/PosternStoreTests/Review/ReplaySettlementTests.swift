import PosternModel
import PosternPostgres
import PosternStore
import Testing

/// What a consumer's batch makes of the dead letters whose replay it ends.
@Suite(.timeLimit(.minutes(5))) struct ReplaySettlementTests {
    private static let within = StoreDatabase.deadline

    /// A letter without a destination that is being replayed, and the batch of whoever owns its lane.
    private static func with(
        _ body: @escaping @Sendable (DueRetry, DeadLetterID, WriteBatch, inout Log) throws -> Void
    ) async throws {
        try await StoreDatabase.with { database in
            var log = try Log(database)
            try Letters.store(2, &log.root)
            var operatorSession = try database.connect(.operator)
            let letter = Letters.id(2)
            try SealingKeys.administration().replay(letter, &operatorSession, within: Self.within)
            let leases = try log.claim(2)
            let page = try RetryReader.due(
                [Lane(2)],
                owner: log.me,
                at: .now(),
                rowsPerLane: 10,
                bytesInAll: 1000,
                &log.consumer,
                within: Self.within
            )
            let retry = try #require(page.retries.first)
            var batch = WriteBatch(consumer: log.me, time: .now())
            batch.lanes = leases.map { LaneWork(lease: $0, eventNumber: 0) }
            batch.settlements = [RetrySettlement(lane: Lane(2), id: retry.id, outcome: .finished)]
            try body(retry, letter, batch, &log)
        }
    }

    private static func event(_ key: String, _ log: borrowing Log) throws -> NewEvent {
        NewEvent(
            lane: Lane(2),
            id: .fresh(at: .now()),
            organization: log.organization,
            ledgerOrganization: log.organization,
            endpoint: log.endpoint,
            delivery: .fresh(at: .now()),
            platform: try #require(PlatformName("github")),
            definitionVersion: 3,
            type: "t",
            source: "/s",
            subject: nil,
            account: nil,
            time: nil,
            key: key,
            ledgerKey: try LedgerKey(endpoint: log.endpoint, account: nil, key: key),
            data: Array("{}".utf8)
        )
    }

    private static func rows(_ log: inout Log) throws -> Int64 {
        try log.number("SELECT count(*) FROM postern.webhook_retry_queue")
    }

    @Test func `a replay that goes well resolves its letter with what came of it`() async throws {
        try await Self.with { retry, letter, batch, log in
            #expect(retry.deadLetter == letter && retry.attempt == 1)
            var batch = batch
            // One that is no part of the replay, one that comes twice in it, and one that is new.
            batch.events = try ["other", "a", "a", "b"].map { try Self.event($0, log) }
            batch.replays = [
                ReplaySettlement(
                    lane: Lane(2),
                    letter: letter,
                    replay: retry.id,
                    outcome: .resolved(events: 1..<4)
                )
            ]
            guard case .stored = try BatchWriter.write(batch, &log.consumer, within: Self.within) else {
                throw Unexpected()
            }
            #expect(
                try Letters.facts(
                    2,
                    """
                    review_state, requires_manual_review, coalesce(replay_id::text, '-'), replayed_events,
                    replayed_duplicates, failure_reason
                    """,
                    &log.root
                ) == "resolved | f | - | 2 | 1 | malformed_json"
            )
            #expect(try Self.rows(&log) == 0)
            #expect(try log.number("SELECT count(*) FROM postern.webhook_dead_letter_queue") == 2)
        }
    }

    @Test func `a replay that fails for good opens its letter with the new reason, and makes no other`() async throws {
        try await Self.with { retry, letter, batch, log in
            var batch = batch
            batch.replays = [
                ReplaySettlement(
                    lane: Lane(2),
                    letter: letter,
                    replay: retry.id,
                    outcome: .reopened(reason: "no_type", detail: "new", attempts: 2, definitionVersion: 4)
                )
            ]
            let before = try Letters.facts(2, "fingerprint", &log.root)
            guard case .stored = try BatchWriter.write(batch, &log.consumer, within: Self.within) else {
                throw Unexpected()
            }
            #expect(
                try Letters.facts(
                    2,
                    """
                    review_state, requires_manual_review, coalesce(replay_id::text, '-'), failure_reason, failure_detail,
                    attempts_made, definition_version, failed_at > created_at
                    """,
                    &log.root
                ) == "open | t | - | no_type | new | 5 | 4 | t"
            )
            #expect(try Letters.facts(2, "fingerprint", &log.root) != before)
            #expect(try Self.rows(&log) == 0)
            #expect(try log.number("SELECT count(*) FROM postern.webhook_dead_letter_queue") == 2)
        }
    }

    @Test func `stores nothing when the letter's replay is another one`() async throws {
        try await Self.with { retry, letter, batch, log in
            var batch = batch
            batch.events = [try Self.event("a", log)]
            batch.replays = [
                ReplaySettlement(
                    lane: Lane(2),
                    letter: letter,
                    replay: UniqueID(high: 1, low: 2),
                    outcome: .resolved(events: 0..<1)
                )
            ]
            guard case .moved = try BatchWriter.write(batch, &log.consumer, within: Self.within) else {
                throw Unexpected()
            }
            #expect(try Self.rows(&log) == 1)
            #expect(try log.number("SELECT count(*) FROM postern.events") == 0)
            #expect(try Letters.facts(2, "review_state, replay_id", &log.root) == "open | \(retry.id)")
        }
    }
}
