internal import Metrics

/// What a consumer measures of its deliveries to destinations.
package struct DeliveryMetrics: Sendable {
    /// Attempts the destination took.
    package let delivered: CountMetric
    /// Attempts that failed for a reason that may pass.
    package let transient: CountMetric
    /// Attempts that were refused for good.
    package let permanent: CountMetric
    /// Time of one attempt, from its start to the answer.
    package let attemptSeconds: DurationMetric
    /// Attempts under way.
    package let inFlight: LevelMetric
    /// Time from the storing of an event to its first delivery.
    package let lagSeconds: DurationMetric
    /// Time of one settlement: what is settled is stored in one transaction.
    package let settlementSeconds: DurationMetric
    /// Circuits this consumer has opened, or opened again.
    package let circuitsOpened: CountMetric

    init(_ factory: any MetricsFactory) {
        let attempts = MetricDescription.deliveryAttempts
        self.delivered = attempts.makeCounter(factory, ("outcome", "delivered"))
        self.transient = attempts.makeCounter(factory, ("outcome", "transient"))
        self.permanent = attempts.makeCounter(factory, ("outcome", "permanent"))
        self.attemptSeconds = MetricDescription.deliveryAttemptSeconds.makeTimer(factory)
        self.inFlight = MetricDescription.deliveryInFlight.makeGauge(factory)
        self.lagSeconds = MetricDescription.deliveryLagSeconds.makeTimer(factory)
        self.settlementSeconds = MetricDescription.deliverySettlementSeconds.makeTimer(factory)
        self.circuitsOpened = MetricDescription.deliveryCircuitsOpened.makeCounter(factory)
    }
}
