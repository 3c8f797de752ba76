internal import ArgumentParser
internal import Logging
internal import NIOPosix
internal import PosternConsumer
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
        abstract: "Run the consumer: split deliveries into events, retry, dead-letter.",
        discussion: """
            Many may run at once: they share the lanes by leases.

            Example: POSTERN_DATABASE='host=/run/postgresql dbname=postern user=postern_consumer' postern consumer
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
        let catalog = try self.catalogOptions.catalog()
        let registry = PrometheusRegistry()
        let service = ConsumerService(
            configuration: configuration,
            address: address,
            host: ProcessIdentity.text,
            normalizer: PlatformNormalizer(catalog),
            metrics: ConsumerMetrics(factory: registry, platforms: catalog.all.map(\.name)),
            logger: logger
        )
        let database = Database(
            ConnectionConfiguration(address: address, applicationName: "postern consumer status", logger: logger),
            connections: 1,
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
                        schemaVersion: try SchemaVersion.current
                    ),
                    logger: logger
                ),
            ],
            lifetime: self.lifetime,
            groups: [statusGroup],
            logger: logger
        )
        await database.shutdown()
    }
}
