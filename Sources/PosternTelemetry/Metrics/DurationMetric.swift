internal import Metrics

/// A distribution of durations, written in seconds.
///
/// Any thread; two atomic additions each time.
package struct DurationMetric: Sendable {
    private let timer: Timer

    init(_ timer: Timer) { self.timer = timer }

    /// Records how long something took; what is negative counts as none.
    package func observe(_ duration: Duration) {
        let (seconds, attoseconds) = duration.components
        let (product, overflow) = seconds.multipliedReportingOverflow(by: 1_000_000_000)
        let (sum, carry) = product.addingReportingOverflow(attoseconds / 1_000_000_000)
        self.observe(nanoseconds: overflow || carry ? (seconds < 0 ? .min : .max) : sum)
    }

    /// Records how long something took, in nanoseconds; what is negative counts as none.
    package func observe(nanoseconds: Int64) { self.timer.recordNanoseconds(nanoseconds) }
}
