import PosternOperations
import Testing

@Suite struct JobPaceTests {
    @Test(arguments: [(1, 1), (2, 1), (3, 1), (50, 25), (900, 450), (2000, 500), (100_000, 500)] as [(Int32, Int)])
    func `takes about two steps a second, and never more than the largest step`(rate: Int32, limit: Int) {
        #expect(JobPace(perSecond: rate, largest: 500).limit == limit)
    }

    @Test func `waits for the rest of the time that the items are worth`() {
        let pace = JobPace(perSecond: 50, largest: 500)
        #expect(pace.pause(after: 25, took: .milliseconds(100)) == .milliseconds(400))
        #expect(pace.pause(after: 25, took: .seconds(2)) == .zero)
        #expect(pace.pause(after: 0, took: .zero) == .zero)
        #expect(JobPace(perSecond: 1, largest: 500).pause(after: 1, took: .zero) == .seconds(1))
    }

    @Test func `halves steps that take too long, grows them again, and gives up on one item that always does`() {
        var pace = JobPace(perSecond: nil, largest: 10)
        for limit in [5, 2, 1, 1] {
            let goesOn = pace.tookTooLong()
            #expect(goesOn && pace.limit == limit)
        }
        pace.advanced()
        #expect(pace.limit == 2)
        for goesOn in [true, true, true, true, true, false] {
            let answer = pace.tookTooLong()
            #expect(answer == goesOn && pace.limit == 1)
        }
    }

    @Test func `goes as fast as it goes without a rate, and bears numbers that are none`() {
        let pace = JobPace(perSecond: nil, largest: 500)
        #expect(pace.limit == 500 && pace.pause(after: 500, took: .zero) == .zero)
        #expect(JobPace(perSecond: -5, largest: 0).limit == 1)
        #expect(JobPace(perSecond: 1, largest: 1).pause(after: .max, took: .zero) == .seconds(1_000_000))
        #expect(JobPace(perSecond: 1, largest: 1).pause(after: .min, took: .zero) == .zero)
    }
}
