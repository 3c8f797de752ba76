import PosternGateway
import Testing

@Suite struct CommitQueueStateTests {
    /// A queue of numbers with a ready writer; each number stands for its own size in bytes.
    private static func ready(rows: Int, bytes: Int) -> CommitQueueState<Int> {
        var queue = CommitQueueState<Int>(rowLimit: rows, byteLimit: bytes)
        queue.writerBecameReady()
        return queue
    }

    private static func taken(_ turn: CommitQueueState<Int>.Turn) -> [Int]? {
        if case .write(let batch) = turn { batch } else { nil }
    }

    @Test func `refuses everything while no writer has a session`() {
        var queue = CommitQueueState<Int>(rowLimit: 8, byteLimit: 800)
        #expect(queue.offer(1, bytes: 1) == .unavailable)
        queue.writerBecameReady()
        #expect(queue.offer(1, bytes: 1) == .queued(wakesWriter: false))
    }

    @Test(arguments: [(2, true), (3, true), (4, false)])
    func `holds exactly as many rows as it may`(offered: Int, lastFits: Bool) {
        var queue = Self.ready(rows: 3, bytes: 1000)
        for number in 1..<offered { _ = queue.offer(number, bytes: 1) }
        #expect((queue.offer(offered, bytes: 1) != .full) == lastFits)
    }

    @Test(arguments: [(99, true), (100, true), (101, false)])
    func `holds exactly as many bytes as it may`(size: Int, fits: Bool) {
        var queue = Self.ready(rows: 10, bytes: 100)
        #expect((queue.offer(1, bytes: size) != .full) == fits)
    }

    @Test func `room comes back when a writer takes rows`() {
        var queue = Self.ready(rows: 2, bytes: 20)
        _ = queue.offer(10, bytes: 10)
        _ = queue.offer(10, bytes: 10)
        #expect(queue.offer(1, bytes: 1) == .full)
        #expect(Self.taken(queue.take(1, bytes: { $0 })) == [10])
        #expect(queue.offer(10, bytes: 10) == .queued(wakesWriter: false))
    }

    @Test(arguments: 1...9)
    func `batches keep the order of arrival whatever their size`(limit: Int) {
        var queue = Self.ready(rows: 100, bytes: 10_000)
        for number in 0..<37 { _ = queue.offer(number, bytes: 1) }
        var seen: [Int] = []
        while let batch = Self.taken(queue.take(limit, bytes: { _ in 1 })) {
            #expect(batch.count <= limit)
            seen += batch
        }
        #expect(seen == Array(0..<37))
        #expect(queue.count == 0)
    }

    @Test func `only a sleeping writer is woken, and once`() {
        var queue = Self.ready(rows: 10, bytes: 100)
        #expect(queue.offer(1, bytes: 1) == .queued(wakesWriter: false))
        _ = queue.take(10, bytes: { $0 })
        guard case .sleep = queue.take(10, bytes: { $0 }) else {
            Issue.record("an empty open queue must send the writer to sleep")
            return
        }
        #expect(queue.offer(2, bytes: 2) == .queued(wakesWriter: true))
        #expect(queue.offer(3, bytes: 3) == .queued(wakesWriter: false))
    }

    @Test func `the last writer to lose its session hands everything back`() {
        var queue = Self.ready(rows: 10, bytes: 100)
        queue.writerBecameReady()
        for number in 1...3 { _ = queue.offer(number, bytes: number) }
        #expect(queue.writerBecameUnready() == [])
        #expect(queue.writerBecameUnready() == [1, 2, 3])
        #expect(queue.offer(4, bytes: 4) == .unavailable)
        queue.writerBecameReady()
        #expect(queue.offer(100, bytes: 100) == .queued(wakesWriter: false), "the bytes handed back must be free again")
    }

    @Test func `closing refuses new rows and still writes the old ones`() {
        var queue = Self.ready(rows: 10, bytes: 100)
        _ = queue.offer(7, bytes: 7)
        queue.close()
        #expect(queue.offer(8, bytes: 8) == .closed)
        #expect(Self.taken(queue.take(10, bytes: { $0 })) == [7])
        guard case .stop = queue.take(10, bytes: { $0 }) else {
            Issue.record("a closed and empty queue must stop its writer")
            return
        }
    }
}
