package import PosternTelemetry
internal import Synchronization

/// Shares limits through Redis, and through PostgreSQL while that is not possible for all gateways.
///
/// Gateways that look at different places do not see each other. So each says in PostgreSQL whether it can use Redis,
/// and as long as one of the living cannot, all meet in PostgreSQL. Until all have noticed, which takes two rounds of
/// ``renew()``, limits hold less exactly; counts are sums, so what was admitted meanwhile is charged afterwards.
package final class FallbackShares: ShareStore {
    private struct State {
        var inUse: String
        /// Whether the last thing Redis was asked for worked.
        var isRedisUsable = true
        /// Whether a living gateway said that it cannot use Redis.
        var isNeededElsewhere = false
    }

    private let redis: any ShareStore
    private let postgres: any ShareStore & ShareRegister
    private let metrics: LimitMetrics
    private let state: Mutex<State>

    /// Joins the two stores.
    ///
    /// - Parameters:
    ///   - redis: what to use while every gateway can.
    ///   - postgres: what all gateways can use.
    ///   - metrics: counts what fails of Redis; what fails altogether is counted by whoever exchanges.
    package init(redis: any ShareStore, postgres: any ShareStore & ShareRegister, metrics: LimitMetrics) {
        self.redis = redis
        self.postgres = postgres
        self.metrics = metrics
        self.state = Mutex(State(inUse: redis.name))
        postgres.declare(redis.name)
    }

    package var name: String { self.state.withLock { state in state.inUse } }
    package var preferredName: String { self.redis.name }
    package var interval: Duration { self.name == self.redis.name ? self.redis.interval : self.postgres.interval }

    package func exchange(_ reports: [ShareReport]) async throws(ShareError) -> ShareAnswer {
        if !self.state.withLock({ state in state.isNeededElsewhere }) {
            do throws(ShareError) {
                let answer = try await self.redis.exchange(reports)
                self.note(redisWorks: true)
                self.state.withLock { state in state.inUse = self.redis.name }
                return answer
            } catch {
                self.metrics.failed(self.redis.name)
                self.note(redisWorks: false)
            }
        }
        // Before it is tried, so that whoever counts a failure counts it where it was.
        self.state.withLock { state in state.inUse = self.postgres.name }
        return try await self.postgres.exchange(reports)
    }

    /// Says what this gateway can use, and looks what the others can.
    package func renew() async {
        if self.state.withLock({ state in state.isNeededElsewhere }) {
            // Exchanges do not ask Redis meanwhile, so it is looked here whether it works again.
            do throws(ShareError) {
                _ = try await self.redis.exchange([])
                self.note(redisWorks: true)
            } catch {
                self.metrics.failed(self.redis.name)
                self.note(redisWorks: false)
            }
        }
        do throws(ShareError) {
            let others = try await self.postgres.register()
            self.state.withLock { state in state.isNeededElsewhere = others.contains { $0 != self.redis.name } }
        } catch {
            // Nobody can be met where nobody gets in; Redis is all there is then.
            self.metrics.failed(self.postgres.name)
            self.state.withLock { state in state.isNeededElsewhere = false }
        }
    }

    package func leave(_ reports: [ShareReport]) async throws(ShareError) {
        // Both, because both hold a list with this gateway on it. The first failure is told after the second try.
        var failure: ShareError?
        for store in [self.redis, self.postgres] as [any ShareStore] {
            do throws(ShareError) { try await store.leave(reports) } catch { failure = failure ?? error }
        }
        if let failure { throw failure }
    }

    private func note(redisWorks isUsable: Bool) {
        let hasChanged = self.state.withLock { state in
            defer { state.isRedisUsable = isUsable }
            return state.isRedisUsable != isUsable
        }
        if hasChanged { self.postgres.declare(isUsable ? self.redis.name : self.postgres.name) }
    }
}
