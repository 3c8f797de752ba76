internal import NIOConcurrencyHelpers
internal import Synchronization

/// The bounded queue between the event loops and the writer threads.
///
/// ``offer(_:)`` belongs to event loops and never waits; ``next(_:)`` blocks and belongs to writer threads.
package final class CommitQueue: Sendable {
    private let state: Mutex<CommitQueueState<Ticket>>
    /// `true` while somebody should look.
    ///
    /// A condition, because a writer sleeps for as long as nothing comes.
    private let bell = ConditionLock<Bool>(value: false)

    /// Makes an empty queue that refuses past `rowLimit` deliveries or `byteLimit` bytes.
    package init(rowLimit: Int, byteLimit: Int) {
        self.state = Mutex(CommitQueueState(rowLimit: rowLimit, byteLimit: byteLimit))
    }

    /// Offers a verified delivery.
    ///
    /// Any thread; a few tens of nanoseconds unless a writer must be woken.
    package func offer(_ ticket: consuming Ticket) -> CommitQueueState<Ticket>.Admission {
        let bytes = ticket.byteCount
        let share = ticket.share
        let admission = self.state.withLock { [ticket] state in state.offer(ticket, bytes: bytes, share: share) }
        if admission == .queued(wakesWriter: true) { self.ring() }
        return admission
    }

    /// Says what would become of an organization's delivery now, before its body is read.
    ///
    /// Any thread.
    package func room(_ share: Int) -> CommitQueueState<Ticket>.Admission {
        self.state.withLock { state in state.room(share) }
    }

    /// Waits for work and takes up to `limit` deliveries; `nil` when the queue is closed and empty.
    ///
    /// Blocking: writer threads only. Once a second without work it calls `whileIdle`, whose error ends the wait.
    package func next<Failure: Error>(
        _ limit: Int,
        whileIdle: () throws(Failure) -> Void
    ) throws(Failure) -> [Ticket]? {
        while true {
            switch self.state.withLock({ state in state.take(limit) { ticket in (ticket.byteCount, ticket.share) } }) {
            case .write(let batch): return batch
            case .sleep:
                if self.sleep(atMost: .seconds(1)) { continue }
                self.state.withLock { state in state.writerWokeByItself() }
                try whileIdle()
            case .stop:
                self.ring()  // another writer may be asleep
                return nil
            }
        }
    }

    /// Waits for a ring of the bell, at most for `limit`; tells whether there was one.
    ///
    /// Blocking: writer threads only.
    @discardableResult
    package func sleep(atMost limit: Duration) -> Bool {
        guard self.bell.lock(whenValue: true, timeoutSeconds: limit / .seconds(1)) else { return false }
        self.bell.unlock(withValue: false)
        return true
    }

    /// Deliveries waiting now.
    package var count: Int { self.state.withLock { state in state.count } }

    /// What is to be measured: deliveries waiting, their bytes, and writers that hold a session.
    package var levels: (rows: Int, bytes: Int, writersReady: Int) {
        self.state.withLock { state in (state.count, state.byteCount, state.writersReady) }
    }

    /// Whether ``close()`` was called.
    package var isClosed: Bool { self.state.withLock { state in state.isClosed } }

    /// Whether a writer holds a usable session.
    package var isAvailable: Bool { self.state.withLock { state in state.isAvailable } }

    /// Notes that a writer can commit.
    package func writerBecameReady() { self.state.withLock { state in state.writerBecameReady() } }

    /// Notes that a ready writer lost its session; the result must be answered as not committed.
    package func writerBecameUnready() -> [Ticket] { self.state.withLock { state in state.writerBecameUnready() } }

    /// Refuses what comes from now on; writers finish what waits and then see the end.
    package func close() {
        self.state.withLock { state in state.close() }
        self.ring()
    }

    private func ring() {
        self.bell.lock()
        self.bell.unlock(withValue: true)
    }
}
