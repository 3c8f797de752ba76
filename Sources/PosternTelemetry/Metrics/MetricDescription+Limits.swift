extension MetricDescription {
    static let limitExchangeUp = Self.gauge(
        "postern_gateway_limit_exchange_up",
        "1 for the store through which limits are shared with other gateways now; 0 everywhere: each keeps its own."
    )
    static let limitGateways = Self.gauge(
        "postern_gateway_limit_gateways",
        "Gateways that share limits, as last known, this one included."
    )
    static let limitExchangeSeconds = Self.histogram(
        "postern_gateway_limit_exchange_seconds",
        "Time of one exchange of counts with other gateways.",
        .latency
    )
    static let limitExchangeFailures = Self.counter(
        "postern_gateway_limit_exchange_failures_total",
        "Exchanges of counts with other gateways that failed, by store."
    )

    /// Everything ``LimitMetrics`` measures.
    package static let limits: [MetricDescription] = [
        limitExchangeUp, limitGateways, limitExchangeSeconds, limitExchangeFailures,
    ]
}
