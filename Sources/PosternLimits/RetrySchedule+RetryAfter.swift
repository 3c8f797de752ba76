extension RetrySchedule {
    /// How far a destination may put off a retry, unless the schedule itself waits longer: two hours.
    package static let longestRetryAfter = Duration.seconds(7200)

    /// The longest wait a destination can ask for: two hours, or the longest wait of the schedule if that is more.
    package var retryAfterBound: Duration { max(Self.longestRetryAfter, self.delays.max() ?? .zero) }

    /// Says how long to wait before a retry of something whose destination said when to come again.
    ///
    /// The later of the schedule's wait and the destination's. The destination's counts up to ``retryAfterBound``, and
    /// is spread by the jitter in one direction: nobody comes before the time asked for, and not all come at it.
    ///
    /// - Parameters:
    ///   - number: 1 for the first retry.
    ///   - random: any value; a uniform one spreads the waits evenly over the whole jitter.
    ///   - retryAfter: what the destination asked for, however long; `nil` or negative: nothing.
    /// - Returns: the wait, or `nil` when the schedule gives up instead, whatever the destination asked for.
    ///
    /// Source: RFC 9110, section 10.2.3 (`Retry-After`).
    package func delay(beforeRetry number: Int, random: UInt64, retryAfter: Duration?) -> Duration? {
        guard let scheduled = self.delay(beforeRetry: number, random: random) else { return nil }
        guard let retryAfter, retryAfter > .zero else { return scheduled }
        let steps = UInt64(self.jitterPercent) * 10 + 1
        let asked = min(retryAfter, self.retryAfterBound) * (1000 + Int(random % steps)) / 1000
        return max(scheduled, asked)
    }
}
