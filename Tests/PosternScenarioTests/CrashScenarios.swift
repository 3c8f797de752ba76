import Glibc
import PosternPostgres
import PosternTesting
import Testing

extension Scenarios {
    /// Kill -9 of any process at any time loses no acknowledged delivery and doubles no event.
    @Suite struct CrashScenarios {
        private func senders(_ scenario: Scenario) async throws -> [Sender] {
            try await scenario.createOrganization()
            var senders: [Sender] = []
            for platform in Sender.platforms { senders.append(Sender(endpoint: try await scenario.endpoint(platform))) }
            return senders
        }

        @Test func `a gateway killed under load loses nothing it acknowledged, and the next one goes on`() async throws
        {
            try await Scenario.with { scenario in
                let senders = try await self.senders(scenario)
                let port = try HTTPConnection.freePort()
                let first = try await scenario.gateway(port: port)
                let load = Load(senders, to: port)
                try await load.acknowledges(200)
                first.process.signal(SIGKILL)
                #expect(try await first.process.ended(within: .seconds(5)) == .killed(SIGKILL))
                let second = try await scenario.gateway(port: port)
                try await load.acknowledges(200)
                second.process.signal(SIGKILL)
                try await second.process.ended(within: .seconds(5))
                _ = try await scenario.gateway(port: port)
                try await load.acknowledges(100)
                let ledger = await load.stop()
                #expect(ledger.statuses.keys.allSatisfy { $0 == 200 }, "\(ledger.statuses) \(ledger.lastRefusal ?? "")")
                try await scenario.expectStored(ledger)
                _ = try await scenario.consumer()
                try await scenario.settle(ledger)
            }
        }

        @Test func `PostgreSQL killed under load means 503 with Retry-After, then recovery without a restart`()
            async throws
        {
            try await PrivateCluster.with { cluster in
                try await Scenario.with(.cluster(cluster)) { scenario in
                    let senders = try await self.senders(scenario)
                    // What an operator may have set for speed: the gateway must insist on its own.
                    try await scenario.tables.script("ALTER SYSTEM SET synchronous_commit = off")
                    try await scenario.tables.script("ALTER SYSTEM SET wal_writer_delay = '10s'")
                    try await scenario.tables.script("SELECT pg_reload_conf()")
                    let gateway = try await scenario.gateway()
                    let consumer = try await scenario.consumer()
                    let load = Load(senders, to: gateway.port)
                    try await load.acknowledges(200)
                    try await cluster.killAll()
                    try await eventually("requests are answered 503") { load.ledger.statuses[503, default: 0] >= 10 }
                    let before = load.ledger
                    #expect(before.faults.isEmpty, "the gateway itself stays: \(before.faults)")
                    #expect(try await HTTPRequest.get("/health/ready", from: gateway.port).status == 503)
                    #expect(try await HTTPRequest.get("/health", from: gateway.port).status == 200)
                    try await cluster.resume()
                    try await load.acknowledges(200)
                    // Once more, now that everything has been through it.
                    try await cluster.killAll()
                    try await eventually("requests are answered 503 again") {
                        load.ledger.statuses[503, default: 0] >= before.statuses[503, default: 0] + 10
                    }
                    try await cluster.resume()
                    try await load.acknowledges(200)
                    let ledger = await load.stop()
                    #expect(ledger.impatient == 0, "503 without Retry-After")
                    #expect(Set(ledger.statuses.keys) == [200, 503], "\(ledger.statuses) \(ledger.lastRefusal ?? "")")
                    #expect(ledger.faults.isEmpty, "\(ledger.faults)")
                    try await scenario.settle(ledger)
                    #expect(gateway.process.ending == nil)
                    #expect(consumer.process.ending == nil)
                }
            }
        }

        @Test func `a consumer killed at work hands its lanes over within the lease, and nothing is lost or doubled`()
            async throws
        {
            try await Scenario.with { scenario in
                var senders = try await self.senders(scenario)
                // Enough endpoints that both consumers have lanes with traffic.
                for number in 0..<5 {
                    senders.append(Sender(endpoint: try await scenario.endpoint("stripe", name: "more-\(number)")))
                }
                let gateway = try await scenario.gateway()
                let lease = ["POSTERN_CONSUMER_LEASE_SECONDS": "3"]
                let first = try await scenario.consumer(settings: lease)
                let second = try await scenario.consumer(settings: lease)
                let all = try await scenario.tables.number(Statement("lanes", "SELECT count(*) FROM postern.lanes"))
                try await eventually("two consumers share the lanes") {
                    let owners = try await scenario.tables.lanesByOwner()
                    return owners.count == 2 && owners.values.reduce(0, +) == all
                }
                let load = Load(senders, to: gateway.port, connections: senders.count)
                try await load.acknowledges(300)
                first.process.signal(SIGKILL)
                let killed = ContinuousClock.now
                try await first.process.ended(within: .seconds(5))
                try await eventually("the survivor owns every lane", within: .seconds(20)) {
                    let owners = try await scenario.tables.lanesByOwner()
                    return owners.count == 1 && owners.values.reduce(0, +) == all
                }
                // The lease, and a look every twentieth of it; the rest is a loaded machine.
                #expect(ContinuousClock.now - killed < .seconds(5))
                try await load.acknowledges(100)
                let ledger = await load.stop()
                try await scenario.settle(ledger)
                #expect(second.process.ending == nil)
            }
        }

        @Test func `consumers killed one after another while they read a backlog double nothing`() async throws {
            try await Scenario.with { scenario in
                let senders = try await self.senders(scenario)
                let gateway = try await scenario.gateway()
                let load = Load(senders, to: gateway.port, connections: 6, pause: .milliseconds(1))
                try await load.acknowledges(1500)
                let ledger = await load.stop()
                // Small batches, so that the kill falls between two of them or into one.
                let settings = ["POSTERN_CONSUMER_LEASE_SECONDS": "1", "POSTERN_CONSUMER_BATCH_ROWS": "16"]
                var events = 0
                for _ in 0..<3 {
                    let consumer = try await scenario.consumer(settings: settings)
                    let before = events
                    events = try await eventually("some events more", every: .milliseconds(1)) {
                        let count = try await scenario.tables.eventKeys().count
                        let unread = try await scenario.tables.unread()
                        return count > before || unread == 0 ? count : nil
                    }
                    consumer.process.signal(SIGKILL)
                    try await consumer.process.ended(within: .seconds(5))
                }
                _ = try await scenario.consumer(settings: settings)
                try await scenario.settle(ledger)
            }
        }
    }
}
