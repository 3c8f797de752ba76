/// The deliveries that are verified and not yet taken by a writer: bounded in number and bytes, and fairly shared.
///
/// A value without clock or I/O; ``CommitQueue`` guards one with a mutex. Copies nothing: tickets move in and out.
///
/// An organization may hold as many rows and bytes as are free. Alone it fills half of the queue; two that flood it fill
/// a third each; and however many do, there is always room for one that does not. Nobody configures a share, and none is
/// reserved for those who send nothing.
///
/// Source: A. Choudhury and E. Hahne, "Dynamic queue length thresholds for shared-memory packet switches" (1998).
package struct CommitQueueState<Item>: ~Copyable {
    /// What becomes of an offered ticket.
    package enum Admission: Equatable, Sendable {
        /// It waits for the next batch; `wakesWriter` when no writer is awake to see it.
        case queued(wakesWriter: Bool)
        /// No room: answer that the sender should come back.
        case full
        /// No writer can commit at the moment.
        case unavailable
        /// The gateway is stopping.
        case closed
    }

    /// What a writer does next.
    package enum Turn {
        /// Write these, oldest first; never empty.
        case write([Item])
        /// Nothing waits: sleep until woken.
        case sleep
        /// Closed and empty: stop.
        case stop
    }

    /// What one organization has waiting.
    private struct Share {
        var rows = 0
        var bytes = 0
    }

    private var waiting: [Item] = []
    private var shares: [Share] = []
    private var firstWaiting = 0
    /// Bytes of the tickets waiting now.
    package private(set) var byteCount = 0
    /// Writers that hold a usable session.
    package private(set) var writersReady = 0
    private var isOpen = true
    private var writersAsleep = 0
    private let rowLimit: Int
    private let byteLimit: Int

    /// Makes an empty queue that refuses past either limit.
    package init(rowLimit: Int, byteLimit: Int) {
        self.rowLimit = rowLimit
        self.byteLimit = byteLimit
    }

    /// Tickets waiting now.
    package var count: Int { self.waiting.count - self.firstWaiting }

    /// Whether ``close()`` was called.
    package var isClosed: Bool { !self.isOpen }

    /// Whether a writer holds a usable session.
    package var isAvailable: Bool { self.writersReady > 0 }

    /// Says what would become of a small ticket, before its body is read.
    ///
    /// `share`: the organization's number, dense from 0.
    package func room(_ share: Int) -> Admission {
        guard self.isOpen else { return .closed }
        guard self.writersReady > 0 else { return .unavailable }
        return self.hasRoom(0, share) ? .queued(wakesWriter: false) : .full
    }

    private func hasRoom(_ bytes: Int, _ share: Int) -> Bool {
        let held = share < self.shares.count ? self.shares[share] : Share()
        let freeRows = self.rowLimit - self.count
        let freeBytes = self.byteLimit - self.byteCount
        return held.rows < freeRows && bytes <= freeBytes && (held.bytes == 0 || held.bytes + bytes <= freeBytes)
    }

    /// Offers a ticket of `bytes` bytes.
    ///
    /// `share`: the organization's number, dense from 0.
    package mutating func offer(_ item: consuming Item, bytes: Int, share: Int) -> Admission {
        guard self.isOpen else { return .closed }
        guard self.writersReady > 0 else { return .unavailable }
        guard self.hasRoom(bytes, share) else { return .full }
        if share >= self.shares.count {
            self.shares.append(contentsOf: repeatElement(Share(), count: share + 1 - self.shares.count))
        }
        self.shares[share].rows += 1
        self.shares[share].bytes += bytes
        self.waiting.append(item)
        self.byteCount += bytes
        // A writer that is awake looks again before it sleeps, so only a sleeping one needs the bell.
        guard self.writersAsleep > 0 else { return .queued(wakesWriter: false) }
        self.writersAsleep -= 1
        return .queued(wakesWriter: true)
    }

    /// Takes up to `limit` of the oldest tickets for a writer.
    package mutating func take(_ limit: Int, size: (Item) -> (bytes: Int, share: Int)) -> Turn {
        guard self.count > 0 else {
            guard self.isOpen else { return .stop }
            self.writersAsleep += 1
            return .sleep
        }
        let end = min(self.waiting.count, self.firstWaiting + limit)
        let batch: [Item]
        if self.firstWaiting == 0, end == self.waiting.count {
            batch = self.waiting
            self.waiting = []
            self.waiting.reserveCapacity(batch.count)
        } else {
            batch = Array(self.waiting[self.firstWaiting..<end])
            self.firstWaiting = end
            // Compacting at half keeps the cost of each removal constant.
            if self.firstWaiting * 2 >= self.waiting.count {
                self.waiting.removeFirst(self.firstWaiting)
                self.firstWaiting = 0
            }
        }
        for item in batch {
            let size = size(item)
            self.byteCount -= size.bytes
            self.shares[size.share].rows -= 1
            self.shares[size.share].bytes -= size.bytes
        }
        return .write(batch)
    }

    /// Notes that a sleeping writer looks again although nobody woke it.
    package mutating func writerWokeByItself() { self.writersAsleep = max(0, self.writersAsleep - 1) }

    /// Notes that a writer can commit.
    package mutating func writerBecameReady() { self.writersReady += 1 }

    /// Notes that a ready writer lost its session; hands back what nobody can write now.
    package mutating func writerBecameUnready() -> [Item] {
        self.writersReady -= 1
        guard self.writersReady == 0 else { return [] }
        let stranded = Array(self.waiting[self.firstWaiting...])
        self.waiting = []
        self.firstWaiting = 0
        self.byteCount = 0
        for share in self.shares.indices { self.shares[share] = Share() }
        return stranded
    }

    /// Refuses what comes from now on; what waits is still written.
    package mutating func close() { self.isOpen = false }
}
