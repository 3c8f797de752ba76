extension MetricDescription {
    static let deliveryAttempts = Self.counter(
        "postern_consumer_attempts_total",
        "Attempts at destinations by outcome: delivered, transient (tried again), permanent (dead-lettered)."
    )
    static let deliveryAttemptSeconds = Self.histogram(
        "postern_consumer_attempt_seconds",
        "Time of one attempt at a destination.",
        .latency
    )
    static let deliveryInFlight = Self.gauge(
        "postern_consumer_attempts_in_flight",
        "Attempts at destinations under way."
    )
    static let deliveryLagSeconds = Self.histogram(
        "postern_consumer_delivery_lag_seconds",
        "Time from the storing of an event to its delivery at the first attempt.",
        .lag
    )
    static let deliverySettlementSeconds = Self.histogram(
        "postern_consumer_settlement_seconds",
        "Time of one transaction that stores what became of attempts.",
        .latency
    )
    static let deliveryCircuitsOpened = Self.counter(
        "postern_consumer_circuits_opened_total",
        "Circuits of destinations this consumer has opened, or opened again."
    )

    /// Everything ``DeliveryMetrics`` measures.
    static let delivery: [MetricDescription] = [
        deliveryAttempts, deliveryAttemptSeconds, deliveryInFlight, deliveryLagSeconds, deliverySettlementSeconds,
        deliveryCircuitsOpened,
    ]
}
