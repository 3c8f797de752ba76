import PosternTelemetry
import Testing

@Suite struct LevelMetricTests {
    @Test func `goes up and down`() {
        let registry = PrometheusRegistry()
        let level = GatewayMetrics(factory: registry, platforms: []).queueRows
        func value() -> Substring? {
            let lines = String(decoding: registry.render(), as: UTF8.self).split(separator: "\n")
            return lines.first { $0.hasPrefix("postern_gateway_queue_rows ") }?.split(separator: " ").last
        }
        #expect(value() == "0")
        level.set(7)
        #expect(value() == "7")
        level.increment()
        #expect(value() == "8")
        level.set(0.5)
        level.decrement()
        #expect(value() == "-0.5")
    }
}
