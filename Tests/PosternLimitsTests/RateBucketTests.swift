import PosternLimits
import Testing

@Suite struct RateBucketTests {
    static let second: Int64 = 1_000_000_000
    /// Times a clock may start from.
    static let starts: [Int64] = [0, 1, -1, 1_700_000_000_000_000_000, .min, .min + 1, .max - 60_000_000_000, .max]

    /// One request a second, three at once.
    static func limit() throws -> RateLimit { try #require(RateLimit(requestsPerMinute: 60, burst: 3)) }

    static func emptied(_ limit: RateLimit, now: Int64) -> RateBucket {
        var bucket = RateBucket()
        bucket.charge(limit, now: now, count: limit.burst)
        return bucket
    }

    @Test(arguments: starts)
    func `admits a burst and not one more`(start: Int64) throws {
        let limit = try Self.limit()
        var bucket = RateBucket()
        #expect(bucket.remaining(limit, now: start) == 3)
        for left in [2, 1, 0] {
            let expected = RateDecision(isAdmitted: true, remaining: left, retryAfterNanoseconds: 0)
            #expect(bucket.decision(limit, now: start) == expected)
            #expect(bucket.take(limit, now: start) == expected)
        }
        let refusal = RateDecision(isAdmitted: false, remaining: 0, retryAfterNanoseconds: Self.second)
        #expect(bucket.decision(limit, now: start) == refusal)
        #expect(bucket.take(limit, now: start) == refusal)
        #expect(bucket.debtNanoseconds(now: start) == 3 * Self.second)
    }

    @Test(arguments: starts)
    func `earns a request back at the interval and not before`(start: Int64) throws {
        let limit = try Self.limit()
        var bucket = Self.emptied(limit, now: start)
        // The clock may pass the end of Int64: differences wrap.
        #expect(bucket.take(limit, now: start &+ Self.second - 1).retryAfterNanoseconds == 1)
        #expect(bucket.decision(limit, now: start &+ Self.second + 1).isAdmitted)
        #expect(bucket.take(limit, now: start &+ Self.second).isAdmitted)
        #expect(bucket.take(limit, now: start &+ Self.second).retryAfterNanoseconds == Self.second)
    }

    @Test(arguments: [(-1, 2), (0, 3), (1, 3)] as [(Int64, Int)])
    func `is full again after burst times interval`(offset: Int64, remaining: Int) throws {
        let limit = try Self.limit()
        let bucket = Self.emptied(limit, now: 0)
        #expect(bucket.remaining(limit, now: 3 * Self.second + offset) == remaining)
        #expect((bucket.debtNanoseconds(now: 3 * Self.second + offset) > 0) == (offset < 0))
    }

    @Test(arguments: [86_400, 365 * 86_400, 100 * 365 * 86_400] as [Int64])
    func `holds one burst after a long idle time`(seconds: Int64) throws {
        let limit = try Self.limit()
        var bucket = Self.emptied(limit, now: 0)
        let admitted = (0..<10).count { _ in bucket.take(limit, now: seconds * Self.second).isAdmitted }
        #expect(admitted == 3)
    }

    @Test(arguments: [1, 1_000_000, 86_400_000_000_000] as [Int64])
    func `never forgives when the clock goes back`(step: Int64) throws {
        let limit = try Self.limit()
        var bucket = Self.emptied(limit, now: 0)
        #expect(bucket.remaining(limit, now: -step) == 0)
        #expect(bucket.debtNanoseconds(now: -step) >= 3 * Self.second)
        #expect(!bucket.take(limit, now: -step).isAdmitted)
        // However far it went, the wait is the cap's at most: ten bursts and a request, less what a burst may owe.
        let wait = bucket.take(limit, now: -step).retryAfterNanoseconds
        #expect(wait <= 29 * Self.second)
        #expect(bucket.take(limit, now: -step + wait).isAdmitted)
    }

    @Test(arguments: [30, 31, 32, 1000, .max])
    func `forgets debt beyond ten bursts and a request`(count: Int) throws {
        let limit = try Self.limit()
        var bucket = RateBucket()
        bucket.charge(limit, now: 0, count: count)
        #expect(bucket.debtNanoseconds(now: 0) == Int64(min(count, 31)) * Self.second)
        bucket.charge(limit, now: 0)
        #expect(bucket.debtNanoseconds(now: 0) == 31 * Self.second)
    }

    @Test(arguments: [0, -1, .min])
    func `charges nothing for no requests`(count: Int) throws {
        let limit = try Self.limit()
        var bucket = RateBucket()
        bucket.charge(limit, now: 0, count: count)
        #expect(bucket == RateBucket())
    }

    @Test func `gives back one take and is never more than full`() throws {
        let limit = try Self.limit()
        var bucket = Self.emptied(limit, now: 0)
        bucket.giveBack(limit, now: 0)
        #expect(bucket.remaining(limit, now: 0) == 1)
        for _ in 0..<5 { bucket.giveBack(limit, now: 0) }
        #expect(bucket == RateBucket())
        #expect(bucket.remaining(limit, now: 0) == 3)
    }

    @Test(arguments: starts)
    func `reads the debt it was given`(start: Int64) {
        var bucket = RateBucket()
        bucket.setDebt(nanoseconds: 5, now: start)
        #expect((5...6).contains(bucket.debtNanoseconds(now: start)))
        bucket.setDebt(nanoseconds: 0, now: start)
        #expect(bucket.debtNanoseconds(now: start) == 0)
        bucket.setDebt(nanoseconds: .min, now: start)
        #expect(bucket.debtNanoseconds(now: start) == 0)
        bucket.setDebt(nanoseconds: .max, now: start)
        #expect(bucket.debtNanoseconds(now: start) > 6_000_000_000_000_000_000)
    }

    @Test(arguments: [(0, 0), (1, 1), (2, 2), (3, 3), (10, 3)])
    func `keeps the number of requests used over a change`(used: Int, kept: Int) throws {
        let old = try #require(RateLimit(requestsPerMinute: 1000, burst: 10))
        let new = try Self.limit()
        var bucket = RateBucket()
        bucket.charge(old, now: 7, count: used)
        bucket.convert(from: old, to: new, now: 7)
        #expect(bucket.remaining(new, now: 7) == 3 - kept)
        #expect(bucket.debtNanoseconds(now: 7) == Int64(kept) * Self.second)
    }

    @Test(
        arguments: [1, 100_000_000].flatMap { rate in [1, 100_000_000].map { (rate, $0) } },
        [0, .max - 1, .max, .min] as [Int64]
    )
    func `holds the most extreme limits at the ends of time`(numbers: (rate: Int, burst: Int), now: Int64) throws {
        let limit = try #require(RateLimit(requestsPerMinute: numbers.rate, burst: numbers.burst))
        var bucket = RateBucket()
        #expect(bucket.take(limit, now: now).remaining == numbers.burst - 1)
        bucket.charge(limit, now: now, count: numbers.burst - 1)
        let refusal = bucket.take(limit, now: now)
        #expect(!refusal.isAdmitted)
        #expect(refusal.retryAfterNanoseconds == limit.intervalNanoseconds)
        #expect(bucket.take(limit, now: now &+ limit.intervalNanoseconds).isAdmitted)
        bucket.charge(limit, now: now, count: .max)
        #expect(!bucket.take(limit, now: now).isAdmitted)
        let other = try #require(RateLimit(requestsPerMinute: 1, burst: 100_000_000))
        bucket.convert(from: limit, to: other, now: now)
        bucket.convert(from: other, to: limit, now: now)
        bucket.giveBack(limit, now: now)
        #expect(bucket.remaining(limit, now: now) >= 1)
    }
}
