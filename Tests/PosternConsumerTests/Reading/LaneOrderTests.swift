import PosternConsumer
import PosternModel
import PosternStore
import Testing

@Suite struct LaneOrderTests {
    /// `(lane, writer, sequence, seconds)`, with no body left out unless `missing` says so by position.
    private func heads(
        _ rows: (Int32, Int64, Int64, Int64)...,
        missing: [Int: Int] = [:]
    ) -> [StoredDelivery] {
        let now = Timestamp.now()
        return rows.enumerated().map { index, row in
            StoredDelivery(
                head: DeliveryHead(
                    lane: Lane(row.0),
                    writer: row.1,
                    sequence: row.2,
                    storedAt: Timestamp(seconds: row.3)
                ),
                cursor: 0,
                content: DeliveryContent(
                    lane: Lane(row.0),
                    id: .fresh(at: now),
                    organization: .fresh(at: now),
                    endpoint: .fresh(at: now),
                    platform: "meta",
                    headers: [],
                    body: []
                ),
                missingBytes: missing[index] ?? 0
            )
        }
    }

    private func order(
        _ deliveries: [StoredDelivery],
        rowsPerCursor: Int = 10,
        isCut: Bool = false,
        room: Int = 1000
    ) -> LaneOrder {
        LaneOrder(deliveries, rowsPerCursor: rowsPerCursor, isCut: isCut, room: room)
    }

    @Test func `is empty for nothing`() {
        let order = self.order([], rowsPerCursor: 10, isCut: false)
        #expect(order.rows.isEmpty && order.reached.isEmpty && order.cursors == 0 && !order.hasMore)
    }

    @Test func `keeps one writer's sequence`() {
        let order = self.order(self.heads((1, 1, 1, 5), (1, 1, 2, 5), (1, 1, 3, 9)), rowsPerCursor: 10, isCut: false)
        #expect(order.rows == [0, 1, 2])
        #expect(order.cursors == 1 && order.reached == [Lane(1)])
    }

    @Test func `merges the writers of a lane by time`() {
        let order = self.order(
            self.heads((1, 1, 1, 1), (1, 1, 2, 4), (1, 2, 7, 2), (1, 2, 8, 3)),
            rowsPerCursor: 10,
            isCut: false
        )
        #expect(order.rows == [0, 2, 3, 1])
        #expect(order.cursors == 2)
    }

    @Test func `puts the lower writer first at equal times`() {
        let order = self.order(self.heads((1, 1, 1, 5), (1, 2, 1, 5), (1, 3, 1, 5)), rowsPerCursor: 10, isCut: false)
        #expect(order.rows == [0, 1, 2])
    }

    @Test func `keeps a writer's sequence even if its clock went back`() {
        let order = self.order(self.heads((1, 1, 1, 9), (1, 1, 2, 1), (1, 2, 1, 5)), rowsPerCursor: 10, isCut: false)
        #expect(order.rows == [2, 0, 1])
    }

    @Test func `does not merge lanes`() {
        let order = self.order(self.heads((1, 1, 1, 9), (2, 1, 1, 1)), rowsPerCursor: 10, isCut: false)
        #expect(order.rows == [0, 1])
        #expect(order.reached == [Lane(1), Lane(2)])
    }

    @Test func `follows other writers only as far as a full cursor has come`() {
        let order = self.order(
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
        let order = self.order(self.heads((1, 1, 1, 1), (1, 1, 2, 2)), rowsPerCursor: limit, isCut: false)
        #expect(order.hasMore == more)
    }

    @Test func `always moves on when every cursor is full`() {
        let order = self.order(self.heads((1, 1, 1, 9), (1, 2, 1, 1)), rowsPerCursor: 1, isCut: false)
        #expect(order.rows == [1])
    }

    @Test func `leaves the last lane of a cut look for the next`() {
        let order = self.order(self.heads((1, 1, 1, 1), (2, 1, 1, 1), (2, 1, 2, 1)), rowsPerCursor: 10, isCut: true)
        #expect(order.rows == [0])
        #expect(order.reached == [Lane(1)])
        #expect(order.hasMore)
    }

    @Test func `takes what a cut look has of its only lane`() {
        let order = self.order(self.heads((1, 1, 1, 1), (1, 1, 2, 1)), rowsPerCursor: 10, isCut: true)
        #expect(order.rows == [0, 1])
        #expect(order.reached == [Lane(1)])
        #expect(order.hasMore)
    }

    @Test(arguments: [(299, [0, 1]), (300, [0, 1, 2, 3]), (301, [0, 1, 2, 3])])
    func `stops a lane where there is no room for the next body`(room: Int, rows: [Int]) {
        let order = self.order(
            self.heads((1, 1, 1, 1), (1, 1, 2, 2), (1, 1, 3, 3), (1, 1, 4, 4), missing: [1: 100, 2: 200]),
            room: room
        )
        #expect(order.rows == rows)
        #expect(order.isCut == (rows.count < 4))
        #expect(order.hasMore == (rows.count < 4))
        #expect(order.reached == (rows.count < 4 ? [] : [Lane(1)]))
    }

    @Test func `takes one body however large`() {
        let order = self.order(self.heads((1, 1, 1, 1), (1, 1, 2, 2), missing: [0: 5000, 1: 1]), room: 10)
        #expect(order.rows == [0])
        #expect(order.isCut)
    }

    @Test func `goes on with other lanes when one has stopped`() {
        let order = self.order(
            self.heads((1, 1, 1, 1), (1, 1, 2, 2), (2, 1, 3, 1), (2, 1, 4, 2), missing: [0: 10, 1: 1, 3: 1]),
            room: 10
        )
        #expect(order.rows == [0, 2])
        #expect(order.reached.isEmpty)
        #expect(order.cursors == 2)
    }
}
