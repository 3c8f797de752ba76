import PosternGateway
import PosternModel
import PosternTelemetry
import Synchronization
import Testing

@Suite struct FallbackSharesTests {
    private let redis = FakeShares("redis", interval: .milliseconds(25))
    private let postgres = FakeShares("postgres")

    private func store() -> FallbackShares {
        FallbackShares(
            redis: self.redis,
            postgres: self.postgres,
            metrics: LimitMetrics(factory: PrometheusRegistry(), stores: ["redis", "postgres"])
        )
    }

    private func counts() -> [Int] { [self.redis, self.postgres].map { $0.state.withLock { $0.told.count } } }

    @Test func `uses Redis alone while it works`() async throws {
        let store = self.store()
        _ = try await store.exchange([])
        #expect(self.counts() == [1, 0])
        #expect(store.name == "redis")
        #expect(store.interval == .milliseconds(25))
        #expect(store.freshness == .seconds(2))
        #expect(self.postgres.state.withLock { $0.declared } == ["redis"])
    }

    @Test func `uses PostgreSQL while Redis fails, and asks Redis each time`() async throws {
        let store = self.store()
        self.redis.fail(.refused("OOM"))
        for _ in 0..<3 { _ = try await store.exchange([]) }
        #expect(self.counts() == [3, 3])
        #expect(store.name == "postgres")
        #expect(store.preferredName == "redis")
        #expect(store.interval == .milliseconds(200))
        #expect(self.postgres.state.withLock { $0.declared } == ["redis", "postgres"])
        self.redis.fail(nil)
        _ = try await store.exchange([])
        #expect(self.counts() == [4, 3])
        #expect(store.name == "redis")
    }

    @Test func `meets in PostgreSQL as long as a living gateway cannot use Redis`() async throws {
        let store = self.store()
        self.postgres.state.withLock { $0.others = ["redis", "postgres"] }
        await store.renew()
        _ = try await store.exchange([])
        #expect(self.counts() == [0, 1])
        #expect(store.name == "postgres")
        // It goes on saying that it could: else two that wait for each other would never go back.
        #expect(self.postgres.state.withLock { $0.declared } == ["redis"])
        self.redis.fail(.unreachable("away"))
        await store.renew()
        #expect(self.postgres.state.withLock { $0.declared } == ["redis", "postgres"])
        self.redis.fail(nil)
        self.postgres.state.withLock { $0.others = ["redis", "redis"] }
        await store.renew()
        #expect(self.postgres.state.withLock { $0.declared } == ["redis", "postgres", "redis"])
        _ = try await store.exchange([])
        #expect(store.name == "redis")
    }

    @Test func `stays with Redis when PostgreSQL is away`() async throws {
        let store = self.store()
        self.postgres.state.withLock { $0.others = ["postgres"] }
        await store.renew()
        self.postgres.fail(.unreachable("away"))
        await store.renew()
        _ = try await store.exchange([])
        #expect(store.name == "redis")
    }

    @Test func `leaves both, even if one fails`() async throws {
        let store = self.store()
        self.redis.fail(.unreachable("away"))
        await #expect(throws: ShareError.unreachable("away")) { try await store.leave([]) }
        #expect(self.postgres.state.withLock { $0.left.count } == 1)
        self.redis.fail(nil)
        try await store.leave([])
        #expect(self.redis.state.withLock { $0.left.count } == 2)
    }
}
