import PosternConsumer
import PosternModel
import PosternStore
import Testing

@Suite(.timeLimit(.minutes(5))) struct ConsumerServiceTests {
    @Test func `turns deliveries into CloudEvents`() async throws {
        try await ConsumerDatabase.with { database in
            let endpoint = try await database.endpoint(lane: 3)
            let gateway = try await GatewayDouble.open(database)
            let ids = try await gateway.post([Meta.message("m1", account: "A")], to: endpoint)
            try await ConsumerRun.with(database) { _ in try await database.wait(forEvents: 1) }
            let rows = try await database.texts(
                """
                SELECT concat_ws('|', lane, number, org_id, endpoint_id, delivery_id, platform, definition_version, type,
                    source, subject, account, extract(epoch FROM time)::bigint, key, data::text)
                FROM postern.events
                """
            )
            #expect(
                rows == [
                    "3|1|\(endpoint.organization)|\(endpoint.id)|\(ids[0])|meta|1|page.messaging.message|"
                        + "/platforms/meta/endpoints/\(endpoint.id)|7|A|1795219199|mid:m1|"
                        + #"{"sender":{"id":"7"},"recipient":{"id":"A"},"timestamp":1795219199100,"#
                        + #""message":{"mid":"m1","text":"hi"}}"#
                ]
            )
            let version7 = "SELECT count(*) FROM postern.events WHERE substr(id::text, 15, 1) = '7'"
            #expect(try await database.number(version7) == 1)
        }
    }

    @Test func `keeps the order of every endpoint over several writers`() async throws {
        try await ConsumerDatabase.with { database in
            var endpoints: [TestEndpoint] = []
            for lane in [0, 1, 1, 5] as [Int32] { endpoints.append(try await database.endpoint(lane: lane)) }
            let gateways = [try await GatewayDouble.open(database), try await GatewayDouble.open(database)]
            var configuration = ConsumerRun.configuration
            configuration.batchRows = 40
            configuration.batchRowsPerCursor = 16
            try await ConsumerRun.with(database, configuration) { run in
                // Each round is committed before the next goes to the other gateway, as a sender that waits does.
                for round in 0..<30 {
                    try await gateways[round % 2].post(
                        endpoints.flatMap { endpoint in
                            (0..<10).map { (endpoint, Meta.message("\(round * 10 + $0)")) }
                        }
                    )
                }
                try await database.wait(forEvents: 1200)
                #expect(run.service.status.counts.duplicates == 0)
            }
            for endpoint in endpoints {
                #expect(try await database.keys(of: endpoint) == (0..<300).map { Meta.key("\($0)") })
            }
            let gaps = try await database.number(
                """
                SELECT count(*) FROM (
                    SELECT number - lag(number, 1, 0::bigint) OVER (PARTITION BY lane ORDER BY number) AS step
                    FROM postern.events) s WHERE step <> 1
                """
            )
            #expect(gaps == 0)
        }
    }

    @Test func `processes a regrouped retry once`() async throws {
        try await ConsumerDatabase.with { database in
            let endpoint = try await database.endpoint(lane: 2)
            let gateway = try await GatewayDouble.open(database)
            try await gateway.post(
                [
                    Meta.messages(["a", "b"]), Meta.messages(["c"]),
                    // What Meta sends again after a lost answer, grouped another way, with one new message.
                    Meta.messages(["b", "c", "d"]), Meta.messages(["a", "a"]),
                ],
                to: endpoint
            )
            try await ConsumerRun.with(database) { run in
                try await database.wait(until: "SELECT sum(consumed)::bigint FROM postern.cursors", is: 4)
                // The consumer itself counts a moment after the database does.
                try await eventually("four events, four duplicates") {
                    run.service.status.counts.events == 4 && run.service.status.counts.duplicates == 4
                }
            }
            #expect(try await database.keys(of: endpoint) == ["a", "b", "c", "d"].map(Meta.key))
            let counts = try await database.texts(
                "SELECT outcome || ' ' || sum(count) FROM postern.traffic_minutes GROUP BY outcome ORDER BY outcome"
            )
            #expect(counts == ["duplicate 4", "event 4", "normalized 4"])
        }
    }

    @Test func `processes a key again for another endpoint`() async throws {
        try await ConsumerDatabase.with { database in
            let first = try await database.endpoint(lane: 2)
            let second = try await database.endpoint(lane: 2)
            let gateway = try await GatewayDouble.open(database)
            try await gateway.post([(first, Meta.message("a")), (second, Meta.message("a"))])
            try await ConsumerRun.with(database) { _ in try await database.wait(forEvents: 2) }
        }
    }

    @Test func `routes events to the organization of their account`() async throws {
        try await ConsumerDatabase.with { database in
            let app = try await database.endpoint(lane: 2, routesAccounts: true)
            let tenant = try await database.endpoint(lane: 4)
            try await database.script(
                "INSERT INTO postern.accounts VALUES ('meta', 'T', '\(tenant.organization)', now())"
            )
            let gateway = try await GatewayDouble.open(database)
            try await gateway.post(
                [
                    (app, Meta.message("a", account: "T")), (app, Meta.message("b", account: "U")),
                    (tenant, Meta.message("c", account: "T")),
                ])
            try await ConsumerRun.with(database) { _ in try await database.wait(forEvents: 3) }
            let owners = try await database.texts("SELECT key || ' ' || org_id FROM postern.events ORDER BY key")
            #expect(
                owners == [
                    "mid:a \(tenant.organization)", "mid:b \(app.organization)", "mid:c \(tenant.organization)",
                ]
            )
        }
    }

    @Test func `keeps the order over bodies too large to come all at once`() async throws {
        try await ConsumerDatabase.with { database in
            let endpoint = try await database.endpoint(lane: 2)
            let other = try await database.endpoint(lane: 4)
            let gateway = try await GatewayDouble.open(database)
            let padding = String(repeating: " ", count: 100_000)
            try await gateway.post(
                (0..<60).flatMap { number in
                    let body = Meta.message("\(number)") + (number % 3 == 0 ? padding : "")
                    return [(endpoint, body), (other, body)]
                }
            )
            var configuration = ConsumerRun.configuration
            configuration.workers = 1
            configuration.batchBytes = 250_000
            try await ConsumerRun.with(database, configuration) { _ in try await database.wait(forEvents: 120) }
            for each in [endpoint, other] {
                #expect(try await database.keys(of: each) == (0..<60).map { Meta.key("\($0)") })
            }
        }
    }

    @Test func `stores deliveries of thousands of events in several batches and in order`() async throws {
        try await ConsumerDatabase.with { database in
            let endpoint = try await database.endpoint(lane: 2)
            let gateway = try await GatewayDouble.open(database)
            try await gateway.post(
                (0..<5).map { delivery in Meta.messages((0..<4000).map { "\(delivery * 4000 + $0)" }) },
                to: endpoint
            )
            try await ConsumerRun.with(database) { run in
                try await database.wait(forEvents: 20_000)
                try await eventually("the last commit") { run.service.status.counts.normalized == 5 }
                // 4,000 and 4,000 stay below the limit of a batch, the third goes over it.
                #expect(run.service.status.counts.batches == 2)
            }
            #expect(try await database.keys(of: endpoint) == (0..<20_000).map { Meta.key("\($0)") })
            #expect(try await database.number("SELECT max(number) FROM postern.events") == 20_000)
        }
    }
}
