internal import Metrics
internal import Synchronization

/// The value of one counter.
///
/// Any thread; one atomic addition each time.
final class CounterCell: CounterHandler, MetricCell {
    private let value = Atomic<Int64>(0)

    /// Adds; what is negative is left out, because a counter never falls.
    func increment(by amount: Int64) {
        guard amount > 0 else { return }
        self.value.wrappingAdd(amount, ordering: .relaxed)
    }

    func reset() { self.value.store(0, ordering: .relaxed) }

    func render(_ series: SeriesText, to output: inout [UInt8]) {
        series.write(value: String(self.value.load(ordering: .relaxed)), to: &output)
    }
}
