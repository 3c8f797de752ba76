/// Whether so many attempts at one destination failed lately that it should be left alone for a while.
///
/// A value without a clock that counts successes and failures over a sliding window. It only proposes: that a circuit is
/// open, until when and how often in a row, is kept where all consumers see it. The window slides by buckets, so an
/// attempt counts for five sixths of the window at least and for the whole of it at most. A time before the latest one
/// is taken as the latest: a clock that goes back neither forgets nor extends anything.
package struct CircuitBreaker: Sendable, Equatable {
    /// When a circuit opens.
    package struct Rule: Sendable, Equatable {
        /// How long an attempt counts.
        package let window: Duration
        /// How many attempts there must be, so that one bad answer at night opens nothing.
        package let minimumAttempts: Int
        /// How many in a hundred attempts must have failed; 1 to 100.
        package let failurePercent: Int

        /// Twenty attempts or more in a minute, and half of them or more failed.
        package static let standard = Rule(window: .seconds(60), minimumAttempts: 20, failurePercent: 50)

        /// Joins the values.
        ///
        /// - Parameters:
        ///   - window: at least a microsecond.
        ///   - minimumAttempts: at least 1.
        ///   - failurePercent: 1 to 100.
        package init(window: Duration, minimumAttempts: Int, failurePercent: Int) {
            precondition(window >= .microseconds(1), "a window of \(window)")
            precondition(minimumAttempts > 0, "a minimum of \(minimumAttempts) attempts")
            precondition((1...100).contains(failurePercent), "\(failurePercent) % of failures")
            self.window = window
            self.minimumAttempts = minimumAttempts
            self.failurePercent = failurePercent
        }
    }

    /// What was counted in one part of the window.
    private struct Bucket: Equatable {
        var attempts = 0
        var failures = 0
    }

    /// How many parts the window slides by.
    package static let buckets = 6

    private let rule: Rule
    private var counts: [Bucket]
    /// The bucket of the latest time.
    private var current = 0
    /// When the bucket of the latest time began.
    private var currentBegan: ContinuousClock.Instant

    /// Starts with nothing counted.
    package init(_ rule: Rule, at time: ContinuousClock.Instant) {
        self.rule = rule
        self.counts = Array(repeating: Bucket(), count: Self.buckets)
        self.currentBegan = time
    }

    /// Counts an attempt and says whether the circuit should open now.
    ///
    /// A refusal is a failure, too: a destination that refuses most of what it gets is not configured as it should be,
    /// and what waits behind an open circuit needs no replay.
    ///
    /// - Returns: true with every failure as long as the rule is met, so that an opening that could not be stored is
    ///   proposed again; never with a success.
    package mutating func record(success: Bool, at time: ContinuousClock.Instant) -> Bool {
        self.slide(to: time)
        self.counts[self.current].attempts += 1
        guard !success else { return false }
        self.counts[self.current].failures += 1
        let sum = self.sum
        // Attempts of a minute: far from where a product with 100 would overflow.
        return sum.attempts >= self.rule.minimumAttempts
            && sum.failures * 100 >= sum.attempts * self.rule.failurePercent
    }

    /// Forgets everything: the circuit was opened, closed or resumed by hand.
    package mutating func reset(at time: ContinuousClock.Instant) { self = Self(self.rule, at: time) }

    /// How many attempts and failures the window holds at a time.
    package func counted(at time: ContinuousClock.Instant) -> (attempts: Int, failures: Int) {
        var later = self
        later.slide(to: time)
        let sum = later.sum
        return (sum.attempts, sum.failures)
    }

    /// How long an open circuit waits before it lets a probe through.
    ///
    /// - Parameter openings: how often it has opened in a row, this time included; below 1 counts as 1.
    /// - Returns: 30 seconds, then twice as long each time, up to 15 minutes.
    package static func coolDown(openings: Int) -> Duration {
        // Five doublings are past the bound.
        let doublings = min(max(openings, 1) - 1, 5)
        return min(.seconds(30 << doublings), .seconds(900))
    }

    private var sum: Bucket {
        self.counts.reduce(into: Bucket()) { sum, bucket in
            sum.attempts += bucket.attempts
            sum.failures += bucket.failures
        }
    }

    private mutating func slide(to time: ContinuousClock.Instant) {
        let width = self.rule.window / Self.buckets
        let elapsed = self.currentBegan.duration(to: time)
        guard elapsed >= width else { return }
        guard elapsed < self.rule.window else {
            self = Self(self.rule, at: time)
            return
        }
        // Five steps at most.
        while self.currentBegan.duration(to: time) >= width {
            self.currentBegan += width
            self.current = (self.current + 1) % Self.buckets
            self.counts[self.current] = Bucket()
        }
    }
}
