package import NIOCore
internal import NIOPosix
package import PosternHTTP
internal import Synchronization

/// The addresses of names, looked up off the event loops and remembered for a short while.
///
/// One lookup for each name at a time, however many wait for it. A lookup that nobody waits for any more goes on,
/// because the system's resolver cannot be stopped, and its answer is remembered all the same.
package final class AddressBook: Sendable {
    /// How long answers are remembered, and how much may be going on.
    package struct Limits: Sendable {
        /// How long addresses are good for.
        package var freshFor = Duration.seconds(20)
        /// How long after that they still serve where a lookup does not end in time: other names may have all the threads.
        package var staleFor = Duration.seconds(300)
        /// How long a failure is good for, so that a dead name server is not asked by every attempt.
        package var failedFor = Duration.seconds(3)
        /// How many names are remembered at most.
        package var names = 4096
        /// How many names are looked up at once; for one more the answer is ``LookupFailure/tooManyNames``.
        package var lookups = 256
        /// How many threads do it.
        package var threads = 4

        /// Takes the usual values.
        package init() {}
    }

    private typealias Answer = Result<[PeerAddress], LookupFailure>

    private struct State {
        var known: [String: (answer: Answer, until: ContinuousClock.Instant)] = [:]
        var running: [String: EventLoopFuture<Answer>] = [:]
    }

    private enum Step {
        case answer(Answer)
        case wait(EventLoopFuture<Answer>)
        case lookUp(EventLoopPromise<Answer>)
    }

    private let lookup: any NameLookup
    private let limits: Limits
    private let threads: NIOThreadPool
    private let state = Mutex(State())

    /// Starts the threads.
    package init(_ lookup: any NameLookup, limits: Limits = Limits()) {
        self.lookup = lookup
        self.limits = limits
        self.threads = NIOThreadPool(numberOfThreads: limits.threads)
        self.threads.start()
    }

    /// Lets the threads end when they are done with what they do; nothing is looked up from now on.
    package func shutdown() { self.threads.shutdownGracefully { _ in } }

    /// All addresses of a name, at least one; waits for them no longer than `limit`, which `loop` counts.
    package func addresses(
        of name: String,
        within limit: Duration,
        on loop: any EventLoop
    ) async throws(LookupFailure) -> [PeerAddress] {
        switch self.next(name, loop) {
        case .answer(let answer): return try answer.get()
        case .wait(let running): return try await self.wait(for: running, of: name, within: limit, on: loop)
        case .lookUp(let promise):
            self.threads.submit { state in
                // Canceled is what a pool says that has been shut down.
                let answer = state == .active ? self.look(name) : .failure(.canceled)
                self.remember(answer, of: name)
                promise.succeed(answer)
            }
            return try await self.wait(for: promise.futureResult, of: name, within: limit, on: loop)
        }
    }

    /// Waits for a lookup; where it takes too long, takes the addresses it would replace, if they are not too old.
    private func wait(
        for lookup: EventLoopFuture<Answer>,
        of name: String,
        within limit: Duration,
        on loop: any EventLoop
    ) async throws(LookupFailure) -> [PeerAddress] {
        do throws(LookupFailure) {
            return try await Self.wait(for: lookup, within: limit, on: loop)
        } catch {
            guard error == .timeout, let known = self.state.withLock({ state in state.known[name] }),
                case .success(let addresses) = known.answer,
                known.until.advanced(by: self.limits.staleFor) > .now
            else { throw error }
            return addresses
        }
    }

    private func next(_ name: String, _ loop: any EventLoop) -> Step {
        let now = ContinuousClock.now
        return self.state.withLock { state in
            if let known = state.known[name], known.until > now { return .answer(known.answer) }
            if let running = state.running[name] { return .wait(running) }
            guard state.running.count < self.limits.lookups else { return .answer(.failure(.tooManyNames)) }
            let promise = loop.makePromise(of: Answer.self)
            state.running[name] = promise.futureResult
            return .lookUp(promise)
        }
    }

    private func look(_ name: String) -> Answer {
        do throws(LookupFailure) {
            return .success(try self.lookup.addresses(of: name))
        } catch {
            return .failure(error)
        }
    }

    private func remember(_ answer: Answer, of name: String) {
        let now = ContinuousClock.now
        let good: Duration
        switch answer {
        case .success: good = self.limits.freshFor
        case .failure: good = self.limits.failedFor
        }
        self.state.withLock { state in
            state.running[name] = nil
            if state.known.count >= self.limits.names {
                state.known = state.known.filter { $0.value.until > now }
                // All of them fresh: forgetting all costs one lookup each, keeping order would cost more every time.
                if state.known.count >= self.limits.names { state.known = [:] }
            }
            state.known[name] = (answer, now.advanced(by: good))
        }
    }

    /// Waits for a lookup, for the deadline, or for the task to be canceled, whichever comes first.
    private static func wait(
        for lookup: EventLoopFuture<Answer>,
        within limit: Duration,
        on loop: any EventLoop
    ) async throws(LookupFailure) -> [PeerAddress] {
        let promise = loop.makePromise(of: Answer.self)
        lookup.cascade(to: promise)
        let deadline = loop.scheduleTask(in: TimeAmount(limit)) { promise.succeed(.failure(.timeout)) }
        defer { deadline.cancel() }
        let answer: Answer
        do {
            answer = try await withTaskCancellationHandler {
                try await promise.futureResult.get()
            } onCancel: {
                promise.succeed(.failure(.canceled))
            }
        } catch {
            throw .failed("\(error)")
        }
        return try answer.get()
    }
}
