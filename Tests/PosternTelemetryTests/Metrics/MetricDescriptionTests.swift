import PosternTelemetry
import Testing

@Suite struct MetricDescriptionTests {
    @Test func `gives every metric a name of its own`() {
        #expect(Set(MetricDescription.all.map(\.name)).count == MetricDescription.all.count)
    }

    @Test(arguments: MetricDescription.all)
    func `names metrics as the house does`(description: MetricDescription) {
        #expect(description.name.hasPrefix("postern_gateway_") || description.name.hasPrefix("postern_consumer_"))
        #expect(PrometheusText.name(description.name) == description.name)
        #expect(description.name.hasSuffix("_total") == (description.kind == .counter))
        #expect(description.help.hasSuffix(".") && !description.help.contains("\n"))
        #expect(description.buckets.bounds.isEmpty == (description.kind != .histogram))
    }
}
