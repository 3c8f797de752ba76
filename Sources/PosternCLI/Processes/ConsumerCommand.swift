internal import ArgumentParser
internal import Logging
internal import NIOPosix
internal import PosternConsumer
internal import PosternOperations
internal import PosternOutbound
internal import PosternPlatforms
internal import PosternPostgres
internal import PosternSettings
internal import PosternStatus
internal import PosternTelemetry
internal import ServiceLifecycle

/// `postern consumer`: normalizes what the gateways committed.
struct ConsumerCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "consumer",
        abstract: "Run the consumer: split deliveries into events, deliver them, retry, dead-letter.",
        discussion: """
            Many may run at once: they share the lanes by leases.

            Example: POSTERN_DATABASE='host=/run/postgresql dbname=postern user=postern_consumer' \
              POSTERN_KEY_FILE=/etc/postern/sealing.key postern consumer
            """
    )

    @OptionGroup var options: ProcessOptions
    @OptionGroup var catalogOptions: CatalogOptions
    @OptionGroup var lifetime: LifetimeOptions

    mutating func run() async throws {
        let settings = try await self.options.settings()
        let logger = try settings.logger("consumer")
        let address = try settings.database(role: "consumer", dataDirectory: self.options.dataDirectory)
        let configuration = try settings.consumer()
        let status = try settings.status(process: "consumer", defaultPort: 9465)
        let keyring = try KeyFile.read(settings.keyFile(dataDirectory: self.options.dataDirectory))
        let catalog = try self.catalogOptions.catalog()
        let client = OutboundClient(try settings.outbound(version: PosternVersion.text), logger: logger)
        let registry = PrometheusRegistry()
        let service = ConsumerService(
            configuration: configuration,
            address: address,
            host: ProcessIdentity.text,
            normalizer: PlatformNormalizer(catalog),
            sealing: keyring,
            client: client,
            metrics: ConsumerMetrics(factory: registry, platforms: catalog.all.map(\.name)),
            logger: logger
        )
        let database = Database(
            ConnectionConfiguration(address: address, applicationName: "postern consumer status", logger: logger),
            connections: 1,
            logger: logger
        )
        let jobConfiguration = JobRunnerConfiguration()
        let jobs = Database(
            ConnectionConfiguration(address: address, applicationName: "postern jobs", logger: logger),
            connections: jobConfiguration.workers,
            logger: logger
        )
        let statusGroup = MultiThreadedEventLoopGroup(numberOfThreads: 1)
        try await ProcessRunner.run(
            [
                service,
                StatusServer(
                    configuration: status,
                    group: statusGroup,
                    source: ConsumerStatusSource(
                        service: service,
                        registry: registry,
                        database: database,
                        schemaVersion: try SchemaVersion.current,
                        catalog: catalog
                    ),
                    logger: logger
                ),
                JobRunner(
                    database: jobs,
                    owner: ProcessIdentity.text,
                    configuration: jobConfiguration,
                    renormalizer: PlatformRenormalizer(catalog),
                    logger: logger
                ),
                NotificationService(
                    configuration: NotificationConfiguration(),
                    address: address,
                    opening: keyring,
                    sender: OutboundAlertSender(client),
                    logger: logger
                ),
            ],
            lifetime: self.lifetime,
            groups: [statusGroup],
            logger: logger
        )
        await jobs.shutdown()
        await client.shutdown()
        await database.shutdown()
    }
}
