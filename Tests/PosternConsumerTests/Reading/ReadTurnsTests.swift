import PosternConsumer
import PosternModel
import Testing

@Suite struct ReadTurnsTests {
    private func lanes(_ numbers: Int32...) -> [Lane] { numbers.map { Lane($0) } }

    @Test func `reads all lanes while looks are not cut`() {
        var turns = ReadTurns(rowsInAll: 1000, rowsPerCursor: 200)
        for _ in 0..<5 {
            let look = turns.next(of: self.lanes(1, 2, 3))
            #expect(look.lanes == self.lanes(1, 2, 3))
            turns.finished(look, reached: [], cursors: 0, isCut: false)
        }
    }

    @Test func `grows a cursor's share to its most by doubling`() {
        var turns = ReadTurns(rowsInAll: 1000, rowsPerCursor: 400)
        var shares: [Int] = []
        for _ in 0..<4 {
            let look = turns.next(of: self.lanes(1))
            shares.append(look.rowsPerCursor)
            turns.finished(look, reached: [Lane(1)], cursors: 1, isCut: false)
        }
        #expect(shares == [125, 250, 400, 400])
    }

    @Test(arguments: [(1, 400), (2, 400), (3, 333), (10, 100), (999, 1), (1000, 1), (1001, 1)])
    func `divides a batch among the cursors that had rows`(cursors: Int, share: Int) {
        var turns = ReadTurns(rowsInAll: 1000, rowsPerCursor: 400)
        for _ in 0..<4 {
            turns.finished(turns.next(of: self.lanes(1)), reached: [], cursors: cursors, isCut: false)
        }
        #expect(turns.next(of: self.lanes(1)).rowsPerCursor == share)
    }

    @Test func `reads first what a cut look left`() {
        var turns = ReadTurns(rowsInAll: 100, rowsPerCursor: 100)
        let all = self.lanes(1, 2, 3, 4)
        turns.finished(turns.next(of: all), reached: [Lane(1), Lane(2)], cursors: 2, isCut: true)
        let second = turns.next(of: all)
        #expect(second.lanes == self.lanes(3, 4))
        turns.finished(second, reached: [Lane(3)], cursors: 1, isCut: true)
        let third = turns.next(of: all)
        #expect(third.lanes == self.lanes(4))
        turns.finished(third, reached: [Lane(4)], cursors: 1, isCut: false)
        #expect(turns.next(of: all).lanes == all)
    }

    @Test func `halves the share down to one row when looks are cut`() {
        var turns = ReadTurns(rowsInAll: 40, rowsPerCursor: 40)
        var shares: [Int] = []
        for _ in 0..<5 {
            let look = turns.next(of: self.lanes(1))
            shares.append(look.rowsPerCursor)
            turns.finished(look, reached: [Lane(1)], cursors: 1, isCut: true)
        }
        #expect(shares == [5, 2, 1, 1, 1])
    }

    @Test func `does not wait for lanes it no longer holds`() {
        var turns = ReadTurns(rowsInAll: 100, rowsPerCursor: 100)
        turns.finished(turns.next(of: self.lanes(1, 2)), reached: [Lane(1)], cursors: 1, isCut: true)
        #expect(turns.next(of: self.lanes(1, 5)).lanes == self.lanes(1, 5))
    }

    @Test func `returns to all lanes when the cut look had reached them`() {
        var turns = ReadTurns(rowsInAll: 100, rowsPerCursor: 100)
        turns.finished(turns.next(of: self.lanes(1)), reached: [Lane(1)], cursors: 1, isCut: true)
        #expect(turns.next(of: self.lanes(1)).lanes == self.lanes(1))
    }

    @Test func `refuses batches without rows`() async {
        await #expect(processExitsWith: .failure) { _ = ReadTurns(rowsInAll: 0, rowsPerCursor: 1) }
        await #expect(processExitsWith: .failure) { _ = ReadTurns(rowsInAll: 1, rowsPerCursor: 0) }
    }
}
