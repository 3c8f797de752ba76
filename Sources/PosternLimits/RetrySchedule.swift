/// When work that failed for a passing reason is tried again, and when that ends.
///
/// A pure function of the retry's number and a random value: no clock, no state.
package struct RetrySchedule: Sendable, Equatable {
    /// The wait before the first, second, third … retry.
    package let delays: [Duration]
    /// How far a wait may lie from its nominal value, in percent, either way; 0 to 100.
    package let jitterPercent: Int

    /// 60, 300, 900, 3600 and 7200 seconds, each ± 10 %: five retries over three hours and twenty minutes.
    package static let standard = RetrySchedule(
        delays: [.seconds(60), .seconds(300), .seconds(900), .seconds(3600), .seconds(7200)],
        jitterPercent: 10
    )

    /// Joins waits and jitter.
    ///
    /// - Parameters:
    ///   - delays: none negative; no delays means that nothing is ever tried again.
    ///   - jitterPercent: 0 to 100.
    package init(delays: [Duration], jitterPercent: Int) {
        precondition(delays.allSatisfy { $0 >= .zero }, "a retry cannot wait \(delays)")
        precondition((0...100).contains(jitterPercent), "a jitter of \(jitterPercent) %")
        self.delays = delays
        self.jitterPercent = jitterPercent
    }

    /// How many retries there are before the schedule gives up.
    package var retries: Int { self.delays.count }

    /// Says how long to wait before a retry.
    ///
    /// - Parameters:
    ///   - number: 1 for the first retry.
    ///   - random: any value; a uniform one spreads the waits evenly over the whole jitter.
    /// - Returns: the wait, or `nil` when the schedule gives up instead.
    package func delay(beforeRetry number: Int, random: UInt64) -> Duration? {
        guard number >= 1, number <= self.delays.count else { return nil }
        // In steps of a thousandth of the nominal wait: fine enough to spread, exact at both ends.
        let steps = UInt64(self.jitterPercent) * 20 + 1
        let thousandths = 1000 - self.jitterPercent * 10 + Int(random % steps)
        return self.delays[number - 1] * thousandths / 1000
    }
}
