import PosternModel
import PosternTelemetry
import Testing

@Suite struct GatewayMetricsTests {
    private let registry = PrometheusRegistry()

    private var lines: [Substring] { String(decoding: self.registry.render(), as: UTF8.self).split(separator: "\n") }

    @Test func `has every instrument there before anything happens`() throws {
        let meta = try #require(PlatformName("meta"))
        _ = GatewayMetrics(factory: self.registry, platforms: [meta])
        #expect(self.lines.contains("postern_gateway_deliveries_total{platform=\"meta\",outcome=\"accepted\"} 0"))
        #expect(
            self.lines.contains("postern_gateway_rejections_total{platform=\"meta\",reason=\"signature_mismatch\"} 0")
        )
        #expect(
            self.lines.contains("postern_gateway_rejections_total{platform=\"none\",reason=\"unknown_endpoint\"} 0")
        )
        #expect(self.lines.contains("postern_gateway_handshakes_total{platform=\"meta\",outcome=\"refused\"} 0"))
        #expect(self.lines.contains("postern_gateway_queue_rows 0"))
        #expect(self.lines.contains("postern_gateway_commit_seconds_count 0"))
        for description in MetricDescription.gateway {
            #expect(self.lines.contains("# HELP \(description.name) \(description.help)"))
            #expect(self.lines.contains("# TYPE \(description.name) \(description.kind.rawValue)"))
        }
    }

    @Test func `counts by platform, reason and fault`() throws {
        let meta = try #require(PlatformName("meta"))
        let foreign = try #require(PlatformName("foreign"))
        let metrics = GatewayMetrics(factory: self.registry, platforms: [meta])
        metrics[meta].accepted.increment()
        metrics.rejected("bad_token", platform: meta)
        metrics.rejected("overloaded", platform: meta)
        metrics.rejected("unknown_endpoint", platform: nil)
        metrics.rejected("unknown_endpoint", platform: foreign)
        let expected = [
            "postern_gateway_deliveries_total{platform=\"meta\",outcome=\"accepted\"} 1",
            "postern_gateway_deliveries_total{platform=\"meta\",outcome=\"rejected\"} 1",
            "postern_gateway_deliveries_total{platform=\"meta\",outcome=\"failed\"} 1",
            "postern_gateway_deliveries_total{platform=\"none\",outcome=\"rejected\"} 2",
            "postern_gateway_rejections_total{platform=\"meta\",reason=\"bad_token\"} 1",
            "postern_gateway_rejections_total{platform=\"none\",reason=\"unknown_endpoint\"} 2",
        ]
        for line in expected { #expect(self.lines.contains(Substring(line))) }
    }

    @Test func `observes a commit`() {
        let metrics = GatewayMetrics(factory: self.registry, platforms: [])
        metrics.observeCommit(rows: 64, duration: .milliseconds(2))
        #expect(self.lines.contains("postern_gateway_commit_seconds_bucket{le=\"0.001\"} 0"))
        #expect(self.lines.contains("postern_gateway_commit_seconds_bucket{le=\"0.0025\"} 1"))
        #expect(self.lines.contains("postern_gateway_commit_seconds_sum 0.002"))
        #expect(self.lines.contains("postern_gateway_commit_rows_bucket{le=\"32\"} 0"))
        #expect(self.lines.contains("postern_gateway_commit_rows_bucket{le=\"64\"} 1"))
    }

    @Test func `knows every reason why verification fails`() {
        for failure in VerificationFailure.allCases {
            #expect(GatewayMetrics.rejectionReasons.contains(failure.rawValue))
            #expect(!GatewayMetrics.faults.contains(failure.rawValue))
        }
    }
}
