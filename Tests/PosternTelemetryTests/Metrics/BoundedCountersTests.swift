import PosternModel
import PosternTelemetry
import Testing

@Suite struct BoundedCountersTests {
    @Test func `counts values past the bound together`() throws {
        let registry = PrometheusRegistry()
        let metrics = HTTPMetrics(factory: registry)
        for number in 0..<(BoundedCounters.unknownLimit + 3) { metrics.requestRefused("surprise_\(number)") }
        let lines = String(decoding: registry.render(), as: UTF8.self).split(separator: "\n")
        #expect(
            lines.count { $0.hasPrefix("postern_gateway_requests_refused_total{reason=\"surprise_") }
                == BoundedCounters.unknownLimit
        )
        #expect(lines.contains("postern_gateway_requests_refused_total{reason=\"other\"} 3"))
    }

    @Test func `gives each value one counter, whichever thread asks`() async {
        let registry = PrometheusRegistry()
        let metrics = HTTPMetrics(factory: registry)
        await withTaskGroup { group in
            for _ in 0..<8 { group.addTask { for _ in 0..<500 { metrics.requestRefused("surprise") } } }
        }
        let text = String(decoding: registry.render(), as: UTF8.self)
        #expect(text.contains("requests_refused_total{reason=\"surprise\"} 4000\n"))
    }
}
