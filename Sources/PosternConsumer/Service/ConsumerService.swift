package import Logging
package import PosternCrypto
package import PosternModel
package import PosternOutbound
internal import PosternPostgres
internal import PosternStore
package import PosternTelemetry
internal import ServiceLifecycle

/// A consumer: claims lanes, turns deliveries into events, retries, dead-letters, and keeps the house.
///
/// Graceful shutdown finishes the batches at hand, gives the lanes back at once and leaves the registry. Cancellation
/// stops without any of that, as a crash would; the lanes then move when their leases end.
package final class ConsumerService: Service {
    /// Who this consumer is in `consumers` and `lanes`; new with each start.
    package let consumer: ConsumerID
    private let configuration: ConsumerConfiguration
    private let address: String
    private let host: String
    private let normalizer: any DeliveryNormalizer
    private let board: LeaseBoard
    private let statusBoard: StatusBoard
    private let directory: DestinationDirectory
    private let client: OutboundClient
    private let inbox = DeliveryInbox()
    private let stop = StopSignal()
    private let metrics: ConsumerMetrics?
    private let logger: Logger

    /// Prepares a consumer; nothing is connected before ``run()``.
    ///
    /// - Parameters:
    ///   - configuration: how it works.
    ///   - address: where PostgreSQL is: a libpq connection string or URI, for the role `postern_consumer`.
    ///   - host: what `consumers` shows to people.
    ///   - normalizer: turns deliveries into events.
    ///   - keyring: opens the secrets of destinations.
    ///   - client: what sends to destinations; its owner shuts it down after the consumer has ended.
    ///   - metrics: what to feed; without, nothing is measured.
    ///   - logger: where to say what happens.
    package init(
        configuration: ConsumerConfiguration,
        address: String,
        host: String,
        normalizer: any DeliveryNormalizer,
        sealing keyring: SealingKeyring,
        client: OutboundClient,
        metrics: ConsumerMetrics? = nil,
        logger: Logger
    ) {
        self.consumer = ConsumerID.fresh(at: .now())
        self.configuration = configuration
        self.address = address
        self.host = host
        self.normalizer = normalizer
        self.board = LeaseBoard(lease: configuration.lease, margin: configuration.leaseMargin)
        self.statusBoard = StatusBoard(consumer: self.consumer, startedAt: .now(), metrics: metrics)
        self.directory = DestinationDirectory(sealing: keyring, poll: configuration.delivery.directoryPoll)
        self.client = client
        self.metrics = metrics
        self.logger = logger
    }

    /// How it is doing now; any thread.
    package var status: ConsumerStatus { self.statusBoard.status }

    /// Asks it to finish what it holds and end, as graceful shutdown does; returns at once.
    package func finish() {
        self.statusBoard.stopping()
        self.stop.raise()
    }

    /// Works until graceful shutdown or cancellation.
    ///
    /// While the database is away it waits and tries again.
    package func run() async {
        let database = Database(
            ConnectionConfiguration(
                address: self.address,
                applicationName: "postern consumer",
                sessionSettings: ConsumerSession.settings(lease: self.configuration.lease),
                logger: self.logger
            ),
            connections: self.configuration.databaseConnections,
            logger: self.logger
        )
        let originals = Database(
            ConnectionConfiguration(
                address: self.address,
                applicationName: "postern consumer originals",
                logger: self.logger
            ),
            connections: 1,
            logger: self.logger
        )
        self.logger.info(
            "consumer started",
            metadata: ["consumer": "\(self.consumer)", "workers": "\(self.configuration.workers)"]
        )
        await withGracefulShutdownHandler {
            await self.work(database, originals)
        } onGracefulShutdown: {
            self.finish()
        }
        await originals.shutdown()
        await database.shutdown()
        self.logger.info("consumer stopped", metadata: ["consumer": "\(self.consumer)"])
    }

    private func work(_ database: Database, _ originals: Database) async {
        let end = StopSignal()
        let keeper = LeaseKeeper(
            consumer: self.consumer,
            host: self.host,
            configuration: self.configuration,
            board: self.board,
            database: database,
            status: self.statusBoard,
            stop: self.stop,
            end: end,
            logger: self.logger
        )
        let janitor = Janitor(
            configuration: self.configuration,
            board: self.board,
            database: database,
            status: self.statusBoard,
            stop: self.stop,
            logger: self.logger
        )
        let context = LaneWorker.Context(
            consumer: self.consumer,
            configuration: self.configuration,
            board: self.board,
            inbox: self.inbox,
            database: database,
            normalizer: self.normalizer,
            status: self.statusBoard,
            stop: self.stop,
            metrics: self.metrics,
            logger: self.logger
        )
        let delivery = DeliveryEngine.Context(
            consumer: self.consumer,
            configuration: self.configuration.delivery,
            databaseLimit: self.configuration.databaseLimit,
            jitterPercent: self.configuration.retryJitterPercent,
            board: self.board,
            partitionDaysAhead: self.configuration.partitionDaysAhead,
            database: database,
            originals: originals,
            directory: self.directory,
            client: self.client,
            inbox: self.inbox,
            status: self.statusBoard,
            stop: self.stop,
            metrics: self.metrics,
            logger: self.logger
        )
        await withTaskGroup(of: Void.self) { group in
            group.addTask { await keeper.run() }
            group.addTask {
                await withTaskGroup(of: Void.self) { workers in
                    for index in 0..<context.configuration.workers {
                        workers.addTask {
                            var worker = LaneWorker(index: index, context: context)
                            await worker.run()
                        }
                    }
                    workers.addTask { await janitor.run() }
                    workers.addTask {
                        var engine = DeliveryEngine(delivery)
                        await engine.run()
                    }
                }
                // The keeper renews until here, so that the last batches are still ours to write.
                end.raise()
            }
        }
    }
}
