import PosternLimits
import Testing

@Suite struct CircuitBreakerTests {
    static let start = ContinuousClock.now
    /// One minute in buckets of ten seconds, four attempts, half of them failed.
    static let rule = CircuitBreaker.Rule(window: .seconds(60), minimumAttempts: 4, failurePercent: 50)

    /// A breaker after attempts at the start; the last one's answer.
    static func after(
        _ outcomes: [Bool],
        rule: CircuitBreaker.Rule = rule
    ) -> (breaker: CircuitBreaker, shouldOpen: Bool) {
        var breaker = CircuitBreaker(rule, at: Self.start)
        var shouldOpen = false
        for success in outcomes { shouldOpen = breaker.record(success: success, at: Self.start) }
        return (breaker, shouldOpen)
    }

    @Test(arguments: [(18, false), (19, true), (20, true)])
    func `opens by the standard rule from twenty attempts on`(earlier: Int, shouldOpen: Bool) {
        let failures = Array(repeating: false, count: earlier)
        #expect(Self.after(failures + [false], rule: .standard).shouldOpen == shouldOpen)
    }

    @Test(arguments: [(49, false), (50, true), (51, true)])
    func `opens when the share of failures is reached`(failures: Int, shouldOpen: Bool) {
        let rule = CircuitBreaker.Rule(window: .seconds(60), minimumAttempts: 100, failurePercent: 50)
        let outcomes = Array(repeating: true, count: 100 - failures) + Array(repeating: false, count: failures)
        #expect(Self.after(outcomes, rule: rule).shouldOpen == shouldOpen)
    }

    @Test func `opens at one hundred percent only if nothing succeeds`() {
        let rule = CircuitBreaker.Rule(window: .seconds(60), minimumAttempts: 3, failurePercent: 100)
        #expect(Self.after([false, false, false], rule: rule).shouldOpen)
        #expect(!Self.after([true, false, false, false], rule: rule).shouldOpen)
    }

    @Test func `never opens with a success`() {
        var (breaker, _) = Self.after([false, false, false])
        #expect(breaker.record(success: true, at: Self.start) == false)
        #expect(breaker.record(success: false, at: Self.start) == true)
    }

    @Test func `proposes again with every failure until it is reset`() {
        var (breaker, shouldOpen) = Self.after([false, false, false, false])
        #expect(shouldOpen)
        #expect(breaker.record(success: false, at: Self.start) == true)
        breaker.reset(at: Self.start)
        #expect(breaker.counted(at: Self.start) == (0, 0))
        for _ in 0..<3 { #expect(breaker.record(success: false, at: Self.start) == false) }
        #expect(breaker.record(success: false, at: Self.start) == true)
    }

    @Test(arguments: [(-1, 3), (0, 0), (1, 0)] as [(Int64, Int)])
    func `forgets an attempt after the window`(nanoseconds: Int64, counted: Int) {
        let (breaker, _) = Self.after([false, true, false])
        let time = Self.start + .seconds(60) + .nanoseconds(nanoseconds)
        #expect(breaker.counted(at: time).attempts == counted)
    }

    @Test func `forgets bucket by bucket`() {
        var breaker = CircuitBreaker(Self.rule, at: Self.start)
        for second in stride(from: 0, to: 60, by: 10) {
            _ = breaker.record(success: second % 20 == 0, at: Self.start + .seconds(second))
        }
        #expect(breaker.counted(at: Self.start + .seconds(59)) == (6, 3))
        #expect(breaker.counted(at: Self.start + .seconds(60)) == (5, 3))
        #expect(breaker.counted(at: Self.start + .seconds(70)) == (4, 2))
        #expect(breaker.counted(at: Self.start + .seconds(109)) == (1, 1))
        #expect(breaker.counted(at: Self.start + .seconds(110)) == (0, 0))
        #expect(breaker.counted(at: Self.start + .seconds(1_000_000_000)) == (0, 0))
    }

    @Test func `does not open over failures that are spread too thin`() {
        var breaker = CircuitBreaker(Self.rule, at: Self.start)
        for attempt in 0..<100 {
            #expect(breaker.record(success: false, at: Self.start + .seconds(attempt * 20)) == false)
        }
    }

    @Test func `takes an earlier time as the latest`() {
        var breaker = CircuitBreaker(Self.rule, at: Self.start)
        for _ in 0..<3 { _ = breaker.record(success: false, at: Self.start + .seconds(30)) }
        #expect(breaker.record(success: false, at: Self.start - .seconds(3600)) == true)
        #expect(breaker.counted(at: Self.start - .seconds(7200)) == (4, 4))
        #expect(breaker.counted(at: Self.start + .seconds(89)) == (4, 4))
        #expect(breaker.counted(at: Self.start + .seconds(90)) == (0, 0))
    }

    @Test(
        arguments: [
            (Int.min, 30), (-1, 30), (0, 30), (1, 30), (2, 60), (3, 120), (4, 240), (5, 480), (6, 900), (7, 900),
            (Int.max, 900),
        ]
    )
    func `cools down for twice as long each time up to fifteen minutes`(openings: Int, seconds: Int) {
        #expect(CircuitBreaker.coolDown(openings: openings) == .seconds(seconds))
    }

    @Test func `refuses rules that say nothing`() async {
        await #expect(processExitsWith: .failure) {
            _ = CircuitBreaker.Rule(window: .zero, minimumAttempts: 1, failurePercent: 50)
        }
        await #expect(processExitsWith: .failure) {
            _ = CircuitBreaker.Rule(window: .seconds(1), minimumAttempts: 0, failurePercent: 50)
        }
        await #expect(processExitsWith: .failure) {
            _ = CircuitBreaker.Rule(window: .seconds(1), minimumAttempts: 1, failurePercent: 0)
        }
        await #expect(processExitsWith: .failure) {
            _ = CircuitBreaker.Rule(window: .seconds(1), minimumAttempts: 1, failurePercent: 101)
        }
    }

    /// A list of all attempts, each of which counts for as long as its bucket is among the last six.
    struct Model {
        var attempts: [(bucket: Int, success: Bool)] = []
        var latest = 0
        var origin = 0

        mutating func record(success: Bool, second: Int) -> Bool {
            self.pass(second)
            self.attempts.append((self.bucket, success))
            let counted = self.attempts.filter { $0.bucket > self.bucket - 6 }
            let failures = counted.count { !$0.success }
            return !success && counted.count >= 4 && failures * 2 >= counted.count
        }

        private var bucket: Int { (self.latest - self.origin) / 10 }

        /// After a gap of a whole window the buckets begin anew where time goes on.
        private mutating func pass(_ second: Int) {
            let next = max(self.latest, second)
            if next - (self.origin + self.bucket * 10) >= 60 {
                self.attempts = []
                self.origin = next
            }
            self.latest = next
        }
    }

    @Test(arguments: 1...20)
    func `counts as a list of all attempts does`(seed: UInt64) {
        var random = SeededGenerator(seed: seed)
        var breaker = CircuitBreaker(Self.rule, at: Self.start)
        var model = Model()
        var second = 0
        var opened = 0
        for _ in 0..<2000 {
            second += Int.random(in: -3...6, using: &random)
            if Int.random(in: 0..<100, using: &random) == 0 { second += Int.random(in: 40...80, using: &random) }
            let success = Int.random(in: 0..<3, using: &random) > 0
            let shouldOpen = breaker.record(success: success, at: Self.start + .seconds(second))
            #expect(shouldOpen == model.record(success: success, second: second))
            if shouldOpen { opened += 1 }
        }
        #expect(opened > 0)
    }
}
