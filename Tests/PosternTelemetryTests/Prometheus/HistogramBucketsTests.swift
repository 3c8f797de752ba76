import PosternTelemetry
import Testing

@Suite struct HistogramBucketsTests {
    @Test(arguments: [HistogramBuckets.latency, .lag, .rows])
    func `has ascending bounds`(buckets: HistogramBuckets) {
        #expect(buckets.bounds == buckets.bounds.sorted())
        #expect(Set(buckets.bounds).count == buckets.bounds.count)
    }

    @Test func `takes as many bounds as a histogram holds`() {
        #expect(HistogramBuckets((1...HistogramBuckets.limit).map(Double.init)).bounds.count == HistogramBuckets.limit)
    }

    @Test func `traps on one bound too many`() async {
        await #expect(processExitsWith: .failure) {
            _ = HistogramBuckets((0...HistogramBuckets.limit).map(Double.init))
        }
    }

    @Test func `traps on bounds that do not ascend`() async {
        await #expect(processExitsWith: .failure) { _ = HistogramBuckets([1, 1]) }
    }
}
