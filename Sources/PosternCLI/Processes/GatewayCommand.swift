internal import ArgumentParser
internal import Logging
internal import NIOPosix
internal import PosternGateway
internal import PosternPlatforms
internal import PosternSettings
internal import PosternStatus
internal import PosternTelemetry
internal import ServiceLifecycle

/// `postern gateway`: the network front end.
struct GatewayCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "gateway",
        abstract: "Run the network front end: verify, commit, answer.",
        discussion: """
            Many may run at once: they share the port (SO_REUSEPORT) and the database.

            Example: POSTERN_DATABASE='host=/run/postgresql dbname=postern user=postern_gateway' \\
              POSTERN_KEY_FILE=/etc/postern/sealing.key postern gateway
            """
    )

    @OptionGroup var options: ProcessOptions
    @OptionGroup var catalogOptions: CatalogOptions
    @OptionGroup var lifetime: LifetimeOptions

    mutating func run() async throws {
        let settings = try await self.options.settings()
        let logger = try settings.logger("gateway")
        let data = self.options.dataDirectory
        let configuration = try settings.gateway(
            database: try settings.database(role: "gateway", dataDirectory: data),
            identity: ProcessIdentity.text
        )
        let status = try settings.status(process: "gateway", defaultPort: 9464)
        let keyring = try KeyFile.read(settings.keyFile(dataDirectory: data))
        let catalog = try self.catalogOptions.catalog()
        let registry = PrometheusRegistry()
        let group = MultiThreadedEventLoopGroup(numberOfThreads: configuration.loops)
        let service = GatewayService(
            configuration: configuration,
            catalog: catalog,
            keyring: keyring,
            group: group,
            metrics: GatewayMetrics(factory: registry, platforms: catalog.all.map(\.name)),
            limitMetrics: LimitMetrics(
                factory: registry,
                stores: configuration.redis == nil ? ["postgres"] : ["redis", "postgres"]
            ),
            observer: ConnectionObserver(metrics: HTTPMetrics(factory: registry)),
            logger: logger
        )
        let statusGroup = MultiThreadedEventLoopGroup(numberOfThreads: 1)
        try await ProcessRunner.run(
            [
                service,
                StatusServer(
                    configuration: status,
                    group: statusGroup,
                    source: GatewayStatusSource(
                        service: service,
                        registry: registry,
                        schemaVersion: try SchemaVersion.current
                    ),
                    logger: logger
                ),
            ],
            lifetime: self.lifetime,
            groups: [group, statusGroup],
            logger: logger
        )
    }
}
