/// Who waits, who works and who is idle in a ``Database``: decisions only, no threads and no clock.
///
/// `Work` is the kind of work, compared by identity only; `Moment` is what deadlines are measured in.
package struct WorkQueue<Work: AnyObject, Moment: Comparable> {
    /// What becomes of work that is offered.
    package enum Admission: Equatable {
        /// It waits; `wake` is the idle thread to wake, `nil` when all are busy or away.
        case queued(wake: Int?)
        /// Too many wait already.
        case full
        /// The database is shutting down.
        case closed
    }

    /// What a thread does next.
    package enum Turn {
        case work(Work)
        /// Nothing waits; the thread now counts as idle.
        case rest
        /// The database is shutting down.
        case stop
    }

    /// Where canceled work was.
    package enum Whereabouts: Equatable {
        /// It waited, and has been taken out.
        case waiting
        /// This thread runs it.
        case running(Int)
        /// It has ended.
        case gone
    }

    private let limit: Int
    private var waiting: [(work: Work, deadline: Moment)] = []
    private var idle: [Int] = []
    private var running: [Work?]
    /// Whether threads are to end.
    package private(set) var isClosed = false
    /// How many threads have a connection.
    package private(set) var connected = 0
    /// Why the last connection could not be made or was lost.
    package var reason = "not connected yet"

    /// Starts with `threads` threads, none of them connected.
    package init(threads: Int, limit: Int) {
        self.limit = limit
        self.running = Array(repeating: nil, count: threads)
    }

    /// The deadline that comes first among what waits.
    package var nextDeadline: Moment? { self.waiting.lazy.map(\.deadline).min() }

    /// Takes new work.
    package mutating func offer(_ work: Work, deadline: Moment) -> Admission {
        if self.isClosed { return .closed }
        guard self.waiting.count < self.limit else { return .full }
        self.waiting.append((work, deadline))
        return .queued(wake: self.idle.popLast())
    }

    /// Puts back work whose thread found its connection lost before beginning; it is first again.
    package mutating func putBack(_ work: Work, deadline: Moment, from thread: Int) -> Admission {
        self.running[thread] = nil
        if self.isClosed { return .closed }
        self.waiting.insert((work, deadline), at: 0)
        return .queued(wake: self.idle.popLast())
    }

    /// Says what `thread`, which has a connection and nothing to do, does next.
    package mutating func next(for thread: Int) -> Turn {
        self.idle.removeAll { $0 == thread }
        if self.isClosed { return .stop }
        guard !self.waiting.isEmpty else {
            self.idle.append(thread)
            return .rest
        }
        let work = self.waiting.removeFirst().work
        self.running[thread] = work
        return .work(work)
    }

    /// Notes that `thread` has ended its work.
    package mutating func finished(_ thread: Int) { self.running[thread] = nil }

    /// Notes that `thread` has a connection.
    package mutating func connected(_ thread: Int) { self.connected += 1 }

    /// Notes that `thread` has lost its connection; gives another idle thread to wake when work waits.
    package mutating func disconnected(_ thread: Int) -> Int? {
        self.connected -= 1
        self.idle.removeAll { $0 == thread }
        return self.waiting.isEmpty ? nil : self.idle.popLast()
    }

    /// Whether `thread` runs something.
    package func isRunning(_ thread: Int) -> Bool { self.running[thread] != nil }

    /// Takes out what has waited too long.
    package mutating func takeExpired(_ hasPassed: (Moment) -> Bool) -> [Work] {
        let expired = self.waiting.filter { hasPassed($0.deadline) }.map(\.work)
        if !expired.isEmpty { self.waiting.removeAll { hasPassed($0.deadline) } }
        return expired
    }

    /// Finds canceled work, and takes it out if it still waits.
    package mutating func cancel(_ work: Work) -> Whereabouts {
        if let index = self.waiting.firstIndex(where: { $0.work === work }) {
            self.waiting.remove(at: index)
            return .waiting
        }
        if let thread = self.running.firstIndex(where: { $0 === work }) { return .running(thread) }
        return .gone
    }

    /// Takes no more work and gives back what waits.
    package mutating func close() -> [Work] {
        self.isClosed = true
        defer { self.waiting = [] }
        return self.waiting.map(\.work)
    }
}
