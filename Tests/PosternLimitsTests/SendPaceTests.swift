import PosternLimits
import Testing

@Suite struct SendPaceTests {
    static let start = ContinuousClock.now

    /// How many attempts a pace lets through when asked for all it gives, every so often.
    static func sent(_ pace: inout SendPace, every step: Duration, times: Int) -> Int {
        (0..<times).reduce(0) { $0 + pace.take(.max, at: Self.start + step * $1) }
    }

    @Test(arguments: [0, 1, 1_000_000, Int.max])
    func `lets everything through without a limit`(wanted: Int) {
        var pace = SendPace(perSecond: nil, at: Self.start)
        #expect(pace.take(wanted, at: Self.start) == wanted)
    }

    @Test(arguments: [Int.min, -1, 0])
    func `takes nothing for nothing wanted`(wanted: Int) {
        var limited = SendPace(perSecond: 10, at: Self.start)
        #expect(limited.take(wanted, at: Self.start) == 0)
        #expect(limited.take(1, at: Self.start) == 1)
        var unlimited = SendPace(perSecond: nil, at: Self.start)
        #expect(unlimited.take(wanted, at: Self.start) == 0)
    }

    @Test(arguments: [(1, 1), (3, 1), (4, 2), (10, 2), (29, 2), (30, 3), (1000, 100), (100_000, 10_000)])
    func `holds a tenth of a second at once and at least one or two`(perSecond: Int, burst: Int) {
        var pace = SendPace(perSecond: perSecond, at: Self.start)
        #expect(pace.take(.max, at: Self.start) == burst)
        #expect(pace.take(1, at: Self.start) == 0)
    }

    @Test(arguments: [(-1, 0), (0, 1), (1, 1)] as [(Int64, Int)])
    func `lets the next one through at the interval`(nanoseconds: Int64, granted: Int) {
        var pace = SendPace(perSecond: 4, at: Self.start)
        #expect(pace.take(5, at: Self.start) == 2)
        let time = Self.start + .milliseconds(250) + .nanoseconds(nanoseconds)
        #expect(pace.take(5, at: time) == granted)
    }

    @Test(arguments: [1, 3, 10, 100, 2500, 100_000])
    func `sends its rate and one burst over ten seconds`(perSecond: Int) {
        var pace = SendPace(perSecond: perSecond, at: Self.start)
        let sent = Self.sent(&pace, every: .milliseconds(5), times: 2001)
        let whole = perSecond * 10 + max(perSecond < 4 ? 1 : 2, perSecond / 10)
        // Intervals are rounded up to a nanosecond, and what is asked for every 5 ms may come 5 ms late.
        #expect(sent <= whole)
        #expect(sent >= whole - perSecond / 200 - 2)
    }

    @Test(arguments: [4, 7, 10, 19, 25, 33, 39, 40, 61, 500])
    func `reaches its rate for whoever looks every twenty-five milliseconds`(perSecond: Int) {
        var pace = SendPace(perSecond: perSecond, at: Self.start)
        // Looks that come a little late, for a minute.
        let sent = Self.sent(&pace, every: .microseconds(25_300), times: 2372)
        #expect((perSecond * 60 - perSecond / 20 - 2...perSecond * 60 + max(2, perSecond / 10)).contains(sent))
    }

    @Test func `gives nothing for a clock that goes back`() {
        var pace = SendPace(perSecond: 10, at: Self.start)
        #expect(pace.take(2, at: Self.start + .seconds(10)) == 2)
        #expect(pace.take(1, at: Self.start) == 0)
        #expect(pace.take(1, at: Self.start + .seconds(10) + .milliseconds(99)) == 0)
        #expect(pace.take(1, at: Self.start + .seconds(10) + .milliseconds(100)) == 1)
    }

    @Test func `takes a time centuries away`() {
        var pace = SendPace(perSecond: 10, at: Self.start)
        #expect(pace.take(2, at: Self.start) == 2)
        #expect(pace.take(3, at: Self.start + .seconds(Int64(1) << 50)) == 2)
        #expect(pace.take(1, at: Self.start - .seconds(Int64(1) << 50)) == 0)
    }

    @Test(arguments: [(1, 1, 600), (1, 2, 300), (1, 3, 200), (2, 3, 400), (5, 3, 600), (0, 3, 200), (1, 0, 600)])
    func `has its part of the rate`(part: Int, whole: Int, perMinute: Int) {
        var pace = SendPace(perSecond: 10, part: part, of: whole, at: Self.start)
        let sent = Self.sent(&pace, every: .milliseconds(25), times: 2400)
        #expect((perMinute...perMinute + 1).contains(sent))
    }

    @Test func `sends one a minute where its part is less`() {
        var pace = SendPace(perSecond: 1, part: 1, of: 1000, at: Self.start)
        #expect(Self.sent(&pace, every: .seconds(1), times: 60) == 1)
    }

    @Test(arguments: [Int.min, -1, 0, 1_666_666, Int.max])
    func `takes any rate and part`(number: Int) {
        var pace = SendPace(perSecond: number, part: number, of: number, at: Self.start)
        #expect(pace.take(1, at: Self.start) == 1)
        pace.change(perSecond: number, part: number, of: 1, at: Self.start)
        pace.change(perSecond: number, part: 1, of: number, at: Self.start)
        #expect(pace.take(1, at: Self.start + .seconds(60)) == 1)
    }

    @Test func `goes over to another rate and keeps what is charged`() {
        var pace = SendPace(perSecond: 100, at: Self.start)
        #expect(pace.take(10, at: Self.start) == 10)
        pace.change(perSecond: 200, at: Self.start)
        // Ten of twenty are used.
        #expect(pace.take(.max, at: Self.start) == 10)
        pace.change(perSecond: 1, at: Self.start)
        #expect(pace.take(1, at: Self.start + .milliseconds(999)) == 0)
        pace.change(perSecond: nil, at: Self.start)
        #expect(pace.take(1000, at: Self.start) == 1000)
        pace.change(perSecond: 1, at: Self.start)
        #expect(pace.take(.max, at: Self.start) == 1)
    }

    @Test func `stays as it is when told the same rate again`() {
        var pace = SendPace(perSecond: 10, at: Self.start)
        _ = pace.take(1, at: Self.start)
        let before = pace
        pace.change(perSecond: 10, at: Self.start + .milliseconds(50))
        #expect(pace == before)
    }
}
