import PosternLoad
import Testing

@Suite struct ArrivalScheduleTests {
    @Test func `makes requests due at even times`() {
        var schedule = ArrivalSchedule(rate: 1000, start: 5_000_000)
        #expect(schedule.take(now: 4_999_999) == nil)
        #expect(schedule.take(now: 5_000_000) == 5_000_000)
        #expect(schedule.take(now: 5_000_000) == nil)
        #expect(schedule.nextDue == 6_000_000)
        #expect(schedule.take(now: 9_000_000) == 6_000_000)
    }

    @Test func `keeps the time of what could not be sent`() {
        var schedule = ArrivalSchedule(rate: 1000, start: 0)
        #expect(schedule.waiting(now: 100_000_000) == 101)
        let dues = (0..<101).compactMap { _ in schedule.take(now: 100_000_000) }
        #expect(dues == (0...100).map { Int64($0) * 1_000_000 })
        #expect(schedule.waiting(now: 100_000_000) == 0)
        #expect(schedule.take(now: 100_000_000) == nil)
    }

    @Test(arguments: [0.5, 3, 7, 333.3, 20_000, 1_000_000])
    func `keeps the rate without drifting`(rate: Double) {
        var schedule = ArrivalSchedule(rate: rate, start: 1_000)
        let seconds = Int64(20)
        var count = 0
        while let due = schedule.take(now: 1_000 + seconds * 1_000_000_000 - 1) {
            #expect(abs(Double(due - 1_000) - Double(count) * 1e9 / rate) <= 1)
            count += 1
            if count >= 50_000 { break }
        }
        #expect(count == min(50_000, Int((Double(seconds) * rate).rounded(.up))))
    }

    @Test func `shares a rate evenly among loops`() {
        var shares = (0..<3).map { ArrivalSchedule(rate: 3000, loop: $0, of: 3, start: 0) }
        var dues: [Int64] = []
        for index in shares.indices {
            while let due = shares[index].take(now: 9_999_999) { dues.append(due) }
        }
        #expect(dues.count == 30)
        let gaps = zip(dues.sorted().dropFirst(), dues.sorted()).map { $0 - $1 }
        #expect(gaps.allSatisfy { (333_332...333_334).contains($0) })
    }

    @Test func `survives a clock that is far away`() {
        let schedule = ArrivalSchedule(rate: 10_000_000, start: 0)
        #expect(schedule.waiting(now: .max) > 1_000_000_000)
        #expect(schedule.waiting(now: .min) == 0)
    }
}
