internal import PosternGateway
internal import PosternModel
internal import PosternStatus
internal import PosternStore
internal import PosternTelemetry

/// What a gateway tells about itself.
struct GatewayStatusSource: StatusSource {
    private let service: GatewayService
    private let registry: PrometheusRegistry
    private let pipeline: PipelineHealth
    private let statistics: StatisticsReport

    /// `schemaVersion`: the last migration this program has.
    init(service: GatewayService, registry: PrometheusRegistry, schemaVersion: Int32) {
        self.service = service
        self.registry = registry
        self.pipeline = PipelineHealth(database: service.statusDatabase, schemaVersion: schemaVersion)
        self.statistics = StatisticsReport(database: service.statusDatabase)
    }

    func health() async -> HealthReport {
        let canCommit = self.service.canCommit
        let loadedAt = self.service.endpoints.lastLoad
        return HealthReport(
            process: "gateway",
            version: PosternVersion.text,
            components: [
                HealthReport.Component(
                    "writer",
                    canCommit ? .ok : .failing,
                    [
                        ("queued_deliveries", .number(Int64(self.service.queuedDeliveries))),
                        ("reason", canCommit ? .none : .text("no writer has a database session")),
                    ]
                ),
                HealthReport.Component(
                    "directory",
                    loadedAt == nil ? .failing : .ok,
                    [
                        ("endpoints", .number(Int64(self.service.endpoints.endpointCount))),
                        ("loaded_at", loadedAt.map { time in .text(time.description) } ?? .none),
                    ]
                ),
                Self.limits(self.service.shareStatus),
            ] + (await self.pipeline.components())
        )
    }

    /// Degraded at worst: limits are kept all the same, less exactly.
    private static func limits(_ status: ShareStatus) -> HealthReport.Component {
        HealthReport.Component(
            "limits",
            status.isDegraded ? .degraded : .ok,
            [
                ("shares", .text(status.shares.rawValue)), ("gateways", .number(Int64(status.gateways))),
                ("reason", status.failure.map { reason in .text(reason) } ?? .none),
            ]
        )
    }

    func stats() async throws -> [UInt8] { try await self.statistics.json() }

    func metrics() -> [UInt8] {
        self.service.updateLevels()
        return self.registry.render()
    }
}
