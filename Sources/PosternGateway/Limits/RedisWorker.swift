internal import PosternPostgres
internal import PosternRedis
internal import Synchronization

/// What a ``RedisThread`` does: keeps a connection, and runs on it what is submitted.
///
/// Under the lock it is decided and noted; resuming callers happens outside of it.
final class RedisWorker: Sendable {
    /// Work that waits for the thread.
    struct Job: Sendable {
        let end: ContinuousClock.Instant
        /// Gives what resumes the caller, and whether the connection may be used again.
        let perform: @Sendable (inout RedisConnection) -> (isUsable: Bool, resume: @Sendable () -> Void)
        let fail: @Sendable (RedisError) -> Void
    }

    private struct State {
        var waiting: [Job] = []
        var isConnected = false
        var isClosed = false
        var reason = RedisError.unreachable("not connected yet")
    }

    private let address: RedisAddress
    private let connectLimit: Duration
    private let bell: WaitingBell
    private let state = Mutex(State())

    /// How much work may wait; there is one caller, so this is never met.
    private static let queueLimit = 16

    /// Prepares; ``work()`` is the thread's life.
    init(_ address: RedisAddress, connectLimit: Duration, bell: WaitingBell) {
        self.address = address
        self.connectLimit = connectLimit
        self.bell = bell
    }

    /// Whether there is a connection now.
    var isConnected: Bool { self.state.withLock { state in state.isConnected } }

    /// Queues a job, or fails it.
    func submit(_ job: Job) {
        let refusal = self.state.withLock { state -> RedisError? in
            guard state.isConnected, !state.isClosed else { return state.reason }
            guard state.waiting.count < Self.queueLimit else { return .deadline("too much work waits already") }
            state.waiting.append(job)
            return nil
        }
        if let refusal { job.fail(refusal) } else { self.bell.ring() }
    }

    /// Takes no more work and lets the thread end.
    func close() {
        let orphans = self.state.withLock { state in
            state.isClosed = true
            state.reason = .unreachable("shut down")
            defer { state.waiting = [] }
            return state.waiting
        }
        for job in orphans { job.fail(.unreachable("shut down")) }
        self.bell.ring()
    }

    /// The thread's life.
    func work() {
        // A second at most, because coming back soon is worth more than an attempt costs.
        var backoff = Backoff(first: .milliseconds(50), ceiling: .seconds(1))
        while !self.isClosed {
            do throws(RedisError) {
                var connection = try RedisConnection.connect(self.address, within: self.connectLimit)
                try self.greet(&connection)
                self.state.withLock { state in state.isConnected = true }
                self.serve(&connection, &backoff)
            } catch {
                self.lost(error)
            }
            let end = ContinuousClock.now.advanced(by: backoff.next())
            while !self.isClosed, case let left = ContinuousClock.now.duration(to: end), left > .zero {
                _ = self.bell.wait(within: left)
            }
        }
    }

    /// Waits for a first answer: the system accepts connections to a server that hangs, and one that loads its data does
    /// nothing yet.
    private func greet(_ connection: inout RedisConnection) throws(RedisError) {
        var pipeline = RedisPipeline()
        pipeline.append("PING")
        for reply in try connection.run(pipeline, within: self.connectLimit) {
            if let failure = reply.failure { throw .refused(failure) }
        }
    }

    private var isClosed: Bool { self.state.withLock { state in state.isClosed } }

    /// Works with one connection until it is lost or the thread is to end.
    private func serve(_ connection: inout RedisConnection, _ backoff: inout Backoff) {
        while !self.isClosed {
            let job = self.state.withLock { state in state.waiting.isEmpty ? nil : state.waiting.removeFirst() }
            guard let job else {
                _ = self.bell.wait(within: nil)
                continue
            }
            guard ContinuousClock.now < job.end else {
                job.fail(.deadline("the deadline passed before the work began"))
                continue
            }
            let (isUsable, resume) = job.perform(&connection)
            // Before the caller hears of it, so that it does not find a connection that is given up.
            if !isUsable { self.lost(connection.loss ?? .unreachable("the connection was given up after a refusal")) }
            resume()
            guard isUsable else { return }
            backoff.reset()
        }
    }

    private func lost(_ error: RedisError) {
        let orphans = self.state.withLock { state in
            state.isConnected = false
            if !state.isClosed { state.reason = error }
            defer { state.waiting = [] }
            return state.waiting
        }
        for job in orphans { job.fail(error) }
    }
}
