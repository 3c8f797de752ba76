import Logging
import PosternGateway
import PosternLimits
import PosternModel
import PosternTelemetry
import Synchronization
import Testing

@Suite(.timeLimit(.minutes(5))) struct LimitExchangeServiceTests {
    private static let own = UniqueID(high: 1, low: 5)
    private static let other = UniqueID(high: 1, low: 6)

    private let registry = PrometheusRegistry()
    private let records = LogRecords()
    private let budgets = SharedBudgets()

    private var lines: [Substring] { String(decoding: self.registry.render(), as: UTF8.self).split(separator: "\n") }

    private func metrics() -> LimitMetrics { LimitMetrics(factory: self.registry, stores: ["redis", "postgres"]) }

    private func service(
        _ store: any ShareStore,
        metrics: LimitMetrics? = nil,
        gatewaysChanged: @escaping @Sendable (Int) -> Void = { _ in }
    ) -> LimitExchangeService {
        LimitExchangeService(
            gateway: Self.own,
            book: self.budgets,
            store: store,
            metrics: metrics ?? self.metrics(),
            logger: self.records.logger,
            clock: { [budgets] in budgets.now },
            gatewaysChanged: gatewaysChanged
        )
    }

    private static func entry(_ budget: Budget, _ admitted: Int64, debt: Int64 = 0, age: Int64 = 0) -> ShareEntry {
        ShareEntry(
            subject: budget.subject,
            gateway: Self.other,
            admitted: admitted,
            debtMicroseconds: debt,
            ageMicroseconds: age
        )
    }

    @Test func `exchanges every two seconds while alone, and as often as the store wants in company`() async {
        let store = FakeShares("postgres")
        let service = self.service(store)
        store.answer(gateways: [Self.own])
        #expect(await service.step() == .seconds(2))
        store.answer(gateways: [Self.own, Self.other])
        #expect(await service.step() == .milliseconds(200))
        #expect(service.status == ShareStatus(shares: .postgres, preferred: .postgres, gateways: 2, failure: nil))
        #expect(self.lines.contains("postern_gateway_limit_gateways 2"))
        #expect(self.lines.contains("postern_gateway_limit_exchange_up{shares=\"postgres\"} 1"))
        #expect(self.lines.contains("postern_gateway_limit_exchange_seconds_count 2"))
    }

    @Test(arguments: [(66, 200), (67, 201), (600, 1800), (900, 2000)])
    func `spends a quarter of its time on exchanges at most`(milliseconds: Int, wait: Int) async {
        let store = FakeShares("postgres")
        let service = self.service(store)
        store.answer(gateways: [Self.own, Self.other])
        store.state.withLock { [budgets] in $0.meanwhile = { budgets.pass(.milliseconds(milliseconds)) } }
        #expect(await service.step() == .milliseconds(wait))
    }

    @Test func `tells what was asked, once, and follows it for ten seconds`() async {
        let store = FakeShares("postgres")
        let service = self.service(store)
        let budget = self.budgets.add(1)
        store.answer(gateways: [Self.own])
        _ = await service.step()
        #expect(store.lastTold == [])
        #expect(self.budgets.drain(budget, atMost: 3) == 3)
        _ = await service.step()
        #expect(store.lastTold.map(\.admitted) == [3])
        #expect(store.lastTold.map(\.debtMicroseconds) == [3_000_000])
        #expect(store.lastTold.map(\.wasAsked) == [true])
        #expect(store.lastTold.map(\.isNew) == [true])
        self.budgets.pass(.seconds(9.9))
        _ = await service.step()
        #expect(store.lastTold.map(\.wasAsked) == [false])
        #expect(store.lastTold.map(\.isNew) == [false])
        self.budgets.pass(.seconds(0.1))
        _ = await service.step()
        #expect(store.lastTold == [])
    }

    @Test func `tells again what could not be told`() async {
        let store = FakeShares("postgres")
        let service = self.service(store)
        let budget = self.budgets.add(1)
        #expect(self.budgets.drain(budget, atMost: 2) == 2)
        store.fail(.unreachable("away"))
        _ = await service.step()
        store.fail(nil)
        store.answer(gateways: [Self.own])
        self.budgets.pass(.seconds(60))
        _ = await service.step()
        #expect(store.lastTold.map(\.admitted) == [2])
        #expect(store.lastTold.map(\.wasAsked) == [true])
        _ = await service.step()
        #expect(store.lastTold == [])
    }

    @Test func `charges here what others admitted, once, and gives this gateway its share`() async {
        let store = FakeShares("postgres")
        let service = self.service(store)
        let budget = self.budgets.add(1)
        store.answer(gateways: [Self.own, Self.other])
        #expect(self.budgets.drain(budget, atMost: 1) == 1)
        // A budget is more careful until it has heard of others a few times.
        for _ in 0..<8 { _ = await service.step() }
        // 9 of 10 are left. The other gateway takes 4; the 5 left are shared, and the sixth part of one that comes back
        // until the next exchange is not.
        store.answer([Self.entry(budget, 4, debt: 4_000_000)], gateways: [Self.own, Self.other], epoch: 0)
        _ = await service.step()
        #expect(self.budgets.drain(budget) == 3)
        // Nothing new from the other: 2 are left, one for each.
        _ = await service.step()
        #expect(self.budgets.drain(budget) == 1)
    }

    @Test func `teaches a budget that is asked elsewhere only`() async {
        let store = FakeShares("postgres")
        let service = self.service(store)
        let budget = self.budgets.add(1)
        let stranger = ShareEntry(
            subject: UniqueID(high: 9, low: 99),
            gateway: Self.other,
            admitted: 1,
            debtMicroseconds: 1,
            ageMicroseconds: 0
        )
        store.answer([Self.entry(budget, 500, debt: 10_000_000), stranger], gateways: [Self.own, Self.other])
        _ = await service.step()
        #expect(self.budgets.drain(budget) == 0)
    }

    @Test func `keeps its part by itself after a second without an exchange, and says so once`() async {
        let store = FakeShares("postgres")
        let heard = Mutex<[Int]>([])
        let service = self.service(store, gatewaysChanged: { count in heard.withLock { $0.append(count) } })
        let budget = self.budgets.add(1)
        store.answer(gateways: [Self.own, Self.other])
        _ = await service.step()
        #expect(self.budgets.drain(budget, atMost: 1) == 1)
        store.fail(.unreachable("away"))
        self.budgets.pass(.milliseconds(999))
        #expect(await service.step() == .milliseconds(200))
        #expect(!service.status.isDegraded)
        self.budgets.pass(.milliseconds(1))
        _ = await service.step()
        _ = await service.step()
        #expect(service.status == ShareStatus(shares: .local, preferred: .postgres, gateways: 2, failure: "away"))
        #expect(self.lines.contains("postern_gateway_limit_exchange_up{shares=\"postgres\"} 0"))
        #expect(self.lines.contains("postern_gateway_limit_exchange_failures_total{shares=\"postgres\"} 3"))
        #expect(self.lines.contains("postern_gateway_limit_gateways 2"))
        // Both gateways get half: of 10 in the bucket 5, and 30 a minute.
        #expect(self.budgets.drain(budget) == 5)
        self.budgets.pass(.seconds(60))
        #expect((5...6).contains(self.budgets.drain(budget)))
        // One that is asked for the first time meanwhile joins.
        let late = self.budgets.add(2)
        #expect(self.budgets.drain(late, atMost: 1) == 1)
        _ = await service.step()
        #expect(self.budgets.drain(late) == 4)

        store.fail(nil)
        _ = await service.step()
        #expect(service.status.isDegraded == false)
        #expect(service.status.shares == .postgres)
        #expect(
            self.records.lines == [
                "info limits are shared", "warning each gateway keeps its part of the limits",
                "notice limits are shared again",
            ]
        )
        #expect(heard.withLock { $0 } == [2])
    }

    @Test func `goes from Redis to PostgreSQL to itself, and back`() async {
        let redis = FakeShares("redis", interval: .milliseconds(25))
        let postgres = FakeShares("postgres")
        let metrics = self.metrics()
        let store = FallbackShares(redis: redis, postgres: postgres, metrics: metrics)
        let service = self.service(store, metrics: metrics)
        for fake in [redis, postgres] { fake.answer(gateways: [Self.own, Self.other]) }
        #expect(await service.step() == .milliseconds(25))
        #expect(service.status == ShareStatus(shares: .redis, preferred: .redis, gateways: 2, failure: nil))
        #expect(postgres.state.withLock { $0.told.count } == 0)

        redis.fail(.unreachable("away"))
        #expect(await service.step() == .milliseconds(200))
        #expect(service.status.shares == .postgres)
        #expect(service.status.isDegraded)
        #expect(self.lines.contains("postern_gateway_limit_exchange_up{shares=\"redis\"} 0"))
        #expect(self.lines.contains("postern_gateway_limit_exchange_up{shares=\"postgres\"} 1"))
        #expect(self.lines.contains("postern_gateway_limit_exchange_failures_total{shares=\"redis\"} 1"))

        postgres.fail(.unreachable("away too"))
        self.budgets.pass(.seconds(1))
        _ = await service.step()
        #expect(service.status.shares == .local)
        #expect(service.status.failure == "away too")
        #expect(self.lines.contains("postern_gateway_limit_exchange_failures_total{shares=\"redis\"} 2"))
        #expect(self.lines.contains("postern_gateway_limit_exchange_failures_total{shares=\"postgres\"} 1"))

        postgres.fail(nil)
        _ = await service.step()
        #expect(service.status.shares == .postgres)
        redis.fail(nil)
        _ = await service.step()
        #expect(service.status == ShareStatus(shares: .redis, preferred: .redis, gateways: 2, failure: nil))
        #expect(postgres.state.withLock { $0.declared } == ["redis", "postgres", "redis"])
        #expect(
            self.records.lines == [
                "info limits are shared", "warning limits are shared the second-best way",
                "warning each gateway keeps its part of the limits", "warning limits are shared the second-best way",
                "notice limits are shared again",
            ]
        )
    }

    @Test func `takes itself off the list when it ends, with its last counts`() async throws {
        let store = FakeShares("postgres")
        store.answer(gateways: [Self.own, Self.other])
        let service = self.service(store)
        let budget = self.budgets.add(1)
        let task = Task { try await service.run() }
        while store.state.withLock({ $0.told.isEmpty || $0.renewals == 0 }) { await Task.yield() }
        #expect(self.budgets.drain(budget, atMost: 2) == 2)
        task.cancel()
        try await task.value
        let left = store.state.withLock { $0.left }
        #expect(left.count == 1)
        #expect(left.first?.map(\.admitted) == [2])
    }

    @Test func `forgets budgets that the book no longer has`() async {
        let store = FakeShares("postgres")
        let service = self.service(store)
        let budget = self.budgets.add(1)
        store.answer(gateways: [Self.own])
        for isKnown in [true, false] {
            #expect(self.budgets.drain(budget, atMost: 1) == 1)
            if !isKnown { self.budgets.remove(budget.subject) }
            self.budgets.pass(.seconds(60))
            _ = await service.step()
            #expect(self.budgets.drain(budget, atMost: 1) == 1)
            _ = await service.step()
            #expect(store.lastTold.map(\.isNew) == [!isKnown])
        }
    }
}
