internal import Metrics

/// What a metric is called, what it means, and how it is measured.
package struct MetricDescription: Hashable, Sendable {
    /// The kind of instrument, and Prometheus's word for it.
    package enum Kind: String, Hashable, Sendable {
        case counter
        case gauge
        case histogram
    }

    /// `postern_<process>_<noun>_<unit>[_total]`.
    package let name: String
    /// One line for people.
    package let help: String
    /// The kind of instrument.
    package let kind: Kind
    /// The bounds of a histogram; empty for other kinds.
    package let buckets: HistogramBuckets

    private init(_ kind: Kind, _ name: String, _ help: String, _ buckets: HistogramBuckets) {
        self.kind = kind
        self.name = name
        self.help = help
        self.buckets = buckets
    }

    /// Describes a number that only grows.
    package static func counter(_ name: String, _ help: String) -> MetricDescription {
        MetricDescription(.counter, name, help, HistogramBuckets([]))
    }

    /// Describes a number that goes up and down.
    package static func gauge(_ name: String, _ help: String) -> MetricDescription {
        MetricDescription(.gauge, name, help, HistogramBuckets([]))
    }

    /// Describes a distribution.
    package static func histogram(_ name: String, _ help: String, _ buckets: HistogramBuckets) -> MetricDescription {
        MetricDescription(.histogram, name, help, buckets)
    }

    /// Makes the counter of one label set.
    func makeCounter(_ factory: any MetricsFactory, _ labels: (String, String)...) -> CountMetric {
        CountMetric(Counter(label: self.name, dimensions: labels, factory: factory))
    }

    /// Makes the gauge of one label set.
    func makeGauge(_ factory: any MetricsFactory, _ labels: (String, String)...) -> LevelMetric {
        LevelMetric(Meter(label: self.name, dimensions: labels, factory: factory))
    }

    /// Makes the distribution of durations of one label set.
    func makeTimer(_ factory: any MetricsFactory, _ labels: (String, String)...) -> DurationMetric {
        DurationMetric(Timer(label: self.name, dimensions: labels, factory: factory))
    }

    /// Makes the distribution of amounts of one label set.
    func makeRecorder(_ factory: any MetricsFactory, _ labels: (String, String)...) -> AmountMetric {
        AmountMetric(Recorder(label: self.name, dimensions: labels, aggregate: true, factory: factory))
    }
}
