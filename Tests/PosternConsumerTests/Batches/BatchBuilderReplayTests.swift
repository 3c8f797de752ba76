import PosternConsumer
import PosternModel
import PosternStore
import Testing

/// What becomes of the dead letter whose replay a batch ends.
@Suite struct BatchBuilderReplayTests {
    private let now = Timestamp(seconds: 1_795_219_200)
    private let letter = DeadLetterID(UniqueID(high: 5, low: 5))

    /// The batch that comes of one replayed delivery.
    private func batch(
        _ body: String,
        attempt: Int32 = 1,
        delays: [Duration] = [.seconds(60), .seconds(300)],
        _ normalization: Normalization? = nil
    ) throws -> WriteBatch {
        let content = DeliveryContent(
            lane: Lane(1),
            id: .fresh(at: self.now),
            organization: .fresh(at: self.now),
            endpoint: .fresh(at: self.now),
            platform: "meta",
            headers: [],
            body: Array(body.utf8)
        )
        var configuration = ConsumerConfiguration()
        configuration.retryDelays = delays
        var builder = BatchBuilder(
            consumer: .fresh(at: self.now),
            time: self.now,
            leases: [LeasedLane(lane: Lane(1), fence: 10)],
            configuration: configuration
        )
        var ids = UniqueIDSequence()
        let retry = DueRetry(
            id: UniqueID(high: 1, low: 1),
            attempt: attempt,
            content: content,
            deadLetter: self.letter
        )
        try builder.add(
            retry,
            try normalization ?? ConsumerRun.normalizer().normalize(content, parameters: [:]),
            endpoint: RoutedEndpoint(unknown: content),
            eventNumber: 7,
            ids: &ids,
            random: 100
        )
        return try #require(builder.finish())
    }

    @Test func `is resolved with the events that came of it`() throws {
        let batch = try self.batch(Meta.message("a"))
        let replay = try #require(batch.replays.first)
        guard case .resolved(let events) = replay.outcome, case .finished = batch.settlements[0].outcome else {
            Issue.record("settled as \(batch)")
            return
        }
        #expect(events == 0..<1 && batch.events.count == 1 && batch.deadLetters.isEmpty)
        #expect(replay.letter == self.letter && replay.replay == UniqueID(high: 1, low: 1) && replay.lane == Lane(1))
        #expect(batch.tally.total(.normalized) == 1 && batch.tally.total(.recovered) == 0)
    }

    @Test func `is open again with the new reason when it fails for good, and no second letter is made`() throws {
        let batch = try self.batch("x", attempt: 2, .permanent(reason: "r", detail: "d", definitionVersion: 4))
        guard case .reopened("r", "d", 2, 4) = try #require(batch.replays.first).outcome else {
            Issue.record("settled as \(batch)")
            return
        }
        #expect(batch.deadLetters.isEmpty && batch.settlements.count == 1)
        #expect(batch.tally.total(.deadLettered) == 0)
    }

    @Test func `waits for the next attempt when it fails in passing, from the first wait of the schedule on`() throws {
        let batch = try self.batch("x", .transient(reason: "r", detail: "d"))
        guard case .postponed(2, let scheduledAt, "r", "d") = batch.settlements[0].outcome else {
            Issue.record("settled as \(batch)")
            return
        }
        #expect(scheduledAt == self.now.advanced(by: .seconds(60)))
        #expect(batch.replays.isEmpty && batch.tally.total(.retried) == 0)
    }

    @Test func `is open again when its attempts are spent`() throws {
        let batch = try self.batch("x", attempt: 3, .transient(reason: "r", detail: "d"))
        guard case .reopened("r", "d", 3, nil) = try #require(batch.replays.first).outcome,
            case .finished = batch.settlements[0].outcome
        else {
            Issue.record("settled as \(batch)")
            return
        }
        #expect(batch.deadLetters.isEmpty)
    }
}
