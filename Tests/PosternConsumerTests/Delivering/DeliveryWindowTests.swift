import PosternConsumer
import PosternModel
import Testing

@Suite struct DeliveryWindowTests {
    typealias Move = DeliveryWindow.Move

    /// The time an event with this number is stored at.
    static func time(_ number: Int64) -> Timestamp { Timestamp(seconds: 1_700_000_000 + number) }

    /// A window whose cursor stands at 10, with these events read for delivery.
    static func window(pending numbers: Int64...) -> DeliveryWindow {
        var window = DeliveryWindow(number: 10, storedAt: Self.time(10))
        for number in numbers { window.add(number: number, storedAt: Self.time(number), fate: .pending) }
        return window
    }

    static func move(
        _ from: Int64,
        _ to: Int64,
        delivered: Int64 = 0,
        handed: Int64 = 0,
        buried: Int64 = 0,
        unsubscribed: Int64 = 0
    ) -> Move {
        Move(
            from: from,
            to: to,
            storedAt: Self.time(to),
            delivered: delivered,
            handed: handed,
            buried: buried,
            unsubscribed: unsubscribed
        )
    }

    @Test func `starts at the cursor with nothing to move`() {
        var window = Self.window()
        #expect(window.lastRead == (10, Self.time(10)))
        #expect(window.takeMove() == nil)
        #expect(window.inWindow == 0 && window.pending == 0 && !window.isMoving)
        #expect(window.oldestPending == nil)
    }

    @Test func `moves over the contiguous settled part only`() {
        var window = Self.window(pending: 11, 12, 13)
        #expect(window.settle(12, as: .delivered) == true)
        #expect(window.settle(13, as: .buried) == true)
        #expect(window.takeMove() == nil)
        #expect(window.oldestPending.map { $0.number } == 11)
        #expect(window.oldestPending.map { $0.storedAt } == Self.time(11))
        #expect(window.settle(11, as: .handed) == true)
        #expect(window.oldestPending == nil)
        #expect(window.takeMove() == Self.move(10, 13, delivered: 1, handed: 1, buried: 1))
    }

    @Test func `stops before the first pending event`() {
        var window = Self.window(pending: 11, 12, 13, 14)
        for number: Int64 in [11, 12, 14] { #expect(window.settle(number, as: .delivered) == true) }
        #expect(window.takeMove() == Self.move(10, 12, delivered: 2))
    }

    @Test func `passes over what nobody subscribed to and numbers of others`() {
        var window = Self.window()
        window.add(number: 11, storedAt: Self.time(11), fate: .unsubscribed)
        window.examined(upTo: 20, storedAt: Self.time(20))
        window.add(number: 25, storedAt: Self.time(25), fate: .pending)
        window.add(number: 30, storedAt: Self.time(30), fate: .unsubscribed)
        window.examined(upTo: 40, storedAt: Self.time(40))
        #expect(window.availableMove == Self.move(10, 20, unsubscribed: 1))
        #expect(window.lastRead == (40, Self.time(40)))
        #expect(window.settle(25, as: .delivered) == true)
        #expect(window.takeMove() == Self.move(10, 40, delivered: 1, unsubscribed: 2))
    }

    @Test func `covers what lies before a pending event up to the last number read`() {
        var window = Self.window(pending: 15)
        // 11 to 14 belong to others, but nothing was read there but 15.
        #expect(window.availableMove == nil)
        #expect(window.settle(15, as: .delivered) == true)
        #expect(window.availableMove == Self.move(10, 15, delivered: 1))
    }

    @Test func `offers a move without events when only others have written`() {
        var window = Self.window()
        window.examined(upTo: 500, storedAt: Self.time(500))
        #expect(window.availableMove?.events == 0)
        #expect(window.takeMove() == Self.move(10, 500))
    }

    @Test(arguments: [9, 10] as [Int64])
    func `ignores what was examined before`(number: Int64) {
        var window = Self.window()
        window.examined(upTo: number, storedAt: Self.time(99))
        #expect(window.lastRead == (10, Self.time(10)))
        #expect(window.availableMove == nil)
    }

    @Test func `takes one move at a time`() throws {
        var window = Self.window(pending: 11, 12)
        _ = window.settle(11, as: .delivered)
        let taken = window.takeMove()
        let first = try #require(taken)
        #expect(window.isMoving)
        _ = window.settle(12, as: .delivered)
        #expect(window.availableMove == nil)
        #expect(window.takeMove() == nil)
        window.committed(first)
        #expect(!window.isMoving)
        #expect(window.takeMove() == Self.move(11, 12, delivered: 1))
    }

    @Test func `takes a move that was rolled back again with what was settled since`() throws {
        var window = Self.window(pending: 11, 12, 13)
        _ = window.settle(11, as: .handed)
        _ = window.takeMove()
        _ = window.settle(12, as: .delivered)
        window.rolledBack()
        #expect(!window.isMoving)
        let taken = window.takeMove()
        let again = try #require(taken)
        #expect(again == Self.move(10, 12, delivered: 1, handed: 1))
        window.committed(again)
        window.rolledBack()
        #expect(window.availableMove == nil)
        #expect(window.pending == 1)
    }

    @Test func `counts as in the window what a crash would repeat`() throws {
        var window = Self.window(pending: 11, 12, 13)
        window.add(number: 14, storedAt: Self.time(14), fate: .unsubscribed)
        #expect(window.inWindow == 3)
        _ = window.settle(13, as: .delivered)
        _ = window.settle(11, as: .delivered)
        #expect(window.inWindow == 3)
        let taken = window.takeMove()
        let move = try #require(taken)
        #expect(window.inWindow == 3)
        window.committed(move)
        #expect(window.inWindow == 2 && window.pending == 1)
    }

    @Test(arguments: [10, 12, 13, 20, .min, .max] as [Int64])
    func `settles nothing that is not pending`(number: Int64) {
        var window = Self.window(pending: 11, 13, 14)
        window.add(number: 20, storedAt: Self.time(20), fate: .unsubscribed)
        _ = window.settle(13, as: .delivered)
        #expect(window.isPending(number) == false)
        #expect(window.settle(number, as: .buried) == false)
        #expect(window.pending == 2)
        #expect(window.settle(11, as: .delivered) == true)
        #expect(window.takeMove() == Self.move(10, 13, delivered: 2))
    }

    @Test func `holds the ends of the numbers`() {
        var window = DeliveryWindow(number: .min, storedAt: Self.time(0))
        window.add(number: .min + 1, storedAt: Self.time(0), fate: .pending)
        window.add(number: .max, storedAt: Self.time(0), fate: .pending)
        #expect(window.settle(.max, as: .delivered) == true)
        #expect(window.settle(.min + 1, as: .delivered) == true)
        #expect(window.takeMove()?.to == .max)
    }

    @Test func `keeps no entry for what is not pending`() {
        var window = Self.window(pending: 11)
        for number: Int64 in 12..<50_000 {
            window.add(number: number, storedAt: Self.time(number), fate: number % 2 == 0 ? .pending : .unsubscribed)
            if number > 1000, number % 2 == 0 { _ = window.settle(number - 500, as: .delivered) }
            window.examined(upTo: number, storedAt: Self.time(number))
        }
        let held = Mirror(reflecting: window).children.reduce(0) { sum, child in
            sum + ((child.value as? any Collection)?.count ?? 0)
        }
        #expect(held == window.pending)
        #expect(window.pending < 1000)
    }

    @Test(arguments: [10, 11] as [Int64])
    func `refuses to read backwards`(number: Int64) async {
        await #expect(processExitsWith: .failure) { [number] in
            var window = DeliveryWindow(number: 10, storedAt: Timestamp(seconds: 0))
            window.add(number: 11, storedAt: Timestamp(seconds: 0), fate: .pending)
            window.add(number: number, storedAt: Timestamp(seconds: 0), fate: .unsubscribed)
        }
    }

    @Test func `refuses to commit what was not taken`() async {
        await #expect(processExitsWith: .failure) {
            var window = DeliveryWindow(number: 10, storedAt: Timestamp(seconds: 0))
            window.examined(upTo: 11, storedAt: Timestamp(seconds: 0))
            if let move = window.availableMove { window.committed(move) }
        }
    }

    @Test func `moves alike whatever the order of settling`() {
        let orders: [[Int64]] = [
            [11, 12, 13], [11, 13, 12], [12, 11, 13], [12, 13, 11], [13, 11, 12], [13, 12, 11],
        ]
        for order in orders {
            var window = Self.window(pending: 11, 12, 13)
            var sum: Int64 = 0
            for number in order {
                _ = window.settle(number, as: .delivered)
                if let move = window.takeMove() {
                    sum += move.delivered
                    window.committed(move)
                }
            }
            #expect(sum == 3)
            #expect(window.lastRead.number == 13)
            #expect(window.inWindow == 0)
        }
    }
}
