import PosternConsumer
import PosternModel
import PosternPostgres
import PosternStore
import PosternTesting
import Synchronization
import Testing

/// Who works on which lane, and what happens when that changes.
@Suite(.timeLimit(.minutes(5))) struct OwnershipTests {
    private static let owned = "SELECT count(*) FROM postern.lanes WHERE owner IS NOT NULL"
    private static let ownersOfFour =
        "SELECT count(*) FROM (SELECT owner FROM postern.lanes GROUP BY owner HAVING count(*) = 4) owners"

    @Test func `shares the lanes with a consumer that joins`() async throws {
        try await ConsumerDatabase.with { database in
            try await ConsumerRun.with(database) { first in
                try await eventually("the first to own all") { first.service.status.lanes == 8 }
                try await ConsumerRun.with(database) { second in
                    try await eventually("four lanes each") {
                        first.service.status.lanes == 4 && second.service.status.lanes == 4
                    }
                    #expect(try await database.number(Self.owned) == 8)
                    #expect(first.service.status.consumers == 2)
                }
                // The second left gracefully: its lanes are free at once, well before a lease of two seconds ends.
                try await eventually("the first to own all again") { first.service.status.lanes == 8 }
            }
        }
    }

    @Test func `gives back a lane it was granted beyond its share and never heard of`() async throws {
        try await ConsumerDatabase.with { database in
            try await ConsumerRun.with(database) { first in
                try await ConsumerRun.with(database) { second in
                    func areShared() -> Bool { first.service.status.lanes == 4 && second.service.status.lanes == 4 }
                    try await eventually("four lanes each") { areShared() }
                    var root = try database.connect()
                    try root.script(
                        """
                        UPDATE postern.lanes SET fence = fence + 1, owner = (SELECT max(owner::text)::uuid FROM postern.lanes)
                        WHERE lane = (SELECT min(lane) FROM postern.lanes
                            WHERE owner <> (SELECT max(owner::text)::uuid FROM postern.lanes))
                        """,
                        within: .seconds(10)
                    )
                    try await database.wait(until: Self.ownersOfFour, is: 2)
                    try await eventually("four lanes each again") { areShared() }
                }
            }
        }
    }

    @Test func `gives its lanes back and leaves the registry when told to stop`() async throws {
        try await ConsumerDatabase.with { database in
            var configuration = ConsumerRun.configuration
            configuration.lease = .seconds(600)
            try await ConsumerRun.with(database, configuration) { run in
                try await database.wait(until: Self.owned, is: 8)
                // The consumer itself knows a moment after the database does.
                try await eventually("eight lanes") { run.service.status.lanes == 8 }
            }
            #expect(try await database.number(Self.owned) == 0)
            #expect(try await database.number("SELECT count(*) FROM postern.consumers") == 0)
        }
    }

    @Test func `takes over from a consumer that vanished and loses and doubles nothing`() async throws {
        try await ConsumerDatabase.with { database in
            var endpoints: [TestEndpoint] = []
            for lane in 0..<ConsumerDatabase.lanes { endpoints.append(try await database.endpoint(lane: lane)) }
            let gateway = try await GatewayDouble.open(database)
            let survivor = try ConsumerRun.start(database)
            let victim = try ConsumerRun.start(database)
            try await eventually("four lanes each") {
                survivor.service.status.lanes == 4 && victim.service.status.lanes == 4
            }
            for round in 0..<60 {
                try await gateway.post(
                    endpoints.flatMap { endpoint in
                        (0..<5).map { (endpoint, Meta.message("\(round * 5 + $0)")) }
                    }
                )
                if round == 30 { await victim.kill() }
            }
            #expect(try await database.number("SELECT count(*) FROM postern.consumers") == 2)
            let killed = ContinuousClock.now
            try await eventually("the survivor to own all") { survivor.service.status.lanes == 8 }
            // A lease of two seconds, a look every tenth of a second, and a loaded machine.
            #expect(ContinuousClock.now - killed < .seconds(4))
            try await database.wait(forEvents: 60 * 5 * 8)
            for endpoint in endpoints {
                #expect(try await database.keys(of: endpoint) == (0..<300).map { Meta.key("\($0)") })
            }
            await survivor.finish()
            #expect(survivor.service.status.counts.duplicates == 0)
        }
    }

    /// Steals every lane from its owner before the first delivery is normalized, as a consumer does whose turn it is
    /// after this one was stopped for longer than its lease.
    final class RobbedNormalizer: DeliveryNormalizer {
        private let inner: PlatformNormalizer
        private let database: ConsumerDatabase
        private let state = Mutex(false)

        init(_ database: ConsumerDatabase) throws {
            self.inner = try ConsumerRun.normalizer()
            self.database = database
        }

        func normalize(_ content: DeliveryContent, parameters: [String: String]) -> Normalization {
            let isFirst = self.state.withLock { wasRobbed in
                defer { wasRobbed = true }
                return !wasRobbed
            }
            if isFirst {
                do { try self.rob() } catch {
                    return .permanent(reason: "test", detail: "\(error)", definitionVersion: nil)
                }
            }
            return self.inner.normalize(content, parameters: parameters)
        }

        private func rob() throws {
            var connection = try self.database.connect()
            try connection.script(
                """
                WITH thief AS (
                    INSERT INTO postern.consumers (id, host, leased_until)
                    VALUES (gen_random_uuid(), 'thief', now() + interval '3 seconds') RETURNING id)
                UPDATE postern.lanes SET owner = thief.id, fence = fence + 1 FROM thief
                """,
                within: .seconds(10)
            )
        }
    }

    @Test func `rolls a batch back whose lanes were taken meanwhile`() async throws {
        try await ConsumerDatabase.with { database in
            let endpoints = [try await database.endpoint(lane: 1), try await database.endpoint(lane: 2)]
            let gateway = try await GatewayDouble.open(database)
            try await gateway.post(endpoints.map { ($0, Meta.message("a")) })
            var configuration = ConsumerRun.configuration
            configuration.workers = 1
            try await ConsumerRun.with(database, configuration, normalizer: try RobbedNormalizer(database)) { run in
                try await eventually("the batch to be refused") { run.service.status.counts.refusedBatches == 1 }
                #expect(try await database.eventCount() == 0)
                #expect(try await database.number("SELECT count(*) FROM postern.event_keys") == 0)
                #expect(try await database.number("SELECT sum(seq + consumed)::bigint FROM postern.cursors") == 0)
                // When the thief's lease has ended the consumer claims the lanes anew and does the work.
                try await database.wait(forEvents: 2)
            }
            #expect(try await database.number("SELECT count(*) FROM postern.webhook_dead_letter_queue") == 0)
        }
    }

    @Test func `stops working when it cannot renew`() async throws {
        try await ConsumerDatabase.with { database in
            let endpoint = try await database.endpoint(lane: 1)
            let gateway = try await GatewayDouble.open(database)
            try await ConsumerRun.with(database) { run in
                try await eventually("all lanes") { run.service.status.lanes == 8 }
                // Somebody holds the rows of both: nothing can be renewed, claimed or written.
                let lock = try await LockHolder.take(
                    "LOCK TABLE postern.lanes, postern.consumers IN SHARE MODE",
                    database
                )
                try await gateway.post([Meta.message("a")], to: endpoint)
                try await eventually("the lease to end by its own clock") { run.service.status.lanes == 0 }
                #expect(try await database.eventCount() == 0)
                try await lock.release()
                try await database.wait(forEvents: 1)
            }
        }
    }
}
