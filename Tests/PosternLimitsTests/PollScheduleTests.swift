import PosternLimits
import Testing

@Suite struct PollScheduleTests {
    @Test func `looks again at once while there is more`() {
        var schedule = PollSchedule()
        for _ in 0..<10 { #expect(schedule.wait(after: .full, cost: .milliseconds(50)) == .zero) }
    }

    @Test func `waits milliseconds while work comes`() {
        var schedule = PollSchedule()
        for _ in 0..<10 { #expect(schedule.wait(after: .some, cost: .microseconds(100)) == .milliseconds(2)) }
    }

    @Test func `backs off by half as much again up to the longest wait`() {
        var schedule = PollSchedule(shortest: .milliseconds(4), longest: .milliseconds(20))
        let waits = (0..<6).map { _ in schedule.wait(after: .nothing, cost: .zero) }
        #expect(waits == [4, 6, 9, 13.5, 20, 20].map { .milliseconds($0) })
    }

    @Test func `reaches the longest wait after fourteen empty looks`() {
        var schedule = PollSchedule()
        var waits = (0..<14).map { _ in schedule.wait(after: .nothing, cost: .zero) }
        #expect(waits.allSatisfy { $0 < .milliseconds(500) })
        #expect(waits.reduce(.zero, +) < .seconds(2))
        waits = (0..<3).map { _ in schedule.wait(after: .nothing, cost: .zero) }
        #expect(waits == Array(repeating: .milliseconds(500), count: 3))
    }

    @Test(arguments: [PollSchedule.Finding.full, .some])
    func `starts over when something comes`(finding: PollSchedule.Finding) {
        var schedule = PollSchedule()
        for _ in 0..<20 { _ = schedule.wait(after: .nothing, cost: .zero) }
        _ = schedule.wait(after: finding, cost: .zero)
        #expect(schedule.wait(after: .nothing, cost: .zero) == .milliseconds(2))
    }

    @Test func `rests three times as long as a look took`() {
        var schedule = PollSchedule()
        #expect(schedule.wait(after: .some, cost: .microseconds(666)) == .milliseconds(2))
        #expect(schedule.wait(after: .some, cost: .microseconds(667)) == .microseconds(2001))
        #expect(schedule.wait(after: .nothing, cost: .milliseconds(2)) == .milliseconds(6))
    }

    @Test func `never waits longer than the longest wait`() {
        var schedule = PollSchedule()
        #expect(schedule.wait(after: .some, cost: .seconds(10)) == .milliseconds(500))
        #expect(schedule.wait(after: .nothing, cost: .seconds(10)) == .milliseconds(500))
    }

    @Test func `refuses to poll without a pause`() async {
        await #expect(processExitsWith: .failure) { _ = PollSchedule(shortest: .zero, longest: .seconds(1)) }
    }

    @Test func `refuses a longest wait below the shortest`() async {
        await #expect(processExitsWith: .failure) {
            _ = PollSchedule(shortest: .milliseconds(2), longest: .milliseconds(1))
        }
    }
}
