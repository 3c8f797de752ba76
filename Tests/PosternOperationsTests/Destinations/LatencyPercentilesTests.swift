import PosternOperations
import Testing

@Suite struct LatencyPercentilesTests {
    struct Case: Sendable, CustomTestStringConvertible {
        let buckets: [Int64]
        let median: Double
        let p95: Double
        let p99: Double
        var testDescription: String { "\(self.buckets)" }
    }

    // The bounds are 5, 10, 25, 50, 100, 250, 500, 1000, 2500, 5000 and 10,000 ms.
    static let cases: [Case] = [
        Case(buckets: [100], median: 2.5, p95: 4.75, p99: 4.95),
        Case(buckets: [50, 50], median: 5, p95: 9.5, p99: 9.9),
        Case(buckets: [0, 0, 100], median: 17.5, p95: 24.25, p99: 24.85),
        Case(buckets: [90, 0, 0, 0, 10], median: 5 * 50.0 / 90, p95: 75, p99: 95),
        Case(buckets: [1], median: 2.5, p95: 4.75, p99: 4.95),
        // Past the last bound, and in buckets that this version does not know, there is only the bound.
        Case(buckets: [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 7], median: 10_000, p95: 10_000, p99: 10_000),
        Case(buckets: [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 7], median: 10_000, p95: 10_000, p99: 10_000),
        Case(buckets: [-5, 100], median: 7.5, p95: 9.75, p99: 9.95),
    ]

    @Test(arguments: Self.cases)
    func `spreads each bucket evenly`(expected: Case) throws {
        let found = try #require(LatencyPercentiles(expected.buckets))
        #expect(abs(found.median - expected.median) < 0.001)
        #expect(abs(found.p95 - expected.p95) < 0.001)
        #expect(abs(found.p99 - expected.p99) < 0.001)
    }

    @Test(
        arguments: [
            ([0, 0, 0, 0, 0, 0, 100], 300, 275, 297.5), ([0, 0, 0, 0, 0, 0, 0, 0, 100], 300, 300, 300),
            ([0, 0, 100], 300, 17.5, 24.25), ([0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 7], 2000, 2000, 2000),
            ([0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 7], 60_000, 10_000, 10_000),
        ] as [([Int64], Int64, Double, Double)]
    )
    func `no attempt takes longer than the timeout`(
        buckets: [Int64],
        timeout: Int64,
        median: Double,
        p95: Double
    ) throws {
        let found = try #require(LatencyPercentiles(buckets, timeout: .milliseconds(timeout)))
        #expect(abs(found.median - median) < 0.001)
        #expect(abs(found.p95 - p95) < 0.001)
        #expect(found.p99 <= Double(timeout))
    }

    @Test(arguments: [[], [0, 0], [-1]] as [[Int64]])
    func `knows nothing of no attempt`(buckets: [Int64]) {
        #expect(LatencyPercentiles(buckets) == nil)
    }
}
