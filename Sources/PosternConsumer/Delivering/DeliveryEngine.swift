internal import Logging
internal import PosternLimits
internal import PosternModel
internal import PosternOutbound
internal import PosternPostgres
internal import PosternStore
internal import PosternTelemetry

/// Delivers the events of the lanes a consumer holds to their destinations.
///
/// One loop in one task decides; attempts run beside it and post how they ended. In a turn it takes what was posted,
/// stores what is settled (one transaction over all lanes), reads on where there is room, and sends by turns of the
/// organizations. While a settlement commits, further attempts end, and the next one takes them along.
struct DeliveryEngine {
    /// What the engine works with.
    struct Context: Sendable {
        let consumer: ConsumerID
        let configuration: DeliveryConfiguration
        let databaseLimit: Duration
        let jitterPercent: Int
        let board: LeaseBoard
        let partitionDaysAhead: Int32
        let database: Database
        /// Reads original requests: apart, so that many of them delay nobody's lease.
        let originals: Database
        let directory: DestinationDirectory
        let client: OutboundClient
        let inbox: DeliveryInbox
        let status: StatusBoard
        let stop: StopSignal
        let metrics: ConsumerMetrics?
        let logger: Logger
    }

    /// How often the engine looks around even if nothing was posted.
    static let tick: Duration = .milliseconds(25)

    let context: Context
    var destinations: [DestinationID: ActiveDestination] = [:]
    /// The destinations that follow the log, by organization.
    var following: [OrganizationID: [DestinationID]] = [:]
    var generation = 0
    var part = LanePart(held: 1, of: 1)
    var lanes: [Lane: LaneDelivery] = [:]
    /// The lanes out of which something may be sent: ours for long enough, and not about to be given away.
    var sendingLanes: Set<Lane> = []
    var epochs = 0
    /// Lanes whose cursors are still to be read, because reading them failed.
    var unread: Set<LeasedLane> = []
    var nextLaneLook = ContinuousClock.now

    /// Whose turn it is to send.
    var turns: FairTurns<OrganizationID>
    /// The lanes in which a destination has events ready.
    var readyLanes: [DestinationID: Set<Lane>] = [:]
    /// Followers that may find more in the log.
    var hungry = HungryFollowers<FollowerKey>()
    /// How many events one look asks for, for one destination and lane: fewer after a look that took too long.
    var window: Int
    var bufferedBytes = 0
    var inFlight = 0
    /// Whether the last reading of the log left something for the next turn.
    var hasMore = false

    /// Retries that are due, by destination, the longest waiting last.
    var dueRetries: [DestinationID: [DueDelivery]] = [:]
    /// Where the retry queue holds something, and when the first of it is due.
    var waitingRetries: [FollowerKey: Timestamp] = [:]
    /// Rows of the retry queue that were read and not settled.
    var heldRetries: [RetryID: FollowerKey] = [:]
    var nextRetryLook = ContinuousClock.now
    var nextIdleLook: ContinuousClock.Instant

    /// What is not known to be stored, in the order in which it is tried.
    var unsettled: [PendingSettlement] = []
    /// Accounts of ordered destinations whose row of the retry queue has ended: the queue may hold more of them.
    var endedAccounts: Set<BlockedAccount> = []
    var circuitActs: [CircuitAct] = []
    var backoff = Backoff(first: .milliseconds(50), ceiling: .seconds(5))
    var pausedUntil = ContinuousClock.now

    /// One destination in one lane.
    struct FollowerKey: Hashable {
        let lane: Lane
        let destination: DestinationID
    }

    /// Prepares the engine; nothing is read before ``run()``.
    init(_ context: Context) {
        self.context = context
        self.turns = FairTurns(quantum: context.configuration.quantum)
        self.window = context.configuration.windowEvents
        self.nextIdleLook = .now.advanced(by: context.configuration.idleLook)
    }

    /// Delivers until told to stop; then waits for what is under way, within the limit for that, and stores it.
    mutating func run() async {
        let (context, inbox) = (self.context, self.context.inbox)
        await withTaskGroup(of: Void.self) { group in
            group.addTask {
                await context.directory.follow(context.database, logger: context.logger) { inbox.wake() }
            }
            group.addTask {
                while !Task.isCancelled {
                    do { try await Task.sleep(for: Self.tick) } catch { return }
                    inbox.wake()
                }
            }
            await self.loop()
            group.cancelAll()
        }
    }

    private mutating func loop() async {
        let inbox = self.context.inbox
        // Attempts that are still under way when the loop ends are canceled: their lanes are lost or gone.
        await withDiscardingTaskGroup { attempts in
            var stoppedAt: ContinuousClock.Instant?
            for await _ in inbox.wakes {
                if Task.isCancelled { break }
                await self.turn(&attempts)
                guard self.context.stop.isRaised else { continue }
                let since = stoppedAt ?? .now
                stoppedAt = since
                if self.isDrained || since.duration(to: .now) > self.context.configuration.drainLimit { break }
            }
            attempts.cancelAll()
        }
        self.context.board.checkInAllFromDelivery()
        self.lanes = [:]
    }

    /// Whether nothing is under way and nothing is left to store.
    private var isDrained: Bool {
        self.inFlight == 0 && self.unsettled.isEmpty && self.lanes.values.allSatisfy(\.isSettled)
    }

    private mutating func turn(_ attempts: inout DiscardingTaskGroup) async {
        let posted = self.context.inbox.take()
        for attempt in posted.ended { self.ended(attempt) }
        self.updateDestinations()
        self.note(posted.news)
        self.context.metrics?.delivery.inFlight.set(self.inFlight)
        guard ContinuousClock.now >= self.pausedUntil else { return }
        do throws(WorkFailure) {
            try await self.updateLanes()
            self.handOver()
            try await self.settle()
            try await self.carryOutCircuitActs()
            if !self.context.stop.isRaised {
                try await self.feed()
                try await self.readRetries()
                try await self.send(&attempts)
            }
            self.backoff.reset()
            if self.hasMore { self.context.inbox.wake() }
        } catch {
            let isAway = if case .database(let cause) = error { cause.meansAway } else { false }
            let wasReachable = self.context.status.failed("\(error)", isAway: isAway, at: .now())
            if wasReachable || !isAway {
                self.context.logger.warning("delivery interrupted", metadata: ["error": "\(error)"])
            }
            self.pausedUntil = .now.advanced(by: self.backoff.next())
        }
    }

    /// Notes whose events came.
    private mutating func note(_ news: [Lane: Set<OrganizationID>]) {
        for (lane, organizations) in news where self.lanes[lane] != nil {
            for organization in organizations {
                for destination in self.following[organization] ?? [] {
                    self.hungry.insert(FollowerKey(lane: lane, destination: destination))
                }
            }
        }
    }

    /// Runs something on a connection, within the limit of one statement or transaction.
    func run<Value: Sendable>(
        _ work: @escaping @Sendable (inout Connection, Duration) throws(PostgresError) -> Value
    ) async throws(WorkFailure) -> Value {
        let limit = self.context.databaseLimit
        do throws(PostgresError) {
            return try await self.context.database.run(within: limit) { connection throws(PostgresError) in
                try work(&connection, limit)
            }
        } catch {
            throw .database(error)
        }
    }
}
