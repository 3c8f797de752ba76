package import Logging
internal import NIOCore
package import NIOPosix
package import PosternCrypto
package import PosternHTTP
internal import PosternModel
package import PosternPlatforms
package import PosternPostgres
internal import PosternStore
package import PosternTelemetry
internal import ServiceLifecycle
internal import Synchronization

/// The gateway: event loops that verify, writer threads that commit, and the directory they share.
package final class GatewayService: Service {
    private let configuration: GatewayConfiguration
    private let catalog: PlatformCatalog
    private let keyring: SealingKeyring
    private let group: MultiThreadedEventLoopGroup
    private let metrics: GatewayMetrics
    private let observer: any HTTPServerObserver
    private let logger: Logger
    private let queue: CommitQueue
    private let lookups = EndpointLookups()
    private let database: Database
    private let directory: DirectoryService
    private let loops: LoopRegistry
    private let flusher: TrafficFlusher
    private let refusals: RefusalFlusher
    private let limits: LimitBook
    private let exchange: LimitExchangeService
    private let held: HeldBytes
    private let quarantine = QuarantineBuffer()
    /// After the start; by then everything that runs at intervals has run once.
    private static let settling = Duration.seconds(2)

    /// Joins the parts; ``run()`` listens.
    ///
    /// - `group`: the event loops; the caller shuts them down afterwards.
    /// - `keyring`: opens the endpoints' secrets.
    package init(
        configuration: GatewayConfiguration,
        catalog: PlatformCatalog,
        keyring: SealingKeyring,
        group: MultiThreadedEventLoopGroup,
        metrics: GatewayMetrics,
        limitMetrics: LimitMetrics,
        observer: any HTTPServerObserver,
        logger: Logger
    ) {
        self.configuration = configuration
        self.catalog = catalog
        self.keyring = keyring
        self.group = group
        self.metrics = metrics
        self.observer = observer
        self.logger = logger
        self.queue = CommitQueue(rowLimit: configuration.queueRows, byteLimit: configuration.queueBytes)
        self.held = HeldBytes(limit: configuration.heldBytes)
        let clock: @Sendable () -> Int64 = { Int64(truncatingIfNeeded: NIODeadline.now().uptimeNanoseconds) }
        let limits = LimitBook(clock: clock)
        self.limits = limits
        let loops = LoopRegistry()
        self.loops = loops
        let connection = ConnectionConfiguration(
            address: configuration.database,
            applicationName: "postern gateway",
            logger: logger
        )
        let database = Database(connection, connections: 5, logger: logger)
        self.database = database
        self.directory = DirectoryService(
            database: database,
            reader: DirectoryReader(opening: keyring),
            compiler: DirectoryCompiler(catalog: catalog, metrics: metrics, limits: limits, logger: logger),
            lookups: self.lookups,
            poll: configuration.directoryPoll,
            metrics: metrics,
            logger: logger
        ) { directory in loops.publish(directory) }
        let gateway = UniqueID.timeOrdered(at: .now())
        self.exchange = LimitExchangeService(
            gateway: gateway,
            book: limits,
            store: Self.shares(configuration, gateway: gateway, database: database, metrics: limitMetrics),
            metrics: limitMetrics,
            logger: logger,
            clock: clock
        ) { gateways in limits.expect(gateways: gateways) }
        self.flusher = TrafficFlusher(database: database, loops: loops, logger: logger)
        self.refusals = RefusalFlusher(
            database: database,
            loops: loops,
            quarantine: self.quarantine,
            store: QuarantineStore(sealing: keyring),
            directory: self.directory,
            metrics: metrics,
            logger: logger
        )
    }

    /// Where limits are shared: through Redis where it is configured, and through PostgreSQL otherwise or while it is away.
    private static func shares(
        _ configuration: GatewayConfiguration,
        gateway: UniqueID,
        database: Database,
        metrics: LimitMetrics
    ) -> any ShareStore {
        let postgres = PostgresShares(database: database, gateway: gateway, identity: configuration.identity)
        guard let address = configuration.redis else { return postgres }
        return FallbackShares(redis: RedisShares(address, gateway: gateway), postgres: postgres, metrics: metrics)
    }

    /// How limits are shared with other gateways now.
    package var shareStatus: ShareStatus { self.exchange.status }

    /// The database the gateway asks, for its health report.
    package var statusDatabase: Database { self.database }

    /// Whether a writer can commit now.
    package var canCommit: Bool { self.queue.isAvailable }

    /// Measures the levels that change with every request, when they are asked for.
    package func updateLevels() {
        let levels = self.queue.levels
        self.metrics.queueRows.set(levels.rows)
        self.metrics.queueBytes.set(levels.bytes)
        self.metrics.writersReady.set(levels.writersReady)
        self.metrics.heldBytes.set(self.held.count)
    }

    /// Deliveries waiting for their commit.
    package var queuedDeliveries: Int { self.queue.count }

    /// The endpoints' service, for the health report.
    package var endpoints: DirectoryService { self.directory }

    /// Serves until told to stop; then stops accepting, finishes what it holds, commits, and returns.
    ///
    /// - Throws: ``PosternHTTP/HTTPServerError`` when it cannot listen.
    package func run() async throws {
        let writers = self.startWriters()
        defer { self.queue.close() }
        // The first directory is waited for, so that the first request does not find an empty one.
        await self.loadFirstDirectory()
        await self.waitForWriter()
        let server = try await self.startServer()
        if let files = server.openFiles, files.soft < self.configuration.server.limits.connections {
            self.logger.warning(
                "fewer open files are allowed than connections",
                metadata: .keys([.limit: "\(files.soft)", .count: "\(self.configuration.server.limits.connections)"])
            )
        }
        self.logger.notice(
            "gateway listening",
            metadata: .keys([.address: "\(server.address)", .count: "\(self.directory.endpointCount)"])
        )
        try await withThrowingTaskGroup { group in
            group.addTask { try await self.directory.run() }
            group.addTask { try await self.flusher.run() }
            group.addTask { try await self.refusals.run() }
            group.addTask { try await self.exchange.run() }
            group.addTask {
                // On the way out there is nothing to give back for.
                do { try await cancelWhenGracefulShutdown { try await Task.sleep(for: Self.settling) } } catch {
                    return
                }
                ProgramPages.giveBack()
            }
            group.addTask {
                // Returns on graceful shutdown and on cancellation alike.
                try? await gracefulShutdown()
                await server.shutdownGracefully(within: self.configuration.shutdownLimit)
                self.lookups.finish()
            }
            try await group.waitForAll()
        }
        // Nothing offers any more: what waits is committed, then the writers end.
        self.queue.close()
        for writer in writers { await writer.join() }
        await self.flusher.flush()
        await self.refusals.flush()
        await self.database.shutdown()
        self.logger.notice("gateway stopped")
    }

    private func loadFirstDirectory() async {
        do {
            try await self.directory.loadOnce()
        } catch {
            // Not fatal: requests get 503 until the database is there, and the directory's service keeps trying.
            self.logger.warning("endpoints cannot be read yet", metadata: .keys([.error: "\(error)"]))
        }
    }

    /// Waits for the first writer, so that a gateway that joins others on a port does not refuse what they would take.
    ///
    /// Bounded: without a database it listens all the same, and says 503.
    private func waitForWriter() async {
        let limit = ContinuousClock.now.advanced(by: .seconds(5))
        while !self.canCommit, ContinuousClock.now < limit {
            do { try await Task.sleep(for: .milliseconds(5)) } catch { return }
        }
    }

    private func startWriters() -> [ConnectionThread] {
        let connection = ConnectionConfiguration(
            address: self.configuration.database,
            applicationName: "postern gateway writer",
            logger: self.logger
        )
        return (0..<self.configuration.writers).map { number in
            let writer = WriterThread(
                configuration: connection,
                gateway: self.configuration.identity,
                queue: self.queue,
                loops: self.loops,
                batchRows: self.configuration.batchRows,
                commitTimeout: self.configuration.commitTimeout,
                metrics: self.metrics,
                logger: self.logger
            )
            return ConnectionThread.start(name: "writer-\(number)") { writer.run() }
        }
    }

    private func startServer() async throws(HTTPServerError) -> HTTPServer {
        try await HTTPServer.start(self.configuration.server, group: self.group, observer: self.observer) {
            [queue, limits, held, quarantine, metrics, lookups, loops, configuration, logger] eventLoop in
            let waiting = WaitingRequests()
            return loops.register(on: eventLoop, waiting: waiting) { number in
                GatewayResponder(
                    loop: number,
                    queue: queue,
                    waiting: waiting,
                    limits: limits,
                    held: held,
                    quarantine: quarantine,
                    metrics: metrics,
                    lookups: lookups,
                    publicOrigin: configuration.publicOrigin,
                    logger: logger
                )
            }
        }
    }
}
