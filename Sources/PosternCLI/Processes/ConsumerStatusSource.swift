internal import PosternConsumer
internal import PosternModel
internal import PosternPlatforms
internal import PosternPostgres
internal import PosternStatus
internal import PosternStore
internal import PosternTelemetry

/// What a consumer tells about itself.
struct ConsumerStatusSource: StatusSource {
    private let service: ConsumerService
    private let registry: PrometheusRegistry
    private let pipeline: PipelineHealth
    private let statistics: StatisticsReport

    /// - `database`: where health and stats are asked, apart from the consumer's own sessions.
    /// - `schemaVersion`: the last migration this program has.
    /// - `catalog`: knows how long senders try again.
    init(
        service: ConsumerService,
        registry: PrometheusRegistry,
        database: Database,
        schemaVersion: Int32,
        catalog: PlatformCatalog
    ) {
        self.service = service
        self.registry = registry
        self.pipeline = PipelineHealth(database: database, schemaVersion: schemaVersion, delivers: true)
        let patience = catalog.all.map { platform in
            (platform.name, SenderPatience(retriesFor: platform.sender.retriesFor, schedule: platform.sender.retries))
        }
        self.statistics = StatisticsReport(
            database: database,
            senders: Dictionary(patience, uniquingKeysWith: { first, _ in first })
        )
    }

    func health() async -> HealthReport {
        let status = self.service.status
        let isWell = status.isWell(at: .now())
        return HealthReport(
            process: "consumer",
            version: PosternVersion.text,
            components: [
                HealthReport.Component(
                    "lanes",
                    isWell ? .ok : .failing,
                    [
                        ("owned", .number(Int64(status.lanes))), ("all", .number(Int64(status.lanesInAll))),
                        ("consumers", .number(Int64(status.consumers))),
                        ("last_progress_at", status.lastProgressAt.map { time in .text(time.description) } ?? .none),
                        ("last_error", status.lastError.map { text in .text(text) } ?? .none),
                    ]
                )
            ] + (await self.pipeline.components())
        )
    }

    func stats() async throws -> [UInt8] { try await self.statistics.json() }

    func metrics() -> [UInt8] { self.registry.render() }
}
