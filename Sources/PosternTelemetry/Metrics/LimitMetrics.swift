package import Metrics

/// What the gateway measures about sharing limits with other gateways.
package struct LimitMetrics: Sendable {
    /// The instruments of one store.
    private struct Store: Sendable {
        let up: LevelMetric
        let failures: CountMetric
    }

    /// Gateways that share limits, as last known.
    package let gateways: LevelMetric
    /// Time of one exchange that worked, whatever was tried before it.
    package let exchangeSeconds: DurationMetric
    private let stores: [String: Store]

    /// Makes all instruments.
    ///
    /// - Parameters:
    ///   - factory: Where they are kept.
    ///   - stores: The names of the stores that are configured, of `redis` and `postgres`.
    package init(factory: any MetricsFactory, stores: [String]) {
        self.gateways = MetricDescription.limitGateways.makeGauge(factory)
        self.exchangeSeconds = MetricDescription.limitExchangeSeconds.makeTimer(factory)
        self.stores = Dictionary(
            stores.map { name in
                (
                    name,
                    Store(
                        up: MetricDescription.limitExchangeUp.makeGauge(factory, ("shares", name)),
                        failures: MetricDescription.limitExchangeFailures.makeCounter(factory, ("shares", name))
                    )
                )
            },
            uniquingKeysWith: { first, _ in first }
        )
    }

    /// Notes through which store limits are shared now; any other word, such as `local`, says through none.
    package func share(through name: String) {
        for (store, instruments) in self.stores { instruments.up.set(store == name ? 1 : 0) }
    }

    /// Counts an exchange that failed; a store that is not configured counts nowhere.
    package func failed(_ name: String) { self.stores[name]?.failures.increment() }
}
