internal import Metrics
internal import Synchronization

/// The counters of one metric that differ in one label, whose values are few and ours.
///
/// The values known beforehand cost a look into a dictionary, without a lock; others are added under a lock up to a
/// bound and are counted together as `other` past it. Any thread.
package final class BoundedCounters: Sendable {
    private let known: [String: CountMetric]
    private let unknown: Mutex<[String: CountMetric]>
    private let other: CountMetric
    private let limit: Int
    private let make: @Sendable (String) -> CountMetric

    /// How many values may be added to the known ones.
    package static let unknownLimit = 32

    /// Makes the counters of the known values, so that they are written before anything has happened.
    init(
        _ description: MetricDescription,
        _ factory: any MetricsFactory,
        fixed: (String, String)? = nil,
        label: String,
        known: [String],
        limit: Int = BoundedCounters.unknownLimit
    ) {
        let make: @Sendable (String) -> CountMetric = { value in
            if let fixed { return description.makeCounter(factory, fixed, (label, value)) }
            return description.makeCounter(factory, (label, value))
        }
        self.known = Dictionary(known.map { ($0, make($0)) }, uniquingKeysWith: { first, _ in first })
        self.unknown = Mutex([:])
        self.other = make("other")
        self.limit = limit
        self.make = make
    }

    /// The counter of a value.
    package subscript(_ value: String) -> CountMetric {
        if let counter = self.known[value] { return counter }
        return self.unknown.withLock { unknown in
            if let counter = unknown[value] { return counter }
            guard unknown.count < self.limit else { return self.other }
            let counter = self.make(value)
            unknown[value] = counter
            return counter
        }
    }
}
