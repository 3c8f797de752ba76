internal import NIOCore
internal import NIOPosix
internal import UnixSignals

/// A run from its first connection to its figures.
package struct LoadRun: Sendable {
    private enum Event: Sendable {
        case ended(Result<[LoadShare], any Error>)
        case signal
        /// The progress lines ended, which means nothing.
        case quiet
    }

    /// How long connections are waited for before the first request, unless none could be made.
    private static let gathering: Int64 = 2_000_000_000
    private static let pause = Duration.milliseconds(10)
    /// How far ahead the begin is set, so that all event loops know of it by then.
    private static let lead: Int64 = 20_000_000

    private let settings: LoadSettings
    private let targets: [LoadTarget]
    private let progress: (@Sendable (LoadProgress) -> Void)?

    /// Prepares a run.
    ///
    /// - Parameters:
    ///   - settings: how it goes.
    ///   - targets: where it goes; at least one.
    ///   - progress: told how it goes, once a second.
    package init(
        _ settings: LoadSettings,
        _ targets: [LoadTarget],
        progress: (@Sendable (LoadProgress) -> Void)? = nil
    ) {
        precondition(!targets.isEmpty && settings.threads > 0, "\(targets.count) targets, \(settings.threads) threads")
        self.settings = settings
        self.targets = targets
        self.progress = progress
    }

    /// Runs to the end, or until SIGINT or SIGTERM.
    ///
    /// - Throws: ``LoadFailure``; then there are no figures.
    package func run() async throws(LoadFailure) -> LoadResult {
        var ledger: Ledger?
        if let path = self.settings.ledger { ledger = try Ledger(path: path) }
        let group = MultiThreadedEventLoopGroup(numberOfThreads: self.settings.threads)
        let workshop = MultiThreadedEventLoopGroup(numberOfThreads: 1)
        let outcome = await self.run(ledger, group, workshop)
        // Groups that do not end would only delay an exit that is due anyway.
        try? await group.shutdownGracefully()
        try? await workshop.shutdownGracefully()
        try await ledger?.close()
        return try outcome.get()
    }

    private func run(
        _ ledger: Ledger?,
        _ group: MultiThreadedEventLoopGroup,
        _ workshop: MultiThreadedEventLoopGroup
    ) async -> Result<LoadResult, LoadFailure> {
        let signals = await UnixSignalsSequence(trapping: .sigint, .sigterm)
        let (loops, futures) = await self.makeLoops(ledger, group, workshop.next())
        return await withTaskGroup(of: Event.self) { tasks in
            tasks.addTask {
                do { return .ended(.success(try await Self.shares(futures))) } catch { return .ended(.failure(error)) }
            }
            tasks.addTask {
                for await _ in signals { return .signal }
                return .quiet
            }
            tasks.addTask {
                await self.drive(loops)
                return .quiet
            }
            var wasInterrupted = false
            for await event in tasks {
                switch event {
                case .quiet: break
                case .signal:
                    wasInterrupted = true
                    for (eventLoop, loop) in loops { eventLoop.execute { loop.value.interrupt() } }
                case .ended(let result):
                    tasks.cancelAll()
                    return self.result(result, wasInterrupted)
                }
            }
            return .failure(.unreachable("the run ended by itself"))
        }
    }

    private typealias BoundLoop = (eventLoop: any EventLoop, loop: NIOLoopBound<LoadLoop>)

    private func makeLoops(
        _ ledger: Ledger?,
        _ group: MultiThreadedEventLoopGroup,
        _ workshop: any EventLoop
    ) async -> ([BoundLoop], [EventLoopFuture<LoadShare>]) {
        var loops: [BoundLoop] = []
        var futures: [EventLoopFuture<LoadShare>] = []
        for (index, eventLoop) in group.makeIterator().enumerated() {
            let done = eventLoop.makePromise(of: LoadShare.self)
            futures.append(done.futureResult)
            let made = eventLoop.submit {
                let loop = LoadLoop(
                    index: index,
                    self.settings,
                    self.targets,
                    ledger: ledger,
                    eventLoop: eventLoop,
                    workshop: workshop,
                    done: done
                )
                loop.open()
                return NIOLoopBound(loop, eventLoop: eventLoop)
            }
            // Fails only on a loop that has ended, and this one has just begun.
            if let loop = try? await made.get() { loops.append((eventLoop, loop)) }
        }
        return (loops, futures)
    }

    /// Waits for the connections, begins, and tells how it goes until canceled.
    private func drive(_ loops: [BoundLoop]) async {
        let start = LoadClock.now()
        while !Task.isCancelled {
            let snapshots = await Self.snapshots(loops)
            if snapshots.contains(where: \.hasEnded) { return }
            let connected = snapshots.map(\.connected).reduce(0, +)
            let patience = connected > 0 || self.settings.keepsGoing ? Self.gathering : .max
            if connected == self.settings.connections || LoadClock.now() - start > patience { break }
            do { try await Task.sleep(for: Self.pause) } catch { return }
        }
        let window = RunWindow(self.settings, begin: LoadClock.now() + Self.lead)
        for (eventLoop, loop) in loops { eventLoop.execute { loop.value.begin(window) } }
        await self.report(loops, window)
    }

    private static func snapshots(_ loops: [BoundLoop]) async -> [LoadSnapshot] {
        var snapshots: [LoadSnapshot] = []
        for (eventLoop, loop) in loops {
            if let snapshot = try? await eventLoop.submit({ loop.value.snapshot }).get() { snapshots.append(snapshot) }
        }
        return snapshots
    }

    private static func shares(_ futures: [EventLoopFuture<LoadShare>]) async throws -> [LoadShare] {
        var shares: [LoadShare] = []
        for future in futures { shares.append(try await future.get()) }
        return shares
    }

    /// Tells how it goes, once a second, until canceled.
    private func report(_ loops: [BoundLoop], _ window: RunWindow) async {
        guard let progress = self.progress else { return }
        var answered = 0
        while !Task.isCancelled {
            do { try await Task.sleep(for: .seconds(1)) } catch { return }
            let snapshots = await Self.snapshots(loops)
            guard !snapshots.isEmpty else { return }
            var figures = LoadFigures()
            for snapshot in snapshots { figures.add(snapshot.figures) }
            progress(
                LoadProgress(
                    seconds: Double(LoadClock.now() - window.measure) / 1e9,
                    lastSecond: figures.answered - answered,
                    figures: figures,
                    connected: snapshots.map(\.connected).reduce(0, +),
                    waiting: snapshots.map(\.waiting).reduce(0, +)
                )
            )
            answered = figures.answered
        }
    }

    private func result(
        _ result: Result<[LoadShare], any Error>,
        _ wasInterrupted: Bool
    ) -> Result<LoadResult, LoadFailure> {
        let shares: [LoadShare]
        switch result {
        case .failure(let error): return .failure(error as? LoadFailure ?? .unreachable("\(error)"))
        case .success(let found): shares = found
        }
        var figures = LoadFigures()
        for share in shares { figures.add(share.figures) }
        let stopped =
            if case .requests = self.settings.length, !wasInterrupted {
                shares.map(\.lastAnswer).max() ?? 0
            } else {
                shares.map(\.stopped).max() ?? 0
            }
        let measured = shares.compactMap(\.measuredFrom).min() ?? stopped
        let used = shares.compactMap(\.processorStart).min().map { LoadClock.processorTime() - $0 } ?? 0
        return .success(
            LoadResult(
                figures: figures,
                seconds: Double(max(0, stopped - measured)) / 1e9,
                processorMicroseconds: figures.answered > 0 ? Double(used) / 1000 / Double(figures.answered) : 0,
                wasInterrupted: wasInterrupted
            )
        )
    }
}
