import PosternPostgres
import Testing

@Suite struct WorkQueueTests {
    /// A piece of work without content.
    final class Piece {}

    private func isWork(_ turn: WorkQueue<Piece, Int>.Turn, _ piece: Piece) -> Bool {
        if case .work(let work) = turn { work === piece } else { false }
    }

    private func isRest(_ turn: WorkQueue<Piece, Int>.Turn) -> Bool { if case .rest = turn { true } else { false } }
    private func isStop(_ turn: WorkQueue<Piece, Int>.Turn) -> Bool { if case .stop = turn { true } else { false } }

    @Test func `work waits in order while no thread is there`() {
        var queue = WorkQueue<Piece, Int>(threads: 1, limit: 10)
        let (first, second) = (Piece(), Piece())
        #expect(queue.offer(first, deadline: 5) == .queued(wake: nil))
        #expect(queue.offer(second, deadline: 3) == .queued(wake: nil))
        #expect(queue.nextDeadline == 3)
        queue.connected(0)
        #expect(self.isWork(queue.next(for: 0), first))
        queue.finished(0)
        #expect(self.isWork(queue.next(for: 0), second))
        queue.finished(0)
        #expect(self.isRest(queue.next(for: 0)))
        #expect(queue.nextDeadline == nil)
    }

    @Test(arguments: [1, 2, 3])
    func `the queue is full at its limit`(limit: Int) {
        var queue = WorkQueue<Piece, Int>(threads: 1, limit: limit)
        for _ in 0..<limit { #expect(queue.offer(Piece(), deadline: 1) == .queued(wake: nil)) }
        #expect(queue.offer(Piece(), deadline: 1) == .full)
        queue.connected(0)
        _ = queue.next(for: 0)
        #expect(queue.offer(Piece(), deadline: 1) == .queued(wake: nil))
        #expect(queue.offer(Piece(), deadline: 1) == .full)
    }

    @Test func `each piece of work wakes another idle thread`() {
        var queue = WorkQueue<Piece, Int>(threads: 2, limit: 10)
        for thread in 0..<2 {
            queue.connected(thread)
            #expect(self.isRest(queue.next(for: thread)))
        }
        guard case .queued(let first?) = queue.offer(Piece(), deadline: 1),
            case .queued(let second?) = queue.offer(Piece(), deadline: 1)
        else {
            Issue.record("nobody was woken")
            return
        }
        #expect(first != second)
        #expect(queue.offer(Piece(), deadline: 1) == .queued(wake: nil))
    }

    @Test func `a thread lost on its way to the work lets another go`() {
        var queue = WorkQueue<Piece, Int>(threads: 2, limit: 10)
        for thread in 0..<2 {
            queue.connected(thread)
            _ = queue.next(for: thread)
        }
        guard case .queued(let woken?) = queue.offer(Piece(), deadline: 1) else {
            Issue.record("nobody was woken")
            return
        }
        #expect(queue.disconnected(woken) == 1 - woken)
        #expect(queue.connected == 1)
    }

    @Test func `a thread lost while nothing waits wakes nobody`() {
        var queue = WorkQueue<Piece, Int>(threads: 2, limit: 10)
        for thread in 0..<2 {
            queue.connected(thread)
            _ = queue.next(for: thread)
        }
        #expect(queue.disconnected(0) == nil)
        #expect(queue.offer(Piece(), deadline: 1) == .queued(wake: 1))
    }

    @Test func `work put back is first again and wakes another thread`() {
        var queue = WorkQueue<Piece, Int>(threads: 2, limit: 10)
        let (first, second) = (Piece(), Piece())
        _ = queue.offer(first, deadline: 1)
        _ = queue.offer(second, deadline: 1)
        queue.connected(0)
        #expect(self.isWork(queue.next(for: 0), first))
        #expect(queue.isRunning(0))
        #expect(queue.putBack(first, deadline: 1, from: 0) == .queued(wake: nil))
        #expect(!queue.isRunning(0))
        queue.connected(1)
        #expect(self.isWork(queue.next(for: 1), first))
    }

    @Test func `what has waited too long is taken out, the rest stays in order`() {
        var queue = WorkQueue<Piece, Int>(threads: 1, limit: 10)
        let pieces = (0..<4).map { _ in Piece() }
        for (piece, deadline) in zip(pieces, [5, 9, 4, 6]) { _ = queue.offer(piece, deadline: deadline) }
        let expired = queue.takeExpired { $0 <= 5 }
        #expect(expired.count == 2)
        #expect(expired.first === pieces[0] && expired.last === pieces[2])
        #expect(queue.nextDeadline == 6)
        queue.connected(0)
        #expect(self.isWork(queue.next(for: 0), pieces[1]))
    }

    @Test func `a cancellation finds work wherever it is`() {
        var queue = WorkQueue<Piece, Int>(threads: 2, limit: 10)
        let (running, waiting) = (Piece(), Piece())
        _ = queue.offer(running, deadline: 1)
        _ = queue.offer(waiting, deadline: 1)
        queue.connected(1)
        _ = queue.next(for: 1)
        #expect(queue.cancel(running) == .running(1))
        #expect(queue.cancel(waiting) == .waiting)
        #expect(queue.cancel(waiting) == .gone)
        queue.finished(1)
        #expect(queue.cancel(running) == .gone)
    }

    @Test func `a closed queue gives back what waits and takes nothing more`() {
        var queue = WorkQueue<Piece, Int>(threads: 1, limit: 10)
        let piece = Piece()
        _ = queue.offer(piece, deadline: 1)
        #expect(queue.close().first === piece)
        #expect(queue.isClosed)
        #expect(queue.close().isEmpty)
        #expect(queue.offer(Piece(), deadline: 1) == .closed)
        #expect(queue.putBack(Piece(), deadline: 1, from: 0) == .closed)
        #expect(self.isStop(queue.next(for: 0)))
    }
}
