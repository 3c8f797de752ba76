package import Metrics
internal import Synchronization

/// Keeps every instrument of a process and writes them in Prometheus text format.
///
/// Any thread. Making an instrument takes a lock and compares text; using one is an atomic operation. A metric has a
/// bounded number of label sets: instruments past the bound work but are not written, and are counted.
package final class PrometheusRegistry: MetricsFactory {
    private struct Family {
        let kind: MetricDescription.Kind
        let help: String
        let buckets: HistogramBuckets
        var series: [String: any MetricCell] = [:]
    }

    private struct State {
        var families: [String: Family] = [:]
        var refused: Int64 = 0
    }

    private let descriptions: [String: MetricDescription]
    private let seriesLimit: Int
    private let state = Mutex(State())

    /// Makes an empty registry.
    ///
    /// - Parameters:
    ///   - descriptions: Help and buckets by metric; others get no help and the buckets of latencies.
    ///   - seriesLimit: How many label sets a metric may have.
    package init(descriptions: [MetricDescription] = MetricDescription.all, seriesLimit: Int = 2000) {
        self.descriptions = Dictionary(descriptions.map { ($0.name, $0) }, uniquingKeysWith: { _, last in last })
        self.seriesLimit = seriesLimit
    }

    /// Writes all instruments, sorted by name and labels.
    ///
    /// O(instruments).
    package func render() -> [UInt8] {
        let (families, refused) = self.state.withLock { ($0.families, $0.refused) }
        var output: [UInt8] = []
        output.reserveCapacity(64 * 1024)
        for (name, family) in families.sorted(by: { $0.key < $1.key }) {
            if !family.help.isEmpty { output += "# HELP \(name) \(PrometheusText.help(family.help))\n".utf8 }
            output += "# TYPE \(name) \(family.kind.rawValue)\n".utf8
            for (labels, cell) in family.series.sorted(by: { $0.key < $1.key }) {
                cell.render(SeriesText(name: name, labels: labels), to: &output)
            }
        }
        if refused > 0 {
            output +=
                """
                # HELP \(Self.refusedName) Instruments not written: too many label sets, or two kinds of one name.
                # TYPE \(Self.refusedName) counter
                \(Self.refusedName) \(refused)

                """.utf8
        }
        return output
    }

    // MARK: MetricsFactory

    package func makeCounter(label: String, dimensions: [(String, String)]) -> any CounterHandler {
        self.cell(.counter, label, dimensions) { _ in CounterCell() }
    }

    package func makeMeter(label: String, dimensions: [(String, String)]) -> any MeterHandler {
        self.cell(.gauge, label, dimensions) { _ in GaugeCell() }
    }

    package func makeRecorder(label: String, dimensions: [(String, String)], aggregate: Bool) -> any RecorderHandler {
        guard aggregate else { return self.cell(.gauge, label, dimensions) { _ in GaugeCell() } }
        return self.cell(.histogram, label, dimensions) { HistogramCell($0) }
    }

    package func makeTimer(label: String, dimensions: [(String, String)]) -> any TimerHandler {
        self.cell(.histogram, label, dimensions) { HistogramCell($0) }
    }

    package func destroyCounter(_ handler: any CounterHandler) { self.remove(handler) }

    package func destroyMeter(_ handler: any MeterHandler) { self.remove(handler) }

    package func destroyRecorder(_ handler: any RecorderHandler) { self.remove(handler) }

    package func destroyTimer(_ handler: any TimerHandler) { self.remove(handler) }

    // MARK: series

    private static let refusedName = "postern_telemetry_refused_series_total"

    private func cell<Cell: MetricCell>(
        _ kind: MetricDescription.Kind,
        _ label: String,
        _ dimensions: [(String, String)],
        make: (HistogramBuckets) -> Cell
    ) -> Cell {
        let name = PrometheusText.name(label)
        let labels = dimensions.map { key, value in
            // `le` belongs to the buckets.
            let key = key == "le" ? "le_" : PrometheusText.name(key)
            return "\(key)=\"\(PrometheusText.labelValue(value))\""
        }.joined(separator: ",")
        let description = self.descriptions[name]
        return self.state.withLock { state in
            var family =
                state.families[name]
                ?? Family(kind: kind, help: description?.help ?? "", buckets: description?.buckets ?? .latency)
            if let known = family.series[labels] as? Cell { return known }
            let cell = make(family.buckets)
            guard family.kind == kind, family.series[labels] == nil, family.series.count < self.seriesLimit else {
                state.refused += 1
                return cell
            }
            family.series[labels] = cell
            state.families[name] = family
            return cell
        }
    }

    private func remove(_ handler: AnyObject) {
        self.state.withLock { state in
            for (name, var family) in state.families {
                guard let labels = family.series.first(where: { $0.value === handler })?.key else { continue }
                family.series[labels] = nil
                state.families[name] = family.series.isEmpty ? nil : family
                return
            }
        }
    }
}
