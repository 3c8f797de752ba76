/// The upper bounds of a histogram's buckets; the last bucket, `+Inf`, is not listed.
package struct HistogramBuckets: Hashable, Sendable {
    /// Ascending, at most ``limit``.
    package let bounds: [Double]

    /// How many bounds a histogram can have.
    package static let limit = 23

    /// Takes ascending bounds.
    package init(_ bounds: [Double]) {
        precondition(
            bounds.count <= Self.limit && zip(bounds, bounds.dropFirst()).allSatisfy { $0 < $1 },
            "histogram bounds must ascend and be at most \(Self.limit): \(bounds)"
        )
        self.bounds = bounds
    }

    /// Seconds of a commit, a request, a query: 250 µs to 30 s.
    package static let latency = HistogramBuckets([
        0.000_25, 0.000_5, 0.001, 0.002_5, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30,
    ])
    /// Seconds something waited for its turn: 5 ms to 6 h.
    package static let lag = HistogramBuckets([
        0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300, 900, 3600, 21_600,
    ])
    /// Rows of a batch: powers of two.
    package static let rows = HistogramBuckets([1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 1024])
}
