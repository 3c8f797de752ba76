internal import Metrics
internal import Synchronization

/// The value of one gauge.
///
/// Any thread; setting is one atomic store, raising and lowering a compare-and-exchange loop.
final class GaugeCell: MeterHandler, RecorderHandler, MetricCell {
    private let bits = Atomic<UInt64>(0)

    func set(_ value: Int64) { self.set(Double(value)) }

    func set(_ value: Double) { self.bits.store(value.bitPattern, ordering: .relaxed) }

    func increment(by amount: Double) { AtomicDouble.add(amount, to: self.bits) }

    func decrement(by amount: Double) { AtomicDouble.add(-amount, to: self.bits) }

    func record(_ value: Int64) { self.set(value) }

    func record(_ value: Double) { self.set(value) }

    func render(_ series: SeriesText, to output: inout [UInt8]) {
        let value = Double(bitPattern: self.bits.load(ordering: .relaxed))
        series.write(value: PrometheusText.number(value), to: &output)
    }
}
