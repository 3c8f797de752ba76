import PosternLimits
import Testing

@Suite struct RateLimitTests {
    @Test(arguments: [(1, true), (2, true), (0, false), (-1, false), (.min, false)])
    func `starts at one`(number: Int, isValid: Bool) {
        #expect((RateLimit(requestsPerMinute: number, burst: 5) != nil) == isValid)
        #expect((RateLimit(requestsPerMinute: 5, burst: number) != nil) == isValid)
    }

    @Test(arguments: [(99_999_999, true), (100_000_000, true), (100_000_001, false), (.max, false)])
    func `ends at a hundred million`(number: Int, isValid: Bool) {
        #expect((RateLimit(requestsPerMinute: number, burst: 5) != nil) == isValid)
        #expect((RateLimit(requestsPerMinute: 5, burst: number) != nil) == isValid)
    }

    @Test(
        arguments: [
            (1, 60_000_000_000), (10, 6_000_000_000), (60, 1_000_000_000), (100, 600_000_000), (300, 200_000_000),
            (1000, 60_000_000), (7, 8_571_428_572), (99_999_999, 601), (100_000_000, 600),
        ] as [(Int, Int64)]
    )
    func `earns a request back in a part of a minute, rounded up`(rate: Int, interval: Int64) throws {
        let limit = try #require(RateLimit(requestsPerMinute: rate, burst: 1))
        #expect(limit.intervalNanoseconds == interval)
    }
}
