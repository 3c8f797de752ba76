import PosternTelemetry
import Testing

@Suite struct DurationMetricTests {
    @Test(
        arguments: [
            (Duration.zero, "0"), (.seconds(-1), "0"), (.seconds(Int64.min), "0"), (.nanoseconds(1), "1e-09"),
            (.milliseconds(1500), "1.5"), (.seconds(Int64.max), "9223372036.854776"),
        ] as [(Duration, String)]
    )
    func `observes durations`(duration: Duration, sum: String) {
        let registry = PrometheusRegistry()
        GatewayMetrics(factory: registry, platforms: []).commitSeconds.observe(duration)
        let lines = String(decoding: registry.render(), as: UTF8.self).split(separator: "\n")
        #expect(lines.contains("postern_gateway_commit_seconds_sum \(sum)"))
        #expect(lines.contains("postern_gateway_commit_seconds_count 1"))
    }
}
