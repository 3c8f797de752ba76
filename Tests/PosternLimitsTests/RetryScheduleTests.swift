import PosternLimits
import Testing

@Suite struct RetryScheduleTests {
    /// One retry: its number, its nominal wait and the jitter's two ends, in milliseconds.
    struct Case: CustomTestStringConvertible, Sendable {
        let number: Int
        let least: Int64
        let nominal: Int64
        let most: Int64
        var testDescription: String { "retry \(self.number)" }
    }

    static let table = [
        Case(number: 1, least: 54_000, nominal: 60_000, most: 66_000),
        Case(number: 2, least: 270_000, nominal: 300_000, most: 330_000),
        Case(number: 3, least: 810_000, nominal: 900_000, most: 990_000),
        Case(number: 4, least: 3_240_000, nominal: 3_600_000, most: 3_960_000),
        Case(number: 5, least: 6_480_000, nominal: 7_200_000, most: 7_920_000),
    ]

    @Test(arguments: table)
    func `waits the nominal time give or take ten percent`(each: Case) {
        let schedule = RetrySchedule.standard
        // 201 steps of a thousandth: 0 is the least, 100 the middle, 200 the most, 201 the least again.
        #expect(schedule.delay(beforeRetry: each.number, random: 0) == .milliseconds(each.least))
        #expect(schedule.delay(beforeRetry: each.number, random: 100) == .milliseconds(each.nominal))
        #expect(schedule.delay(beforeRetry: each.number, random: 200) == .milliseconds(each.most))
        #expect(schedule.delay(beforeRetry: each.number, random: 201) == .milliseconds(each.least))
    }

    @Test(arguments: [Int.min, -1, 0, 6, 7, Int.max])
    func `gives up outside of its retries`(number: Int) {
        #expect(RetrySchedule.standard.delay(beforeRetry: number, random: 0) == nil)
    }

    @Test func `stays inside the jitter for every random value`() throws {
        let randoms: [UInt64] = [.max, .max - 1, .max / 2, 1, 199, 202]
        for random in randoms {
            let wait = try #require(RetrySchedule.standard.delay(beforeRetry: 1, random: random))
            #expect(wait >= .seconds(54) && wait <= .seconds(66))
        }
    }

    @Test func `is exact without jitter`() {
        let schedule = RetrySchedule(delays: [.seconds(7)], jitterPercent: 0)
        #expect(schedule.delay(beforeRetry: 1, random: .max) == .seconds(7))
        #expect(schedule.delay(beforeRetry: 2, random: .max) == nil)
        #expect(schedule.retries == 1)
    }

    @Test func `reaches from zero to twice the wait with full jitter`() {
        let schedule = RetrySchedule(delays: [.seconds(10)], jitterPercent: 100)
        #expect(schedule.delay(beforeRetry: 1, random: 0) == .zero)
        #expect(schedule.delay(beforeRetry: 1, random: 2000) == .seconds(20))
        #expect(schedule.delay(beforeRetry: 1, random: 2001) == .zero)
    }

    @Test func `never retries without delays`() {
        #expect(RetrySchedule(delays: [], jitterPercent: 10).delay(beforeRetry: 1, random: 0) == nil)
    }

    @Test func `refuses a negative wait`() async {
        await #expect(processExitsWith: .failure) { _ = RetrySchedule(delays: [.seconds(-1)], jitterPercent: 10) }
    }

    @Test func `refuses a jitter above one hundred percent`() async {
        await #expect(processExitsWith: .failure) { _ = RetrySchedule(delays: [], jitterPercent: 101) }
    }
}
