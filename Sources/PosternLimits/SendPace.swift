/// How fast one process may send to one destination: a ``RateBucket`` for a number of attempts a second.
///
/// Evenly over time, with at most a tenth of a second's attempts at once, or two, or below four a second one: over any
/// time, rate × time and that burst at most. Who looks every 25 ms gets the whole rate by it from four a second on; with
/// one at a time, what is earned between two looks would be lost. A time before the latest one is taken as the latest.
package struct SendPace: Sendable, Equatable {
    /// The limit in force; `nil` lets everything through.
    private var limit: RateLimit?
    private var bucket = RateBucket()
    /// Where this value's nanoseconds are counted from.
    private let origin: ContinuousClock.Instant
    private var latest: Int64 = 0

    /// Starts with the whole burst at hand.
    ///
    /// - Parameters:
    ///   - perSecond: attempts a second by all processes together, or `nil` for no limit; below 1 counts as 1.
    ///   - part: how many of the destination's lanes this process serves. It gets that part of the rate, rounded down
    ///     to whole attempts a minute, but at least one a minute.
    ///   - whole: how many lanes there are.
    ///   - time: now.
    package init(perSecond: Int?, part: Int = 1, of whole: Int = 1, at time: ContinuousClock.Instant) {
        self.limit = Self.limit(perSecond: perSecond, part: part, of: whole)
        self.origin = time
    }

    /// Takes as many of the wanted attempts as may be sent now.
    package mutating func take(_ wanted: Int, at time: ContinuousClock.Instant) -> Int {
        guard wanted > 0 else { return 0 }
        guard let limit = self.limit else { return wanted }
        let now = self.now(time)
        let granted = min(wanted, self.bucket.remaining(limit, now: now))
        self.bucket.charge(limit, now: now, count: granted)
        return granted
    }

    /// Goes over to another rate or part; what was sent lately stays charged, up to the new burst.
    package mutating func change(
        perSecond: Int?,
        part: Int = 1,
        of whole: Int = 1,
        at time: ContinuousClock.Instant
    ) {
        let changed = Self.limit(perSecond: perSecond, part: part, of: whole)
        guard changed != self.limit else { return }
        if let old = self.limit, let new = changed {
            self.bucket.convert(from: old, to: new, now: self.now(time))
        } else {
            self.bucket = RateBucket()
        }
        self.limit = changed
    }

    private static func limit(perSecond: Int?, part: Int, of whole: Int) -> RateLimit? {
        guard let perSecond else { return nil }
        let all = min(max(perSecond, 1), RateLimit.range.upperBound / 60) * 60
        let (product, overflow) = all.multipliedReportingOverflow(by: min(max(part, 1), max(whole, 1)))
        let own = max(1, (overflow ? Int.max : product) / max(whole, 1))
        return RateLimit(requestsPerMinute: own, burst: max(own < 240 ? 1 : 2, own / 600))
    }

    private mutating func now(_ time: ContinuousClock.Instant) -> Int64 {
        self.latest = max(self.latest, self.nanoseconds(time))
        return self.latest
    }

    /// Nanoseconds since the value was made; a process lives for less than the 146 years that are the bound.
    private func nanoseconds(_ time: ContinuousClock.Instant) -> Int64 {
        let (seconds, attoseconds) = self.origin.duration(to: time).components
        let bound: Int64 = 1 << 32
        return min(max(seconds, -bound), bound) * 1_000_000_000 + attoseconds / 1_000_000_000
    }
}
