import PosternConsumer
import PosternModel
import PosternStore
import PosternTesting
import Testing

/// Consuming goes on, whatever others do.
@Suite(.timeLimit(.minutes(5))) struct EnduranceTests {
    @Test func `goes on while writing transactions are open elsewhere`() async throws {
        try await ConsumerDatabase.with { database in
            let endpoint = try await database.endpoint(lane: 1)
            let gateway = try await GatewayDouble.open(database)
            let slow = try await GatewayDouble.open(database)
            try await database.script("CREATE TABLE public.other (i int)")
            let other = try await LockHolder.take("INSERT INTO public.other VALUES (1)", database)
            // A gateway's writer in the middle of its commit: its row is there and not to be seen.
            let now = "now()"
            let writing = try await LockHolder.take(
                """
                INSERT INTO postern.deliveries
                VALUES (1, \(slow.writer), 1, \(now), gen_random_uuid(), '\(endpoint.organization)',
                    '\(endpoint.id)', NULL, 'meta', '', convert_to('\(Meta.message("late"))', 'UTF8'))
                """,
                user: "postern_gateway",
                database
            )
            try await ConsumerRun.with(database) { _ in
                for round in 0..<5 {
                    try await gateway.post((0..<20).map { Meta.message("\(round * 20 + $0)") }, to: endpoint)
                    try await database.wait(forEvents: Int64(round + 1) * 20)
                }
                try await writing.release()
                try await database.wait(forEvents: 101)
                try await other.release()
            }
            #expect(try await database.keys(of: endpoint) == (0..<100).map { Meta.key("\($0)") } + [Meta.key("late")])
        }
    }

    @Test func `another organization's delivery waits for one round at most behind a hundred thousand`() async throws {
        try await ConsumerDatabase.with { database in
            let busy = try await database.endpoint(lane: 1)
            let quiet = try await database.endpoint(lane: 3)
            let gateway = try await GatewayDouble.open(database)
            try await database.script(
                """
                INSERT INTO postern.writers (gateway, closed_at) VALUES ('bulk', now());
                INSERT INTO postern.cursors (lane, writer, stored_at) SELECT 1, max(id), now() FROM postern.writers;
                INSERT INTO postern.deliveries
                SELECT 1, (SELECT max(id) FROM postern.writers), i, now(), gen_random_uuid(), '\(busy.organization)',
                    '\(busy.id)', NULL, 'meta', '', convert_to(replace('\(Meta.message("@"))', '@', i::text), 'UTF8')
                FROM generate_series(1, 100000) i
                """
            )
            var configuration = ConsumerRun.configuration
            configuration.workers = 1
            try await ConsumerRun.with(database, configuration) { run in
                try await eventually("the backlog to be worked on") { run.service.status.counts.events > 2000 }
                let before = run.service.status.counts
                try await gateway.post([Meta.message("mine")], to: quiet)
                let after = run.service.status.counts
                try await eventually("the quiet endpoint's event") { try await database.keys(of: quiet).count == 1 }
                // Of the backlog, what was stored between the commit and the quiet event: the batch under way when it
                // was committed, and the one that took it along; one more may have been read just before.
                let between = try await database.number(
                    """
                    SELECT count(*) FROM postern.events e
                    WHERE e.endpoint_id = '\(busy.id)'
                        AND e.stored_at > (SELECT stored_at FROM postern.deliveries WHERE endpoint_id = '\(quiet.id)')
                        AND e.stored_at <= (SELECT stored_at FROM postern.events WHERE endpoint_id = '\(quiet.id)')
                    """
                )
                #expect(between <= Int64(configuration.batchRows) * 2)
                #expect(after.events - before.events < 90_000)
                #expect(run.service.status.backlogAge > .zero)
            }
        }
    }

    @Test func `closes writers that are gone and forgets what was read to the end`() async throws {
        try await ConsumerDatabase.with { database in
            let endpoint = try await database.endpoint(lane: 1)
            let living = try await GatewayDouble.open(database)
            let retired = try await GatewayDouble.open(database)
            let vanished = try await GatewayDouble.open(database)
            for gateway in [living, retired, vanished] {
                try await gateway.post([Meta.message("\(gateway.writer)")], to: endpoint)
            }
            try await retired.retire()
            vanished.vanish()
            // The janitor leaves young writers alone.
            try await database.script("UPDATE postern.writers SET opened_at = now() - interval '2 minutes'")
            let drained = "SELECT count(*) FROM postern.writers WHERE drained_at IS NOT NULL AND consumed = 1"
            try await ConsumerRun.with(database) { _ in
                try await database.wait(forEvents: 3)
                try await database.wait(until: drained, is: 2)
                try await database.wait(
                    until: "SELECT count(*) FROM postern.cursors",
                    is: Int64(ConsumerDatabase.lanes)
                )
                try await living.post([Meta.message("more")], to: endpoint)
                try await database.wait(forEvents: 4)
            }
            #expect(
                try await database.number("SELECT id FROM postern.writers WHERE closed_at IS NULL") == living.writer
            )
        }
    }

    @Test func `forgets event keys after the deduplication window`() async throws {
        try await ConsumerDatabase.with { database in
            let endpoint = try await database.endpoint(lane: 1)
            let gateway = try await GatewayDouble.open(database)
            var configuration = ConsumerRun.configuration
            configuration.deduplicationWindow = .seconds(1)
            try await ConsumerRun.with(database, configuration) { _ in
                try await gateway.post([Meta.message("a"), Meta.message("a")], to: endpoint)
                try await database.wait(forEvents: 1)
                try await database.wait(until: "SELECT count(*) FROM postern.event_keys", is: 0)
                try await gateway.post([Meta.message("a")], to: endpoint)
                try await database.wait(forEvents: 2)
            }
        }
    }

    @Test func `loses and doubles nothing when the database crashes in the middle`() async throws {
        try await PrivateCluster.with { cluster in
            let address = try await onThread { try TestDatabase(address: cluster.address).createDatabase() }
            let database = ConsumerDatabase(address: address)
            try await onThread { try database.migrate() }
            let endpoint = try await database.endpoint(lane: 1)
            let gateway = try await GatewayDouble.open(database)
            try await gateway.post((0..<20_000).map { Meta.message("\($0)") }, to: endpoint)
            try await ConsumerRun.with(database) { run in
                try await eventually("work to be under way") { run.service.status.counts.events > 1000 }
                try await cluster.killAll()
                try await eventually("the status to say so") { !run.service.status.isDatabaseReachable }
                #expect(!run.service.status.isWell(at: .now()))
                #expect(run.service.status.lastError != nil)
                try await cluster.resume()
                try await database.wait(forEvents: 20_000)
                try await eventually("the status to recover") { run.service.status.isWell(at: .now()) }
            }
            #expect(try await database.keys(of: endpoint) == (0..<20_000).map { Meta.key("\($0)") })
            #expect(try await database.number("SELECT max(number) FROM postern.events") == 20_000)
            #expect(try await database.number("SELECT sum(consumed)::bigint FROM postern.cursors") == 20_000)
        }
    }

    @Test func `waits for a database that is not there yet`() async throws {
        try await PrivateCluster.with { cluster in
            let address = try await onThread { try TestDatabase(address: cluster.address).createDatabase() }
            let database = ConsumerDatabase(address: address)
            try await onThread { try database.migrate() }
            let endpoint = try await database.endpoint(lane: 1)
            let gateway = try await GatewayDouble.open(database)
            try await gateway.post([Meta.message("a")], to: endpoint)
            gateway.vanish()
            try await cluster.halt()
            try await ConsumerRun.with(database) { run in
                try await eventually("an error to be noted") { run.service.status.lastError != nil }
                #expect(!run.service.status.isWell(at: .now()))
                try await cluster.resume()
                try await database.wait(forEvents: 1)
            }
        }
    }
}
