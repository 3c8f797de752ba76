internal import Logging
internal import Synchronization

/// The threads of a ``Database`` and what they share.
///
/// Under the lock it is decided and noted; failing jobs, waking threads and logging happen outside of it. The one
/// exception is a running job's cancellation, which must not hit the thread's next job.
final class Crew: Sendable {
    private let configuration: ConnectionConfiguration
    private let logger: Logger
    private let queue: Mutex<WorkQueue<Job, Deadline>>
    /// One for each thread: wakes it, and cancels what it does.
    private let signals: [CancelSignal]
    /// Wakes the thread that watches deadlines.
    private let watchman: Wakeup

    /// A connection that served this long ends the growing of waits.
    private static let proof = Duration.seconds(10)

    /// Prepares the shared state; starts nothing.
    init(_ configuration: ConnectionConfiguration, size: Int, queueLimit: Int, logger: Logger) {
        self.configuration = configuration
        self.logger = logger
        self.queue = Mutex(WorkQueue(threads: size, limit: queueLimit))
        do throws(PostgresError) {
            var signals: [CancelSignal] = []
            for _ in 0..<size { signals.append(try CancelSignal()) }
            self.signals = signals
            self.watchman = try Wakeup()
        } catch {
            preconditionFailure("a database of \(size) connections: \(error)")
        }
    }

    /// How many threads have a connection.
    var connectedCount: Int { self.queue.withLock { $0.connected } }

    // MARK: Callers

    /// Queues a job, or fails it.
    func submit(_ job: Job, _ ticket: Ticket) {
        let isCanceled = ticket.state.withLock { state in
            if case .canceled = state { return true }
            state = .submitted(job)
            return false
        }
        guard !isCanceled else {
            job.fail(.deadline("the caller canceled before the work began"))
            return
        }
        let (admission, isUrgent) = self.queue.withLock { queue in
            let previous = queue.nextDeadline
            let admission = queue.offer(job, deadline: job.deadline)
            return (admission, previous.map { job.deadline < $0 } ?? true)
        }
        switch admission {
        case .queued(let thread?): self.signals[thread].wakeup.ring()
        case .queued(nil): if isUrgent { self.watchman.ring() }
        case .full:
            job.fail(.retry(sqlstate: "53300", message: "too much work waits for a connection to PostgreSQL already"))
        case .closed: job.fail(.unreachable("the database was shut down"))
        }
        // Canceled between the two locks: the cancellation did not find the job, so it is looked for again.
        if case .canceled = ticket.state.withLock({ $0 }) { self.cancel(job) }
    }

    /// Cancels a call, whatever became of it.
    func cancel(_ ticket: Ticket) {
        let job = ticket.state.withLock { state -> Job? in
            defer { state = .canceled }
            guard case .submitted(let job) = state else { return nil }
            return job
        }
        if let job { self.cancel(job) }
    }

    private func cancel(_ job: Job) {
        let isMine = self.queue.withLock { queue in
            switch queue.cancel(job) {
            case .waiting: return true
            case .running(let thread):
                self.signals[thread].request()
                return false
            case .gone: return false
            }
        }
        if isMine { job.fail(.deadline("the caller canceled before the work began")) }
    }

    /// Takes no more work and lets all threads end.
    func close() {
        let orphans = self.queue.withLock { queue in
            for (thread, signal) in self.signals.enumerated() {
                // Running work finishes; a thread that connects is interrupted.
                if queue.isRunning(thread) { signal.wakeup.ring() } else { signal.request() }
            }
            return queue.close()
        }
        self.watchman.ring()
        for job in orphans { job.fail(.unreachable("the database was shut down")) }
    }

    // MARK: Threads

    /// A connection thread's life.
    func work(_ thread: Int) {
        var backoff = Backoff()
        var failures = 0
        var wasAway = false
        while !self.queue.withLock({ $0.isClosed }) {
            let birth = ContinuousClock.now
            do throws(PostgresError) {
                var connection = try Connection(self.configuration, signal: self.signals[thread])
                self.queue.withLock { $0.connected(thread) }
                failures = 0
                // The end of an outage is said as loudly as its beginning.
                self.logger.log(
                    level: wasAway ? .notice : .info,
                    "connected to the database",
                    metadata: ["thread": "\(thread)"]
                )
                wasAway = true
                self.serve(thread, &connection)
                let reason = connection.session.loss ?? "closed"
                self.lost(thread, reason)
            } catch {
                let isClosed = self.queue.withLock { queue in
                    queue.reason = error.description
                    return queue.isClosed
                }
                failures += 1
                wasAway = true
                // An outage is one warning for each thread, not one for each try.
                let level: Logger.Level = failures == 1 && !isClosed ? .warning : .debug
                self.logger.log(level: level, "no connection to the database", metadata: ["error": "\(error)"])
            }
            if ContinuousClock.now - birth >= Self.proof { backoff.reset() }
            self.pause(thread, backoff.next())
        }
    }

    private func lost(_ thread: Int, _ reason: String) {
        let (substitute, isClosed) = self.queue.withLock { queue in
            queue.reason = reason
            return (queue.disconnected(thread), queue.isClosed)
        }
        if let substitute { self.signals[substitute].wakeup.ring() }
        self.watchman.ring()
        if !isClosed { self.logger.warning("connection to the database lost", metadata: ["error": "\(reason)"]) }
    }

    /// Waits before the next attempt to connect; ends early when the database closes.
    private func pause(_ thread: Int, _ wait: Duration) {
        let deadline = Deadline(within: wait)
        while !self.queue.withLock({ $0.isClosed }), self.signals[thread].wakeup.wait(until: deadline) {}
    }

    /// Works with one connection until it is lost or the database closes.
    private func serve(_ thread: Int, _ connection: inout Connection) {
        while connection.isUsable {
            let turn = self.queue.withLock { queue in
                let turn = queue.next(for: thread)
                // A cancellation meant for the job before must not hit this one.
                if case .work = turn { _ = self.signals[thread].consume() }
                return turn
            }
            switch turn {
            case .stop: return
            case .rest: guard connection.session.rest() else { return }
            case .work(let job): self.run(job, thread, &connection)
            }
        }
    }

    private func run(_ job: Job, _ thread: Int, _ connection: inout Connection) {
        guard !job.deadline.hasPassed else {
            self.queue.withLock { $0.finished(thread) }
            job.fail(.deadline("no connection was free in time"))
            return
        }
        // A server that left while this thread was idle is noticed here, before the job could suffer from it.
        guard connection.session.isStillThere() else {
            let admission = self.queue.withLock { $0.putBack(job, deadline: job.deadline, from: thread) }
            if case .queued(let substitute?) = admission { self.signals[substitute].wakeup.ring() }
            if case .closed = admission { job.fail(.unreachable("the database was shut down")) }
            return
        }
        connection.session.outerDeadline = job.deadline
        let deliver = job.perform(&connection)
        connection.session.outerDeadline = nil
        connection.comeToRest()
        self.queue.withLock { queue in
            queue.finished(thread)
            _ = self.signals[thread].consume()
        }
        deliver()
    }

    /// The watchman's life: fails what waits too long.
    func watch() {
        while true {
            let (expired, next, reason, isClosed) = self.queue.withLock { queue in
                let expired = queue.takeExpired { $0.hasPassed }
                return (expired, queue.nextDeadline, queue.connected == 0 ? queue.reason : nil, queue.isClosed)
            }
            for job in expired {
                job.fail(reason.map { .unreachable($0) } ?? .deadline("no connection was free in time"))
            }
            if isClosed { return }
            _ = self.watchman.wait(until: next)
        }
    }
}
