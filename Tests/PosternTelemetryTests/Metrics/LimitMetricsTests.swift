import PosternTelemetry
import Testing

@Suite struct LimitMetricsTests {
    private let registry = PrometheusRegistry(descriptions: MetricDescription.limits)

    private var lines: [Substring] { String(decoding: self.registry.render(), as: UTF8.self).split(separator: "\n") }

    @Test func `has the instruments of configured stores there before anything happens`() {
        _ = LimitMetrics(factory: self.registry, stores: ["postgres"])
        #expect(self.lines.contains("postern_gateway_limit_exchange_up{shares=\"postgres\"} 0"))
        #expect(self.lines.contains("postern_gateway_limit_exchange_failures_total{shares=\"postgres\"} 0"))
        #expect(self.lines.contains("postern_gateway_limit_gateways 0"))
        #expect(self.lines.contains("postern_gateway_limit_exchange_seconds_count 0"))
        #expect(!self.lines.contains { $0.contains("redis") })
        for description in MetricDescription.limits {
            #expect(self.lines.contains("# HELP \(description.name) \(description.help)"))
            #expect(self.lines.contains("# TYPE \(description.name) \(description.kind.rawValue)"))
        }
    }

    @Test(
        arguments: [("redis", "1", "0"), ("postgres", "0", "1"), ("local", "0", "0")] as [(String, String, String)]
    )
    func `says which one store is in use`(shares: String, redis: String, postgres: String) {
        let metrics = LimitMetrics(factory: self.registry, stores: ["redis", "postgres"])
        metrics.share(through: "redis")
        metrics.share(through: shares)
        #expect(self.lines.contains("postern_gateway_limit_exchange_up{shares=\"redis\"} \(redis)"))
        #expect(self.lines.contains("postern_gateway_limit_exchange_up{shares=\"postgres\"} \(postgres)"))
    }

    @Test func `counts failures by store`() {
        let metrics = LimitMetrics(factory: self.registry, stores: ["redis", "postgres"])
        metrics.failed("redis")
        metrics.failed("redis")
        metrics.failed("unheard-of")
        metrics.exchangeSeconds.observe(.milliseconds(2))
        metrics.gateways.set(3)
        #expect(self.lines.contains("postern_gateway_limit_exchange_failures_total{shares=\"redis\"} 2"))
        #expect(self.lines.contains("postern_gateway_limit_exchange_failures_total{shares=\"postgres\"} 0"))
        #expect(self.lines.contains("postern_gateway_limit_exchange_seconds_sum 0.002"))
        #expect(self.lines.contains("postern_gateway_limit_gateways 3"))
    }
}
