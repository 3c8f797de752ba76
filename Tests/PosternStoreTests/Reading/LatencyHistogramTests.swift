import PosternStore
import Testing

@Suite struct LatencyHistogramTests {
    private static func histogram(_ counts: [Int64]) -> LatencyHistogram {
        var histogram = LatencyHistogram()
        histogram.add(counts)
        return histogram
    }

    @Test func `without an attempt there is no percentile`() {
        #expect(LatencyHistogram().percentile(0.5) == nil)
        #expect(LatencyHistogram().total == 0)
    }

    @Test func `within a step attempts are taken for evenly spread`() {
        // 100 attempts of 10 to 25 ms.
        let histogram = Self.histogram([0, 0, 100])
        #expect(histogram.percentile(0.5) == .microseconds(17_500))
        #expect(histogram.percentile(1) == .milliseconds(25))
    }

    @Test func `a percentile lies in the step that reaches it`() {
        let histogram = Self.histogram([90, 0, 0, 0, 0, 10])
        #expect(histogram.percentile(0.9) == .milliseconds(5))
        #expect(histogram.percentile(0.95) == .milliseconds(175))
    }

    @Test func `of attempts beyond the last bound only the bound is known`() {
        let histogram = Self.histogram([1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 9])
        #expect(histogram.percentile(0.5) == .seconds(10))
    }

    @Test func `counts add up, and steps of another program fall into the last`() {
        var histogram = Self.histogram([1, 2, 3])
        histogram.add([Int64](repeating: 1, count: 14))
        #expect(histogram.counts == [2, 3, 4, 1, 1, 1, 1, 1, 1, 1, 1, 3])
    }
}
