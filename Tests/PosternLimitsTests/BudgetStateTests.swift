import PosternLimits
import Testing

@Suite struct BudgetStateTests {
    static let second: Int64 = 1_000_000_000

    /// One request a second, six at once.
    static func limit(_ rate: Int = 60, burst: Int = 6) throws -> RateLimit {
        try #require(RateLimit(requestsPerMinute: rate, burst: burst))
    }

    static func takes(_ budget: inout BudgetState, _ count: Int, now: Int64) -> Int {
        (0..<count).count { _ in budget.take(now: now).isAdmitted }
    }

    @Test(arguments: [0, .min, .max - 60_000_000_000] as [Int64])
    func `is a plain bucket without other gateways`(start: Int64) throws {
        let limit = try Self.limit()
        var budget = BudgetState(limit: limit, now: start)
        var bucket = RateBucket()
        for step in 0..<50 {
            let now = start + Int64(step) * Self.second / 3
            #expect(budget.decision(now: now) == bucket.decision(limit, now: now))
            #expect(budget.take(now: now) == bucket.take(limit, now: now))
        }
    }

    @Test func `treats a clock that goes back as standing still`() throws {
        var budget = BudgetState(limit: try Self.limit(), now: 0)
        #expect(Self.takes(&budget, 7, now: 100 * Self.second) == 6)
        let refusal = budget.decision(now: 100 * Self.second)
        #expect(budget.decision(now: 0) == refusal)
        #expect(budget.take(now: .min) == refusal)
        #expect(budget.take(now: 101 * Self.second - 1).retryAfterNanoseconds == 1)
        #expect(budget.take(now: 101 * Self.second).isAdmitted)
    }

    @Test func `admits and counts everything without a limit`() {
        var budget = BudgetState(limit: nil, now: 0)
        #expect(Self.takes(&budget, 1000, now: 0) == 1000)
        #expect(budget.take(now: 0) == .unlimited)
        budget.giveBack(now: 0)
        budget.learn(
            othersAdmitted: .max,
            othersDebtNanoseconds: .max,
            sharers: 5,
            rank: 0,
            untilNextNanoseconds: 1,
            now: 1
        )
        budget.stand(alone: 3, now: 2)
        #expect(Self.takes(&budget, 10, now: 2) == 10)
        #expect(budget.report(now: 3) == BudgetReport(admitted: 1010, debtNanoseconds: 0))
    }

    @Test func `says whether it was asked since the last report`() throws {
        var budget = BudgetState(limit: try Self.limit(), now: 0)
        #expect(!budget.wasAskedSinceReport)
        _ = budget.decision(now: 0)
        #expect(!budget.wasAskedSinceReport)
        #expect(Self.takes(&budget, 10, now: 0) == 6)
        #expect(budget.wasAskedSinceReport)
        #expect(budget.report(now: 0) == BudgetReport(admitted: 6, debtNanoseconds: 6 * Self.second))
        #expect(!budget.wasAskedSinceReport)
        _ = budget.take(now: 0)
        #expect(budget.wasAskedSinceReport)
    }

    @Test func `never reports fewer admissions after giving back`() throws {
        var budget = BudgetState(limit: try Self.limit(), now: 0)
        #expect(Self.takes(&budget, 3, now: 0) == 3)
        budget.giveBack(now: 0)
        #expect(budget.report(now: 0) == BudgetReport(admitted: 2, debtNanoseconds: 2 * Self.second))
        budget.giveBack(now: 0)
        #expect(budget.report(now: 0) == BudgetReport(admitted: 2, debtNanoseconds: Self.second))
        #expect(Self.takes(&budget, 1, now: 0) == 1)
        #expect(budget.report(now: 0).admitted == 2)
        #expect(Self.takes(&budget, 1, now: 0) == 1)
        #expect(budget.report(now: 0).admitted == 3)
    }

    @Test(arguments: [(1, 6), (2, 3), (3, 2), (5, 1), (6, 1), (7, 1), (0, 6), (-1, 6), (.max, 1)])
    func `divides the burst before the first exchange`(gateways: Int, share: Int) throws {
        var budget = BudgetState(limit: try Self.limit(), now: 0)
        budget.expectSharers(gateways)
        #expect(Self.takes(&budget, 10, now: 0) == share)
        budget.giveBack(now: 0)
        #expect(Self.takes(&budget, 10, now: 0) == 1)
    }

    @Test func `charges what others admitted, beyond the burst`() throws {
        var budget = BudgetState(limit: try Self.limit(), now: 0)
        Self.agree(&budget)
        #expect(Self.takes(&budget, 2, now: 0) == 2)
        budget.learn(
            othersAdmitted: 5,
            othersDebtNanoseconds: 0,
            sharers: 1,
            rank: 0,
            untilNextNanoseconds: 0,
            now: 0
        )
        #expect(budget.take(now: 0).retryAfterNanoseconds == 2 * Self.second)
        #expect(budget.report(now: 0).debtNanoseconds == 7 * Self.second)
        #expect(!budget.take(now: 2 * Self.second - 1).isAdmitted)
        #expect(budget.take(now: 2 * Self.second).isAdmitted)
    }

    @Test(arguments: [-1, .min, .max] as [Int64])
    func `bounds what it is told`(number: Int64) throws {
        var budget = BudgetState(limit: try Self.limit(), now: .max - 100 * Self.second)
        for _ in 0..<10 {
            budget.learn(
                othersAdmitted: number,
                othersDebtNanoseconds: number,
                sharers: Int(number),
                rank: Int(number),
                untilNextNanoseconds: number,
                now: .max - 100 * Self.second
            )
        }
        // Ten bursts and one request at most.
        let debt = budget.report(now: .max - 100 * Self.second).debtNanoseconds
        #expect(debt == (number == .max ? 61 * Self.second : 0))
        #expect(budget.decision(now: .max - 100 * Self.second).isAdmitted == (number != .max))
    }

    @Test func `starts from the debt others know and from its own`() throws {
        var budget = BudgetState(limit: try Self.limit(), now: 0)
        budget.expectSharers(2)
        #expect(Self.takes(&budget, 1, now: 0) == 1)
        budget.learn(
            othersAdmitted: 1_000_000,
            othersDebtNanoseconds: 3 * Self.second,
            sharers: 1,
            rank: 0,
            untilNextNanoseconds: 0,
            now: 0
        )
        #expect(budget.report(now: 0).debtNanoseconds == 4 * Self.second)
    }

    @Test(arguments: [(0, 2), (1, 2), (2, 1), (3, 1), (4, 2), (-1, 1)])
    func `divides what is left, the rest by rank`(rank: Int, share: Int) throws {
        var budget = BudgetState(limit: try Self.limit(), now: 0)
        Self.agree(&budget)
        budget.learn(
            othersAdmitted: 0,
            othersDebtNanoseconds: 0,
            sharers: 4,
            rank: rank,
            untilNextNanoseconds: 7,
            now: 0
        )
        #expect(Self.takes(&budget, 10, now: 0) == share)
        let refusal = budget.take(now: 3)
        #expect(refusal == RateDecision(isAdmitted: false, remaining: 0, retryAfterNanoseconds: 4))
        #expect(budget.decision(now: 3) == refusal)
    }

    @Test(arguments: [(Self.second - 1, 3), (Self.second, 4), (Self.second + 1, 4)] as [(Int64, Int)])
    func `counts what is earned back until the next exchange`(untilNext: Int64, share: Int) throws {
        var budget = BudgetState(limit: try Self.limit(), now: 0)
        Self.agree(&budget)
        budget.learn(
            othersAdmitted: 0,
            othersDebtNanoseconds: 0,
            sharers: 2,
            rank: 0,
            untilNextNanoseconds: untilNext,
            now: 0
        )
        #expect(Self.takes(&budget, 10, now: 0) == share)
    }

    @Test(arguments: [(-1, 0), (0, 0), (1, 3)] as [(Int64, Int)])
    func `gives a first share again after missed exchanges`(offset: Int64, admitted: Int) throws {
        var budget = BudgetState(limit: try Self.limit(), now: 0)
        Self.agree(&budget)
        budget.learn(
            othersAdmitted: 0,
            othersDebtNanoseconds: 0,
            sharers: 2,
            rank: 1,
            untilNextNanoseconds: 2 * Self.second,
            now: 0
        )
        #expect(Self.takes(&budget, 10, now: 0) == 4)
        // Three exchanges and a second.
        #expect(Self.takes(&budget, 10, now: 7 * Self.second + offset) == admitted)
    }

    @Test(arguments: [(1, 6), (2, 3), (3, 2), (4, 1), (6, 1), (7, 1), (100, 1)])
    func `divides the burst when it stands alone`(gateways: Int, burst: Int) throws {
        var budget = BudgetState(limit: try Self.limit(), now: 0)
        budget.stand(alone: gateways, now: 0)
        #expect(budget.decision(now: 0).remaining == burst - 1)
        #expect(Self.takes(&budget, 10, now: 0) == burst)
    }

    @Test func `divides the rate exactly when it stands alone`() throws {
        var budget = BudgetState(limit: try Self.limit(10, burst: 10), now: 0)
        budget.stand(alone: 3, now: 0)
        #expect(Self.takes(&budget, 10, now: 0) == 3)
        let admitted = (0..<6000).count { budget.take(now: Int64($0) * Self.second / 10).isAdmitted }
        // Ten minutes: 100 requests, a third of them here.
        #expect((33...34).contains(admitted), "\(admitted)")
    }

    @Test func `keeps what was used when the limit changes`() throws {
        let limit = try Self.limit()
        var budget = BudgetState(limit: limit, now: 0)
        #expect(Self.takes(&budget, 4, now: 0) == 4)
        budget.adopt(try Self.limit(600, burst: 20), now: 0)
        #expect(budget.decision(now: 0).remaining == 15)
        budget.adopt(limit, now: 0)
        #expect(budget.decision(now: 0).remaining == 1)
        budget.adopt(limit, now: 0)
        #expect(Self.takes(&budget, 10, now: 0) == 2)
        budget.adopt(try Self.limit(60, burst: 2), now: 0)
        #expect(budget.take(now: 0).retryAfterNanoseconds == Self.second)
        #expect(budget.report(now: 0).admitted == 6)
    }

    @Test func `is full when a limit is first set, and again without one`() throws {
        let limit = try Self.limit()
        var budget = BudgetState(limit: nil, now: 0)
        #expect(Self.takes(&budget, 100, now: 0) == 100)
        budget.adopt(limit, now: 0)
        #expect(Self.takes(&budget, 100, now: 0) == 6)
        budget.adopt(nil, now: 0)
        #expect(Self.takes(&budget, 100, now: 0) == 100)
        #expect(budget.limit == nil)
        budget.adopt(limit, now: 0)
        budget.expectSharers(2)
        #expect(Self.takes(&budget, 100, now: 0) == 3)
    }

    @Test(arguments: [1, 100_000_000].flatMap { rate in [1, 100_000_000].map { (rate, $0) } })
    func `holds the most extreme limits at the end of time`(numbers: (rate: Int, burst: Int)) throws {
        let limit = try #require(RateLimit(requestsPerMinute: numbers.rate, burst: numbers.burst))
        let now = Int64.max - 10
        var budget = BudgetState(limit: limit, now: now)
        budget.expectSharers(10_000)
        for round in 0..<10 {
            _ = budget.take(now: now + Int64(round))
            _ = budget.report(now: now + Int64(round))
            budget.learn(
                othersAdmitted: .max,
                othersDebtNanoseconds: .max,
                sharers: 3,
                rank: round,
                untilNextNanoseconds: .max,
                now: now + Int64(round)
            )
            #expect(!budget.take(now: now + Int64(round)).isAdmitted)
            budget.giveBack(now: now + Int64(round))
        }
        budget.stand(alone: .max, now: .max)
        #expect(!budget.take(now: .max).isAdmitted)
        budget.adopt(RateLimit(requestsPerMinute: 1, burst: 100_000_000), now: .max)
        budget.adopt(RateLimit(requestsPerMinute: 100_000_000, burst: 1), now: .max)
        #expect(!budget.take(now: .max).isAdmitted)
    }

    /// Exchanges with nobody until the budget has agreed with the others.
    private static func agree(_ budget: inout BudgetState) {
        for _ in 0..<5 {
            budget.learn(
                othersAdmitted: 0,
                othersDebtNanoseconds: 0,
                sharers: 1,
                rank: 0,
                untilNextNanoseconds: 0,
                now: 0
            )
        }
    }
}
