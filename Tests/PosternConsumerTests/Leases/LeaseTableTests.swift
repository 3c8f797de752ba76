import PosternConsumer
import PosternModel
import PosternStore
import Testing

@Suite struct LeaseTableTests {
    private let start = ContinuousClock.now

    private func after(_ seconds: Double) -> ContinuousClock.Instant { self.start.advanced(by: .seconds(seconds)) }

    private func lane(_ number: Int32, _ fence: Int64 = 1) -> LeasedLane {
        LeasedLane(lane: Lane(number), fence: fence)
    }

    private func table(_ lanes: Int32...) -> LeaseTable {
        var table = LeaseTable(lease: .seconds(10), margin: .seconds(2))
        for number in lanes { table.claimed(self.lane(number), asked: self.start) }
        return table
    }

    @Test(arguments: [(64, 1, 64), (64, 3, 22), (64, 64, 1), (64, 65, 1), (2, 3, 1), (0, 3, 0), (64, 0, 64)])
    func `shares the lanes so that all are reached`(lanes: Int, consumers: Int, share: Int) {
        #expect(LeaseTable.fairShare(lanes: lanes, consumers: consumers) == share)
        #expect(LeaseTable.fairShare(lanes: lanes, consumers: consumers) * max(1, consumers) >= lanes)
    }

    @Test func `gives each worker the lanes of its residue in order`() {
        var table = self.table(5, 2, 0, 3)
        let answer1 = table.checkOut(worker: 0, of: 2, at: self.start)
        #expect(answer1 == [self.lane(0), self.lane(2)])
        let answer2 = table.checkOut(worker: 1, of: 2, at: self.start)
        #expect(answer2 == [self.lane(3), self.lane(5)])
    }

    @Test(arguments: [(7.999, 1), (8.0, 0), (8.001, 0)])
    func `stops working a lane before its lease ends`(seconds: Double, count: Int) {
        var table = self.table(1)
        let answer3 = table.checkOut(worker: 0, of: 1, at: self.after(seconds)).count
        #expect(answer3 == count)
    }

    @Test func `counts a renewed lease from the moment before the request`() {
        var table = self.table(1)
        let answer4 = table.renewed([self.lane(1)], of: [self.lane(1)], asked: self.after(4)).isEmpty
        #expect(answer4)
        let answer5 = table.checkOut(worker: 0, of: 1, at: self.after(11.999)).count
        #expect(answer5 == 1)
        let answer6 = table.checkOut(worker: 0, of: 1, at: self.after(12)).isEmpty
        #expect(answer6)
    }

    @Test func `drops the lanes the database did not renew`() {
        var table = self.table(1, 2, 3)
        let requested = table.lanes
        let answer7 = table.renewed([self.lane(2)], of: requested, asked: self.after(3))
        #expect(answer7 == [Lane(1), Lane(3)])
        let answer8 = table.lanes
        #expect(answer8 == [self.lane(2)])
    }

    @Test func `keeps a lane claimed anew while an older renewal was under way`() {
        var table = self.table(1)
        let requested = table.lanes
        table.claimed(self.lane(1, 2), asked: self.after(1))
        let answer9 = table.renewed([], of: requested, asked: self.start).isEmpty
        #expect(answer9)
        let answer10 = table.lanes
        #expect(answer10 == [self.lane(1, 2)])
    }

    @Test func `does not renew what was not asked for`() {
        var table = self.table(1, 2)
        _ = table.renewed([self.lane(1)], of: [self.lane(1)], asked: self.after(5))
        let answer11 = table.checkOut(worker: 0, of: 1, at: self.after(9))
        #expect(answer11 == [self.lane(1)])
    }

    @Test(arguments: [(3.333, false), (3.334, true), (20, true)])
    func `renews at a third of the lease`(seconds: Double, due: Bool) {
        var table = self.table(1)
        let answer12 = table.renewalIsDue(at: self.start)
        #expect(answer12)
        _ = table.renewed([self.lane(1)], of: table.lanes, asked: self.start)
        let answer13 = table.renewalIsDue(at: self.after(seconds))
        #expect(answer13 == due)
    }

    @Test func `sheds idle lanes before worked ones`() {
        var table = self.table(0, 1, 2, 3)
        _ = table.checkOut(worker: 0, of: 2, at: self.start)
        table.shed(to: 2)
        let answer14 = table.staying
        #expect(answer14 == 2)
        let answer15 = table.takeReleasable()
        #expect(answer15 == [self.lane(1), self.lane(3)])
        let answer16 = table.lanes
        #expect(answer16 == [self.lane(0), self.lane(2)])
    }

    @Test func `releases a worked lane only when the worker is done`() {
        var table = self.table(0, 1)
        let worked = table.checkOut(worker: 0, of: 1, at: self.start)
        table.shed(to: 1)
        let answer17 = table.hasLeaving
        #expect(answer17)
        let answer18 = table.takeReleasable().isEmpty
        #expect(answer18)
        let answer19 = table.checkOut(worker: 0, of: 1, at: self.start)
        #expect(answer19 == [self.lane(1)])
        table.checkIn(worked)
        let answer20 = table.takeReleasable()
        #expect(answer20 == [self.lane(0)])
        let answer21 = table.hasLeaving
        #expect(!answer21)
        let answer22 = table.count
        #expect(answer22 == 1)
    }

    @Test(arguments: [3, 4, 5])
    func `sheds nothing at or below its share`(share: Int) {
        var table = self.table(1, 2, 3)
        table.shed(to: share)
        let answer23 = table.takeReleasable().isEmpty
        #expect(answer23)
    }

    @Test func `sheds everything for a share of nothing`() {
        var table = self.table(1, 2, 3)
        table.shed(to: 0)
        let answer24 = table.takeReleasable().count
        #expect(answer24 == 3)
        let answer25 = table.count
        #expect(answer25 == 0)
    }

    @Test func `ignores what an older fence says`() {
        var table = self.table(1)
        _ = table.checkOut(worker: 0, of: 1, at: self.start)
        table.claimed(self.lane(1, 2), asked: self.start)
        _ = table.checkOut(worker: 0, of: 1, at: self.start)
        table.checkIn([self.lane(1, 1)])
        table.lost([self.lane(1, 1)])
        table.shed(to: 0)
        let answer26 = table.takeReleasable().isEmpty
        #expect(answer26)
        table.checkIn([self.lane(1, 2)])
        let answer27 = table.takeReleasable()
        #expect(answer27 == [self.lane(1, 2)])
    }

    @Test func `drops lanes that were lost`() {
        var table = self.table(1, 2)
        table.lost([self.lane(2)])
        let answer28 = table.holds(Lane(2))
        #expect(!answer28)
        let answer29 = table.holds(Lane(1))
        #expect(answer29)
    }

    @Test(arguments: [(9.999, 0), (10.0, 1), (10.001, 1)])
    func `forgets a lane whose lease ended unrenewed`(seconds: Double, count: Int) {
        var table = self.table(1)
        let answer30 = table.expire(at: self.after(seconds)).count
        #expect(answer30 == count)
        let answer31 = table.count
        #expect(answer31 == 1 - count)
    }

    @Test func `refuses a margin as long as the lease`() async {
        await #expect(processExitsWith: .failure) { _ = LeaseTable(lease: .seconds(1), margin: .seconds(1)) }
    }
}
