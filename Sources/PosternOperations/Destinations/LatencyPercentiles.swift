internal import PosternStore

/// How long most attempts took, told from how many fell into each bucket of ``PosternStore/DestinationMinute``.
///
/// Within a bucket times are taken as spread evenly, up to the timeout. Past the last bound nothing is known but that.
package struct LatencyPercentiles: Sendable, Equatable {
    /// Half of the attempts took no longer, in milliseconds.
    package let median: Double
    /// 95 of 100 took no longer.
    package let p95: Double
    /// 99 of 100 took no longer.
    package let p99: Double

    /// Reads the buckets; `nil` when they are empty.
    ///
    /// With a `timeout`, no attempt is said to have taken longer.
    package init?(_ buckets: [Int64], timeout: Duration? = nil) {
        let longest = timeout.map { $0 / .milliseconds(1) } ?? .infinity
        // Doubles: a sum of counters that are not ours to trust must not overflow.
        let counts = buckets.map { Double(max(0, $0)) }
        let total = counts.reduce(0, +)
        guard total > 0 else { return nil }
        self.median = Self.value(at: 0.5 * total, in: counts, longest: longest)
        self.p95 = Self.value(at: 0.95 * total, in: counts, longest: longest)
        self.p99 = Self.value(at: 0.99 * total, in: counts, longest: longest)
    }

    private static func value(at rank: Double, in counts: [Double], longest: Double) -> Double {
        let bounds = DestinationMinute.boundsMilliseconds
        var below = 0.0
        var lower = 0.0
        for (bucket, count) in counts.enumerated() {
            guard bucket < bounds.count else { break }
            let upper = min(Double(bounds[bucket]), longest)
            if count > 0, below + count >= rank { return lower + (upper - lower) * (rank - below) / count }
            below += count
            lower = upper
        }
        return lower
    }
}
