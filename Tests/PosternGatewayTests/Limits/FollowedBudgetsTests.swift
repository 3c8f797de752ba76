import PosternGateway
import PosternModel
import Testing

@Suite struct FollowedBudgetsTests {
    private let budgets = SharedBudgets()
    private var second: Int64 { 1_000_000_000 }

    @Test func `holds a budget once, however often it is asked`() {
        var followed = FollowedBudgets()
        let budget = self.budgets.add(1)
        followed.note([budget, budget], now: 0)
        followed.note([budget], now: 1)
        #expect(followed.count == 1)
        #expect(followed.reports(now: 1) { _ in true }.count == 1)
    }

    @Test(arguments: [(-1, 1), (0, 0), (1, 0)] as [(Int64, Int)])
    func `follows for ten seconds after the last request`(offset: Int64, count: Int) {
        var followed = FollowedBudgets()
        followed.note([self.budgets.add(1)], now: 5)
        followed.told(followed.reports(now: 5) { _ in false })
        followed.note([], now: 5 + 10 * self.second + offset)
        #expect(followed.count == count)
    }

    @Test func `keeps what was not told, however long ago it was asked`() {
        var followed = FollowedBudgets()
        followed.note([self.budgets.add(1)], now: 0)
        followed.note([], now: .max)
        #expect(followed.reports(now: 0) { _ in false }.map(\.wasAsked) == [true])
        followed.told([])
        #expect(followed.reports(now: 0) { _ in false }.map(\.wasAsked) == [true])
    }

    @Test func `lets go of nothing when the clock goes back`() {
        var followed = FollowedBudgets()
        followed.note([self.budgets.add(1)], now: 100 * self.second)
        followed.told(followed.reports(now: 0) { _ in false })
        followed.note([], now: 0)
        #expect(followed.count == 1)
    }
}
