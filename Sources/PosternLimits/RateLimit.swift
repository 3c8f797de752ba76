/// So many requests a minute, and at most so many at once.
///
/// Whether a request is inside the limit is decided by ``RateBucket``, which is full at `burst` requests and earns one
/// back every ``intervalNanoseconds``.
package struct RateLimit: Hashable, Sendable {
    /// What either number may be.
    package static let range = 1...100_000_000

    /// Requests earned back in a minute: 1 to 100,000,000.
    package let requestsPerMinute: Int
    /// Requests a full bucket holds: 1 to 100,000,000.
    package let burst: Int

    /// Joins a rate and a burst; `nil` if either is outside ``range``.
    package init?(requestsPerMinute: Int, burst: Int) {
        guard Self.range.contains(requestsPerMinute), Self.range.contains(burst) else { return nil }
        self.requestsPerMinute = requestsPerMinute
        self.burst = burst
    }

    /// The time that earns one request back, rounded up to a nanosecond: 600 ns to one minute.
    ///
    /// Rounding up never admits more than the limit says. It admits less by one part in 600 at worst, at rates near
    /// 100 million a minute that do not divide a minute; below a million a minute by less than one part in 60,000.
    package var intervalNanoseconds: Int64 {
        (60_000_000_000 + Int64(self.requestsPerMinute) - 1) / Int64(self.requestsPerMinute)
    }

    /// A whole burst as time, 6 × 10^18 ns at most: it fits 63 bits with room to spare.
    var capacityNanoseconds: Int64 { self.intervalNanoseconds * Int64(self.burst) }

    /// The most debt a bucket with this limit remembers: ``RateBucket/debtCapBursts`` bursts and one request.
    var debtCapNanoseconds: Int64 {
        let (bursts, overflow) = self.capacityNanoseconds.multipliedReportingOverflow(by: RateBucket.debtCapBursts)
        guard !overflow, bursts < RateBucket.longestDebtNanoseconds else { return RateBucket.longestDebtNanoseconds }
        return min(bursts + self.intervalNanoseconds, RateBucket.longestDebtNanoseconds)
    }
}
