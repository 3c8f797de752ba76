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
        _ = table.renewed(own: [], of: [], asked: self.start)
        for number in lanes { table.claimed(self.lane(number)) }
        return table
    }

    @Test(arguments: [(64, 1, 64), (64, 3, 22), (64, 64, 1), (64, 65, 1), (2, 3, 1), (0, 3, 0), (64, 0, 64)])
    func `shares the lanes so that all are reached`(lanes: Int, consumers: Int, share: Int) {
        #expect(LeaseTable.fairShare(lanes: lanes, consumers: consumers) == share)
        #expect(LeaseTable.fairShare(lanes: lanes, consumers: consumers) * max(1, consumers) >= lanes)
    }

    @Test func `gives each worker the lanes of its residue in order`() {
        var table = self.table(5, 2, 0, 3)
        let even = table.checkOut(worker: 0, of: 2, at: self.start)
        #expect(even == [self.lane(0), self.lane(2)])
        let odd = table.checkOut(worker: 1, of: 2, at: self.start)
        #expect(odd == [self.lane(3), self.lane(5)])
    }

    @Test(arguments: [(7.999, 1), (8.0, 0), (8.001, 0)])
    func `stops working lanes before the lease ends`(seconds: Double, count: Int) {
        var table = self.table(1)
        let given = table.checkOut(worker: 0, of: 1, at: self.after(seconds)).count
        #expect(given == count)
    }

    @Test func `counts a renewed lease from the moment before the request`() {
        var table = self.table(1)
        let isRenewed = table.renewed(own: [self.lane(1)], of: [self.lane(1)], asked: self.after(4)).isEmpty
        #expect(isRenewed)
        let countBefore = table.checkOut(worker: 0, of: 1, at: self.after(11.999)).count
        #expect(countBefore == 1)
        let isGoneAfter = table.checkOut(worker: 0, of: 1, at: self.after(12)).isEmpty
        #expect(isGoneAfter)
    }

    @Test func `drops the lanes the database says are not its own`() {
        var table = self.table(1, 2, 3)
        let requested = table.lanes
        let lost = table.renewed(own: [self.lane(2)], of: requested, asked: self.after(3))
        #expect(lost == [Lane(1), Lane(3)])
        let kept = table.lanes
        #expect(kept == [self.lane(2)])
    }

    @Test func `keeps a lane claimed anew while an older renewal was under way`() {
        var table = self.table(1)
        let requested = table.lanes
        table.claimed(self.lane(1, 2))
        let isUnharmed = table.renewed(own: [], of: requested, asked: self.start).isEmpty
        #expect(isUnharmed)
        let kept = table.lanes
        #expect(kept == [self.lane(1, 2)])
    }

    @Test func `has a lane claimed later for no longer than the others`() {
        var table = self.table(1)
        let isGivenBefore = table.checkOut(worker: 0, of: 1, at: self.after(7)).count == 1
        #expect(isGivenBefore)
        table.claimed(self.lane(2))
        let isGivenLater = !table.checkOut(worker: 0, of: 1, at: self.after(8)).isEmpty
        #expect(!isGivenLater)
        table.checkIn([self.lane(1)])
        let ended = table.expire(at: self.after(10))
        #expect(ended == [Lane(1), Lane(2)])
    }

    @Test func `works nothing before it has a lease`() {
        var table = LeaseTable(lease: .seconds(10), margin: .seconds(2))
        table.claimed(self.lane(1))
        let isGiven = !table.checkOut(worker: 0, of: 1, at: self.start).isEmpty
        #expect(!isGiven)
    }

    @Test func `keeps a lane at the end of the lease until its worker is done`() {
        var table = self.table(1, 2)
        _ = table.checkOut(worker: 1, of: 2, at: self.start)
        let ended = table.expire(at: self.after(10))
        #expect(ended == [Lane(2)])
        table.checkIn([self.lane(1)])
        let endedAfter = table.expire(at: self.after(10))
        #expect(endedAfter == [Lane(1)])
    }

    @Test(arguments: [(3.333, false), (3.334, true), (20, true)])
    func `renews at a third of the lease`(seconds: Double, due: Bool) {
        var table = LeaseTable(lease: .seconds(10), margin: .seconds(2))
        let isDueAtFirst = table.renewalIsDue(at: self.start)
        #expect(isDueAtFirst)
        _ = table.renewed(own: [], of: [], asked: self.start)
        let isDue = table.renewalIsDue(at: self.after(seconds))
        #expect(isDue == due)
    }

    @Test func `sheds idle lanes before worked ones`() {
        var table = self.table(0, 1, 2, 3)
        _ = table.checkOut(worker: 0, of: 2, at: self.start)
        table.shed(to: 2)
        let staying = table.staying
        #expect(staying == 2)
        let released = table.takeReleasable()
        #expect(released == [self.lane(1), self.lane(3)])
        let kept = table.lanes
        #expect(kept == [self.lane(0), self.lane(2)])
    }

    @Test func `releases a worked lane only when the worker is done`() {
        var table = self.table(0, 1)
        let worked = table.checkOut(worker: 0, of: 1, at: self.start)
        table.shed(to: 1)
        let isLeaving = table.hasLeaving
        #expect(isLeaving)
        let waitsForWorker = table.takeReleasable().isEmpty
        #expect(waitsForWorker)
        let given = table.checkOut(worker: 0, of: 1, at: self.start)
        #expect(given == [self.lane(1)])
        table.checkIn(worked)
        let released = table.takeReleasable()
        #expect(released == [self.lane(0)])
        let isStillLeaving = table.hasLeaving
        #expect(!isStillLeaving)
        let left = table.count
        #expect(left == 1)
    }

    @Test(arguments: [3, 4, 5])
    func `sheds nothing at or below its share`(share: Int) {
        var table = self.table(1, 2, 3)
        table.shed(to: share)
        let isUntouched = table.takeReleasable().isEmpty
        #expect(isUntouched)
    }

    @Test func `sheds everything for a share of nothing`() {
        var table = self.table(1, 2, 3)
        table.shed(to: 0)
        let released = table.takeReleasable().count
        #expect(released == 3)
        let left = table.count
        #expect(left == 0)
    }

    @Test func `ignores what an older fence says`() {
        var table = self.table(1)
        _ = table.checkOut(worker: 0, of: 1, at: self.start)
        table.claimed(self.lane(1, 2))
        _ = table.checkOut(worker: 0, of: 1, at: self.start)
        table.checkIn([self.lane(1, 1)])
        table.lost([self.lane(1, 1)])
        table.shed(to: 0)
        let isWorkedStill = table.takeReleasable().isEmpty
        #expect(isWorkedStill)
        table.checkIn([self.lane(1, 2)])
        let released = table.takeReleasable()
        #expect(released == [self.lane(1, 2)])
    }

    @Test func `drops lanes that were lost`() {
        var table = self.table(1, 2)
        table.lost([self.lane(2)])
        let holdsLost = table.holds(Lane(2))
        #expect(!holdsLost)
        let holdsOther = table.holds(Lane(1))
        #expect(holdsOther)
    }

    @Test(arguments: [(9.999, 0), (10.0, 1), (10.001, 1)])
    func `forgets its lanes when the lease ended unrenewed`(seconds: Double, count: Int) {
        var table = self.table(1)
        let ended = table.expire(at: self.after(seconds)).count
        #expect(ended == count)
        let left = table.count
        #expect(left == 1 - count)
    }

    @Test func `refuses a margin as long as the lease`() async {
        await #expect(processExitsWith: .failure) { _ = LeaseTable(lease: .seconds(1), margin: .seconds(1)) }
    }
}
