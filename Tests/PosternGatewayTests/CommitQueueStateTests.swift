import PosternGateway
import Testing

@Suite struct CommitQueueStateTests {
    /// A delivery of an organization, told apart by its number.
    private struct Item: Equatable {
        let number: Int
        var bytes = 1
        var share = 0
    }

    private typealias Queue = CommitQueueState<Item>

    /// A queue with a ready writer.
    private static func ready(rows: Int, bytes: Int) -> Queue {
        var queue = Queue(rowLimit: rows, byteLimit: bytes)
        queue.writerBecameReady()
        return queue
    }

    private static func offer(_ item: Item, to queue: inout Queue) -> Queue.Admission {
        queue.offer(item, bytes: item.bytes, share: item.share)
    }

    /// Offers equal deliveries until one is refused; says how many were taken.
    private static func flood(_ queue: inout Queue, share: Int, bytes: Int = 1) -> Int {
        var taken = 0
        while Self.offer(Item(number: taken, bytes: bytes, share: share), to: &queue) != .full { taken += 1 }
        return taken
    }

    private static func take(_ limit: Int, from queue: inout Queue) -> Queue.Turn {
        queue.take(limit) { item in (item.bytes, item.share) }
    }

    private static func taken(_ turn: Queue.Turn) -> [Int]? {
        if case .write(let batch) = turn { batch.map(\.number) } else { nil }
    }

    @Test func `refuses everything while no writer has a session`() {
        var queue = Queue(rowLimit: 8, byteLimit: 800)
        #expect(queue.room(0) == .unavailable)
        #expect(Self.offer(Item(number: 1), to: &queue) == .unavailable)
        queue.writerBecameReady()
        #expect(queue.room(0) == .queued(wakesWriter: false))
        #expect(Self.offer(Item(number: 1), to: &queue) == .queued(wakesWriter: false))
    }

    @Test(arguments: [(1, 1), (2, 1), (3, 2), (8, 4), (9, 5), (100, 50)])
    func `one organization alone fills half of the rows`(limit: Int, expected: Int) {
        var queue = Self.ready(rows: limit, bytes: 10_000)
        #expect(Self.flood(&queue, share: 0) == expected)
        #expect(queue.room(0) == .full, "the head of a request says what its body would meet")
    }

    @Test(arguments: [(10, 5), (11, 6), (100, 50)])
    func `one organization alone fills half of the bytes`(limit: Int, expected: Int) {
        var queue = Self.ready(rows: 10_000, bytes: limit)
        #expect(Self.flood(&queue, share: 0) == expected)
    }

    @Test func `however many flood it, the next organization still finds room`() {
        var queue = Self.ready(rows: 4096, bytes: 1 << 20)
        var held: [Int] = []
        for share in 0..<8 {
            held.append(Self.flood(&queue, share: share))
            #expect(queue.room(share + 1) == .queued(wakesWriter: false), "after \(share + 1) floods")
        }
        #expect(held == [2048, 1024, 512, 256, 128, 64, 32, 16])
        #expect(queue.count < 4096)
    }

    @Test func `a flood that is being written leaves equal parts to two that flood`() {
        var queue = Self.ready(rows: 900, bytes: 1 << 20)
        _ = Self.flood(&queue, share: 0)
        _ = Self.flood(&queue, share: 1)
        var written = [0, 0]
        for _ in 0..<400 {
            guard case .write(let batch) = Self.take(30, from: &queue) else { break }
            for item in batch { written[item.share] += 1 }
            // Both offer more than there is room for, one a hundred times as eagerly.
            for round in 0..<100 {
                _ = Self.offer(Item(number: round, share: 0), to: &queue)
                if round == 0 { _ = Self.flood(&queue, share: 1) }
            }
        }
        #expect(abs(written[0] - written[1]) < (written[0] + written[1]) / 20)
    }

    @Test(arguments: [(99, true), (100, true), (101, false)])
    func `takes a delivery as large as everything that is free, and none larger`(size: Int, fits: Bool) {
        var queue = Self.ready(rows: 10, bytes: 100)
        #expect((Self.offer(Item(number: 1, bytes: size), to: &queue) != .full) == fits)
    }

    @Test func `room comes back when a writer takes rows`() {
        var queue = Self.ready(rows: 4, bytes: 40)
        #expect(Self.flood(&queue, share: 3, bytes: 10) == 2)
        #expect(Self.taken(Self.take(1, from: &queue)) == [0])
        #expect(Self.offer(Item(number: 5, bytes: 10, share: 3), to: &queue) == .queued(wakesWriter: false))
    }

    @Test(arguments: 1...9)
    func `batches keep the order of arrival whatever their size`(limit: Int) {
        var queue = Self.ready(rows: 100, bytes: 10_000)
        for number in 0..<37 { _ = Self.offer(Item(number: number), to: &queue) }
        var seen: [Int] = []
        while let batch = Self.taken(Self.take(limit, from: &queue)) {
            #expect(batch.count <= limit)
            seen += batch
        }
        #expect(seen == Array(0..<37))
        #expect(queue.count == 0)
        #expect(queue.byteCount == 0)
    }

    @Test func `only a sleeping writer is woken, and once`() {
        var queue = Self.ready(rows: 10, bytes: 100)
        #expect(Self.offer(Item(number: 1), to: &queue) == .queued(wakesWriter: false))
        _ = Self.take(10, from: &queue)
        guard case .sleep = Self.take(10, from: &queue) else {
            Issue.record("an empty open queue must send the writer to sleep")
            return
        }
        #expect(Self.offer(Item(number: 2), to: &queue) == .queued(wakesWriter: true))
        #expect(Self.offer(Item(number: 3), to: &queue) == .queued(wakesWriter: false))
    }

    @Test func `the last writer to lose its session hands everything back`() {
        var queue = Self.ready(rows: 10, bytes: 100)
        queue.writerBecameReady()
        for number in 1...3 { _ = Self.offer(Item(number: number, bytes: number), to: &queue) }
        let first = queue.writerBecameUnready()
        #expect(first.isEmpty, "another writer can still write them")
        let last = queue.writerBecameUnready()
        #expect(last.map(\.number) == [1, 2, 3])
        #expect(Self.offer(Item(number: 4), to: &queue) == .unavailable)
        queue.writerBecameReady()
        #expect(
            Self.offer(Item(number: 5, bytes: 100), to: &queue) == .queued(wakesWriter: false),
            "what was handed back must be free again"
        )
    }

    @Test func `closing refuses new rows and still writes the old ones`() {
        var queue = Self.ready(rows: 10, bytes: 100)
        _ = Self.offer(Item(number: 7), to: &queue)
        queue.close()
        #expect(queue.room(0) == .closed)
        #expect(Self.offer(Item(number: 8), to: &queue) == .closed)
        #expect(Self.taken(Self.take(10, from: &queue)) == [7])
        guard case .stop = Self.take(10, from: &queue) else {
            Issue.record("a closed and empty queue must stop its writer")
            return
        }
    }
}
