import PosternConsumer
import PosternOutbound
import PosternPlatforms

/// A consumer that works while a test looks at it.
struct ConsumerRun: Sendable {
    let service: ConsumerService
    private let task: Task<Void, Never>

    /// Settings that let tests be quick.
    static var configuration: ConsumerConfiguration {
        var configuration = ConsumerConfiguration()
        configuration.lease = .seconds(2)
        configuration.idlePoll = .milliseconds(20)
        configuration.retryPoll = .milliseconds(20)
        configuration.tidying = .milliseconds(100)
        configuration.countsFlush = .zero
        return configuration
    }

    /// The built-in platforms' definitions.
    static func normalizer() throws -> PlatformNormalizer { PlatformNormalizer(try PlatformCatalog.load()) }

    /// Starts a consumer.
    static func start(
        _ database: ConsumerDatabase,
        _ configuration: ConsumerConfiguration = Self.configuration,
        normalizer: (any DeliveryNormalizer)? = nil
    ) throws -> ConsumerRun {
        let client = OutboundClient(OutboundConfiguration(userAgent: "Postern/test"), logger: ConsumerDatabase.logger)
        let service = ConsumerService(
            configuration: configuration,
            address: database.consumerAddress,
            host: "test",
            normalizer: try normalizer ?? Self.normalizer(),
            sealing: ConsumerDatabase.keyring,
            client: client,
            logger: ConsumerDatabase.logger
        )
        return ConsumerRun(
            service: service,
            task: Task {
                await service.run()
                await client.shutdown()
            }
        )
    }

    /// Starts a consumer, lends it, and stops it gracefully, whatever happens.
    static func with<Value>(
        _ database: ConsumerDatabase,
        _ configuration: ConsumerConfiguration = Self.configuration,
        normalizer: (any DeliveryNormalizer)? = nil,
        _ body: (ConsumerRun) async throws -> Value
    ) async throws -> Value {
        let run = try Self.start(database, configuration, normalizer: normalizer)
        let outcome: Result<Value, any Error>
        do { outcome = .success(try await body(run)) } catch { outcome = .failure(error) }
        await run.finish()
        return try outcome.get()
    }

    /// Stops it as graceful shutdown does.
    func finish() async {
        self.service.finish()
        await self.task.value
    }

    /// Stops it abruptly: leases and registry stay as they are.
    func kill() async {
        self.task.cancel()
        await self.task.value
    }
}
