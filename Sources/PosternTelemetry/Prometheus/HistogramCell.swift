internal import Metrics
internal import Synchronization

/// The values of one histogram.
///
/// Any thread; two atomic additions for each observation.
///
/// The number of observations is the sum of the buckets, so the rendered lines always agree with each other.
final class HistogramCell: TimerHandler, RecorderHandler, MetricCell {
    private let bounds: [Double]
    /// The bounds in whole nanoseconds, for durations.
    private let nanoseconds: [Int64]
    /// One for each bound, then the one without; the rest is not used.
    private let buckets: InlineArray<24, Atomic<Int64>>
    private let sum = Atomic<UInt64>(0)
    /// The sum of durations, in nanoseconds: exact, and cheaper to add to than a floating-point number.
    private let durations = Atomic<Int64>(0)

    init(_ buckets: HistogramBuckets) {
        self.bounds = buckets.bounds
        self.nanoseconds = buckets.bounds.map { Int64(($0 * 1e9).rounded()) }
        self.buckets = InlineArray { _ in Atomic(0) }
    }

    /// Counts a duration; what is negative counts as none.
    func recordNanoseconds(_ duration: Int64) {
        let duration = max(0, duration)
        var index = 0
        while index < self.nanoseconds.count, duration > self.nanoseconds[index] { index += 1 }
        self.buckets[index].wrappingAdd(1, ordering: .relaxed)
        self.durations.wrappingAdd(duration, ordering: .relaxed)
    }

    func record(_ value: Int64) { self.record(Double(value)) }

    /// Counts an amount; what is not a number is left out.
    func record(_ value: Double) {
        guard !value.isNaN else { return }
        var index = 0
        while index < self.bounds.count, value > self.bounds[index] { index += 1 }
        self.buckets[index].wrappingAdd(1, ordering: .relaxed)
        AtomicDouble.add(value, to: self.sum)
    }

    func render(_ series: SeriesText, to output: inout [UInt8]) {
        var total: Int64 = 0
        for (index, bound) in self.bounds.enumerated() {
            total += self.buckets[index].load(ordering: .relaxed)
            series.write(suffix: "_bucket", bound: PrometheusText.number(bound), value: String(total), to: &output)
        }
        total += self.buckets[self.bounds.count].load(ordering: .relaxed)
        series.write(suffix: "_bucket", bound: "+Inf", value: String(total), to: &output)
        let amounts = Double(bitPattern: self.sum.load(ordering: .relaxed))
        let seconds = Double(self.durations.load(ordering: .relaxed)) / 1e9
        series.write(suffix: "_sum", value: PrometheusText.number(amounts + seconds), to: &output)
        series.write(suffix: "_count", value: String(total), to: &output)
    }
}
