import PosternConsumer
import PosternModel
import PosternStore
import Testing

@Suite struct LaneOrderTests {
    /// `(lane, writer, sequence, seconds)`.
    private func heads(_ rows: (Int32, Int64, Int64, Int64)...) -> [DeliveryHead] {
        rows.map {
            DeliveryHead(lane: Lane($0.0), writer: $0.1, sequence: $0.2, storedAt: Timestamp(seconds: $0.3))
        }
    }

    @Test func `is empty for nothing`() {
        let order = LaneOrder([], rowsPerCursor: 10, isCut: false)
        #expect(order.rows.isEmpty && order.reached.isEmpty && order.cursors == 0 && !order.hasMore)
    }

    @Test func `keeps one writer's sequence`() {
        let order = LaneOrder(self.heads((1, 1, 1, 5), (1, 1, 2, 5), (1, 1, 3, 9)), rowsPerCursor: 10, isCut: false)
        #expect(order.rows == [0, 1, 2])
        #expect(order.cursors == 1 && order.reached == [Lane(1)])
    }

    @Test func `merges the writers of a lane by time`() {
        let order = LaneOrder(
            self.heads((1, 1, 1, 1), (1, 1, 2, 4), (1, 2, 7, 2), (1, 2, 8, 3)),
            rowsPerCursor: 10,
            isCut: false
        )
        #expect(order.rows == [0, 2, 3, 1])
        #expect(order.cursors == 2)
    }

    @Test func `puts the lower writer first at equal times`() {
        let order = LaneOrder(self.heads((1, 1, 1, 5), (1, 2, 1, 5), (1, 3, 1, 5)), rowsPerCursor: 10, isCut: false)
        #expect(order.rows == [0, 1, 2])
    }

    @Test func `keeps a writer's sequence even if its clock went back`() {
        let order = LaneOrder(self.heads((1, 1, 1, 9), (1, 1, 2, 1), (1, 2, 1, 5)), rowsPerCursor: 10, isCut: false)
        #expect(order.rows == [2, 0, 1])
    }

    @Test func `does not merge lanes`() {
        let order = LaneOrder(self.heads((1, 1, 1, 9), (2, 1, 1, 1)), rowsPerCursor: 10, isCut: false)
        #expect(order.rows == [0, 1])
        #expect(order.reached == [Lane(1), Lane(2)])
    }

    @Test func `follows other writers only as far as a full cursor has come`() {
        let order = LaneOrder(
            self.heads((1, 1, 1, 1), (1, 1, 2, 3), (1, 2, 1, 2), (1, 2, 2, 3), (1, 2, 3, 4)),
            rowsPerCursor: 2,
            isCut: false
        )
        // Both are full; the first has come to 3, the second to 4.
        #expect(order.rows == [0, 2, 1, 3])
        #expect(order.hasMore)
    }

    @Test(arguments: [(2, true), (3, false)])
    func `says that there is more when a cursor gave all it may`(limit: Int, more: Bool) {
        let order = LaneOrder(self.heads((1, 1, 1, 1), (1, 1, 2, 2)), rowsPerCursor: limit, isCut: false)
        #expect(order.hasMore == more)
    }

    @Test func `always moves on when every cursor is full`() {
        let order = LaneOrder(self.heads((1, 1, 1, 9), (1, 2, 1, 1)), rowsPerCursor: 1, isCut: false)
        #expect(order.rows == [1])
    }

    @Test func `leaves the last lane of a cut look for the next`() {
        let order = LaneOrder(self.heads((1, 1, 1, 1), (2, 1, 1, 1), (2, 1, 2, 1)), rowsPerCursor: 10, isCut: true)
        #expect(order.rows == [0])
        #expect(order.reached == [Lane(1)])
        #expect(order.hasMore)
    }

    @Test func `takes what a cut look has of its only lane`() {
        let order = LaneOrder(self.heads((1, 1, 1, 1), (1, 1, 2, 1)), rowsPerCursor: 10, isCut: true)
        #expect(order.rows == [0, 1])
        #expect(order.reached == [Lane(1)])
        #expect(order.hasMore)
    }
}
