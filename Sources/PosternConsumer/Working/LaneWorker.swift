internal import Logging
internal import PosternLimits
internal import PosternModel
internal import PosternPostgres
internal import PosternStore
internal import PosternTelemetry

/// One loop over a share of the consumer's lanes: read, normalize, write, and again.
///
/// Belongs to one task. The lanes of two workers never meet, so each keeps the order of its own by doing one batch
/// after the other, and while one waits for its commit the other normalizes.
struct LaneWorker {
    /// What all workers of a consumer share.
    struct Context: Sendable {
        let consumer: ConsumerID
        let configuration: ConsumerConfiguration
        let board: LeaseBoard
        /// Hears whose events were stored.
        let inbox: DeliveryInbox
        let database: Database
        let normalizer: any DeliveryNormalizer
        let status: StatusBoard
        let stop: StopSignal
        let metrics: ConsumerMetrics?
        let logger: Logger
    }

    /// Which worker it is, from 0.
    let index: Int
    let context: Context
    var turns: ReadTurns
    var polls: PollSchedule
    var endpoints: EndpointCache
    var ids = UniqueIDSequence()
    /// Counts of committed batches that are still to be written.
    var tally = ConsumerTally()
    var nextFlush = ContinuousClock.now
    var nextRetryLook = ContinuousClock.now
    var nextFarLook = ContinuousClock.now
    /// How long the last look at the log took.
    var lookCost: Duration = .zero
    private var backoff: Backoff

    /// Prepares a worker.
    init(index: Int, context: Context) {
        let configuration = context.configuration
        self.index = index
        self.context = context
        self.turns = ReadTurns(
            rowsInAll: configuration.batchRows,
            rowsPerCursor: configuration.batchRowsPerCursor
        )
        self.polls = PollSchedule(shortest: configuration.busyPoll, longest: configuration.idlePoll)
        self.endpoints = EndpointCache(lifetime: configuration.endpointLifetime)
        self.backoff = Backoff(first: .milliseconds(50), ceiling: .seconds(5))
    }

    /// Works until told to stop; finishes the batch at hand.
    mutating func run() async {
        while !self.context.stop.isRaised, !Task.isCancelled {
            let wait = await self.turn()
            await self.pause(wait)
        }
        guard !Task.isCancelled else { return }
        do throws(WorkFailure) {
            try await self.flush()
        } catch {
            self.context.logger.warning("traffic counts not written", metadata: ["error": "\(error)"])
        }
    }

    /// One round over the lanes at hand; gives how long to wait before the next.
    private mutating func turn() async -> Duration {
        let leases = self.context.board.checkOut(worker: self.index, of: self.context.configuration.workers)
        guard !leases.isEmpty else {
            self.context.status.idle(worker: self.index)
            return min(.milliseconds(50), self.context.configuration.leasePoll)
        }
        defer { self.context.board.checkIn(leases) }
        do throws(WorkFailure) {
            var finding = try await self.retries(leases)
            // Under the pressure of retries the log still has its turn, and the other way round.
            let found = try await self.log(leases)
            if found == .full || finding == .nothing { finding = found }
            try await self.flushIfDue()
            self.backoff.reset()
            return self.polls.wait(after: finding, cost: self.lookCost)
        } catch {
            return await self.recover(from: error)
        }
    }

    /// Short waits end by themselves; longer ones end when the consumer is told to stop.
    private func pause(_ wait: Duration) async {
        if wait > .milliseconds(20) {
            await self.context.stop.sleep(for: wait)
        } else if wait > .zero {
            // Cancellation is seen by the loop.
            do { try await Task.sleep(for: wait) } catch { return }
        } else {
            await Task.yield()
        }
    }

    private mutating func recover(from failure: WorkFailure) async -> Duration {
        let context = self.context
        let isAway = if case .database(let error) = failure { error.meansAway } else { false }
        if Task.isCancelled { return .zero }
        let wasReachable = context.status.failed("\(failure)", isAway: isAway, at: .now())
        if wasReachable || !isAway {
            context.logger.warning(
                "batch not written",
                metadata: ["error": "\(failure)", "worker": "\(self.index)"]
            )
        }
        switch failure {
        case .database(.deadline):
            // The batch may have been too large for the time it had.
            self.turns.shrink()
        case .database(.conflict):
            // Mostly a day without its partition; to make it is cheap, and harmless when that is not the reason.
            let limit = context.configuration.databaseLimit
            let days = context.configuration.partitionDaysAhead
            do throws(PostgresError) {
                _ = try await context.database.run(within: limit) { connection throws(PostgresError) in
                    try Partitions.ensure(daysAhead: days, &connection, within: limit)
                }
            } catch {
                context.logger.error("partitions not made", metadata: ["error": "\(error)"])
            }
        case .database, .crypto: break
        }
        return self.backoff.next()
    }

    /// Writes counts that no batch took along.
    private mutating func flushIfDue() async throws(WorkFailure) {
        guard !self.tally.isEmpty, ContinuousClock.now >= self.nextFlush else { return }
        try await self.flush()
    }

    private mutating func flush() async throws(WorkFailure) {
        guard !self.tally.isEmpty else { return }
        let rows = self.tally.rows(at: .now())
        try await self.run { connection, limit throws(PostgresError) in
            try TrafficCounts.add(rows, &connection, within: limit)
        }
        self.tally = ConsumerTally()
        self.nextFlush = .now.advanced(by: self.context.configuration.countsFlush)
    }

    /// Runs something on a connection, within the limit of one statement or transaction.
    func run<Value: Sendable>(
        _ work: @escaping @Sendable (inout Connection, Duration) throws(PostgresError) -> Value
    ) async throws(WorkFailure) -> Value {
        let limit = self.context.configuration.databaseLimit
        do throws(PostgresError) {
            return try await self.context.database.run(within: limit) { connection throws(PostgresError) in
                try work(&connection, limit)
            }
        } catch {
            throw .database(error)
        }
    }
}
