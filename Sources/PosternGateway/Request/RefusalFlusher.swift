internal import Logging
internal import PosternModel
internal import PosternPostgres
internal import PosternStore
internal import PosternTelemetry

/// Stores the refused requests that were kept, once a second, off the way of requests: samples for the tenant to see,
/// and quarantined bytes to be verified again.
final class RefusalFlusher: PeriodicFlusher {
    private let database: Database
    private let loops: LoopRegistry
    private let quarantine: QuarantineBuffer
    private let store: QuarantineStore
    private let directory: DirectoryService
    private let metrics: GatewayMetrics
    private let logger: Logger

    private static let queryLimit: Duration = .seconds(10)

    init(
        database: Database,
        loops: LoopRegistry,
        quarantine: QuarantineBuffer,
        store: QuarantineStore,
        directory: DirectoryService,
        metrics: GatewayMetrics,
        logger: Logger
    ) {
        self.database = database
        self.loops = loops
        self.quarantine = quarantine
        self.store = store
        self.directory = directory
        self.metrics = metrics
        self.logger = logger
    }

    /// Stores everything kept so far.
    func flush() async {
        await self.storeSamples()
        await self.storeQuarantined()
    }

    private func storeSamples() async {
        let samples = await self.loops.drainSamples()
        guard !samples.isEmpty else { return }
        do {
            try await self.database.run(within: Self.queryLimit) { connection throws(PostgresError) in
                try RejectionLog.append(samples, &connection, within: Self.queryLimit)
            }
        } catch {
            // Samples are a courtesy; the counts say how many there were.
            self.logger.warning(
                "rejection samples not written",
                metadata: .keys([.error: "\(error)", .count: "\(samples.count)"])
            )
        }
    }

    private func storeQuarantined() async {
        let (requests, dropped) = self.quarantine.drain()
        self.metrics.quarantineFull.increment(by: dropped)
        guard !requests.isEmpty else { return }
        let limits = self.directory.quarantineLimits(of: Set(requests.lazy.map(\.endpoint)))
        do {
            let receipt = try await self.database.run(within: Self.queryLimit) {
                [store] connection throws(PostgresError) in
                try store.store(requests, limits: limits, &connection, within: Self.queryLimit)
            }
            self.metrics.quarantined.increment(by: receipt.stored)
            self.metrics.quarantineFull.increment(by: receipt.full)
            guard let error = receipt.sealingError else { return }
            self.logger.error(
                "quarantined requests cannot be sealed",
                metadata: .keys([.error: "\(error)", .count: "\(receipt.unsealed)"])
            )
        } catch {
            // Handed back as far as there is room: the bytes are what somebody hopes to have.
            for request in requests { self.quarantine.keep(request) }
            self.logger.warning(
                "quarantined requests not written",
                metadata: .keys([.error: "\(error)", .count: "\(requests.count)"])
            )
        }
    }
}
