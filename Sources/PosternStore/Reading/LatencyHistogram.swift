/// How long attempts took, in the steps of ``DestinationMinute/boundsMilliseconds``.
package struct LatencyHistogram: Sendable, Equatable {
    /// How many attempts fell into each step; the last one has no upper bound.
    package private(set) var counts: [Int64]

    /// Starts empty.
    package init() { self.counts = [Int64](repeating: 0, count: DestinationMinute.boundsMilliseconds.count + 1) }

    /// Adds counts step by step; those of a program with more steps fall into the last one.
    package mutating func add(_ other: [Int64]) {
        for (index, count) in other.enumerated() {
            self.counts[min(index, self.counts.count - 1)] += count
        }
    }

    /// All attempts.
    package var total: Int64 { self.counts.reduce(0, +) }

    /// How long the given part of the attempts took at most; `nil` without any.
    ///
    /// Within a step attempts are taken for evenly spread; of those beyond the last bound only the bound is known.
    ///
    /// `part` is above 0 and at most 1.
    package func percentile(_ part: Double) -> Duration? {
        let total = self.total
        guard total > 0 else { return nil }
        let wanted = part * Double(total)
        var before = 0.0
        var lower = 0.0
        for (count, bound) in zip(self.counts, DestinationMinute.boundsMilliseconds) {
            let upper = Double(bound)
            if count > 0, before + Double(count) >= wanted {
                let milliseconds = lower + (upper - lower) * (wanted - before) / Double(count)
                return .microseconds(Int64((milliseconds * 1000).rounded()))
            }
            before += Double(count)
            lower = upper
        }
        return .milliseconds(Int64(lower))
    }
}
