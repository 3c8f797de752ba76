internal import Metrics
internal import PosternModel

/// The consumer's instruments of one platform: made beforehand.
package struct ConsumerPlatformMetrics: Sendable {
    /// Deliveries that became events, retries that worked included.
    package let normalized: CountMetric
    /// Deliveries put, or put back, in the retry queue.
    package let retried: CountMetric
    /// Deliveries that became dead letters.
    package let deadLettered: CountMetric
    /// Deliveries that held nothing to store.
    package let discarded: CountMetric
    /// Events stored.
    package let events: CountMetric
    /// Events whose key was known.
    package let duplicates: CountMetric
    /// Events of a kind the definition does not name.
    package let unrecognized: CountMetric
    /// Deliveries that became dead letters, by reason code.
    package let deadLetters: BoundedCounters

    /// Makes the instruments; without a platform, those of deliveries whose platform is not in the catalog.
    init(_ factory: any MetricsFactory, platform: PlatformName?) {
        let label = ("platform", platform?.text ?? "none")
        self.normalized = MetricDescription.consumerDeliveries.makeCounter(factory, label, ("outcome", "normalized"))
        self.retried = MetricDescription.consumerDeliveries.makeCounter(factory, label, ("outcome", "retried"))
        self.deadLettered = MetricDescription.consumerDeliveries.makeCounter(
            factory,
            label,
            ("outcome", "dead_lettered")
        )
        self.discarded = MetricDescription.consumerDeliveries.makeCounter(factory, label, ("outcome", "discarded"))
        self.events = MetricDescription.consumerEvents.makeCounter(factory, label)
        self.duplicates = MetricDescription.consumerDuplicates.makeCounter(factory, label)
        self.unrecognized = MetricDescription.consumerUnrecognized.makeCounter(factory, label)
        self.deadLetters = BoundedCounters(
            .consumerDeadLetters,
            factory,
            fixed: label,
            label: "reason",
            known: ["retries_exhausted"]
        )
    }

    /// Counts a delivery that became a dead letter.
    ///
    /// - Parameter reason: Its reason code.
    package func bury(_ reason: String) {
        self.deadLettered.increment()
        self.deadLetters[reason].increment()
    }
}
