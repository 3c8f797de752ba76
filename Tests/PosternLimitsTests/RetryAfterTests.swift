import PosternLimits
import Testing

@Suite struct RetryAfterTests {
    static let exact = RetrySchedule(delays: [.seconds(60), .seconds(300)], jitterPercent: 0)
    /// Waits longer itself than a destination may ask for otherwise.
    static let patient = RetrySchedule(delays: [.seconds(60), .seconds(86_400)], jitterPercent: 0)

    @Test(arguments: [(59, 60), (60, 60), (61, 61), (3600, 3600), (7199, 7199), (7200, 7200), (7201, 7200)])
    func `waits for the later of both up to two hours`(asked: Int, seconds: Int) {
        #expect(Self.exact.delay(beforeRetry: 1, random: 0, retryAfter: .seconds(asked)) == .seconds(seconds))
    }

    @Test(arguments: [Duration.zero, .seconds(-1), .seconds(Int64.min), nil])
    func `keeps the schedule when nothing is asked for`(asked: Duration?) {
        #expect(Self.exact.delay(beforeRetry: 2, random: 7, retryAfter: asked) == .seconds(300))
    }

    @Test func `keeps its own wait however long`() {
        #expect(Self.patient.delay(beforeRetry: 2, random: 0, retryAfter: .seconds(1)) == .seconds(86_400))
        #expect(Self.patient.delay(beforeRetry: 2, random: 0, retryAfter: .seconds(90_000)) == .seconds(86_400))
    }

    @Test(arguments: [(86_399, 86_399), (86_400, 86_400), (86_401, 86_400)])
    func `lets a destination ask for the longest wait of the schedule`(asked: Int, seconds: Int) {
        #expect(Self.patient.retryAfterBound == .seconds(86_400))
        #expect(Self.patient.delay(beforeRetry: 1, random: 0, retryAfter: .seconds(asked)) == .seconds(seconds))
    }

    @Test(arguments: [Duration.seconds(Int64.max), .seconds(Int64.max) + .nanoseconds(999_999_999)])
    func `bounds what is absurd`(asked: Duration) {
        #expect(Self.exact.delay(beforeRetry: 1, random: .max, retryAfter: asked) == .seconds(7200))
    }

    @Test(arguments: [Int.min, 0, 3, Int.max])
    func `gives up whatever is asked for`(number: Int) {
        #expect(Self.exact.delay(beforeRetry: number, random: 0, retryAfter: .seconds(10)) == nil)
    }

    @Test func `spreads what is asked for to later times only`() {
        let schedule = RetrySchedule.standard
        // 101 steps of a thousandth: from the time asked for to ten percent later.
        for (random, milliseconds) in [(0, 1_000_000), (50, 1_050_000), (100, 1_100_000), (101, 1_000_000)] {
            let wait = schedule.delay(beforeRetry: 1, random: UInt64(random), retryAfter: .seconds(1000))
            #expect(wait == .milliseconds(milliseconds))
        }
    }

    @Test(arguments: 1...5)
    func `never comes before either and never later than the bound allows`(number: Int) throws {
        let schedule = RetrySchedule.standard
        var random = SeededGenerator(seed: UInt64(number))
        for _ in 0..<1000 {
            let value = random.next()
            let asked = Duration.milliseconds(Int64.random(in: -1000...20_000_000, using: &random))
            let scheduled = try #require(schedule.delay(beforeRetry: number, random: value))
            let wait = try #require(schedule.delay(beforeRetry: number, random: value, retryAfter: asked))
            #expect(wait >= scheduled && wait >= min(asked, .seconds(7200)))
            #expect(wait <= max(scheduled, .seconds(7920)))
        }
    }
}
