import PosternConsumer
import PosternModel
import PosternPostgres
import PosternTesting
import Testing

/// The engine in a whole consumer, with a real database and destinations on loopback.
@Suite(.timeLimit(.minutes(5))) struct DeliveryEngineTests {
    /// Hands over nothing that is only slow because the machine is busy.
    private static var patient: ConsumerConfiguration {
        var configuration = ConsumerRun.configuration
        configuration.delivery.patience = .seconds(2)
        return configuration
    }

    private static func messages(_ range: Range<Int>, account: String = "PAGE") -> [String] {
        range.map { Meta.message("m\($0)", account: account) }
    }

    @Test func `delivers each event once and leaves no row behind`() async throws {
        try await ConsumerDatabase.with { database in
            try await FakeDestination.with { fake in
                let endpoint = try await database.endpoint(lane: 3)
                let destination = try await database.destination(of: endpoint, at: fake.url)
                let gateway = try await GatewayDouble.open(database)
                try await ConsumerRun.with(database) { _ in
                    try await gateway.post(Self.messages(0..<1000), to: endpoint)
                    try await database.wait(until: "delivered", of: destination, is: 1000)
                }
                #expect(fake.repetitions.count == 1000)
                #expect(fake.count == 1000)
                #expect(try await database.number("SELECT count(*) FROM postern.webhook_retry_queue") == 0)
                #expect(try await database.number("SELECT count(*) FROM postern.attempts") == 0)
                let counted = "SELECT sum(count)::bigint FROM postern.destination_minutes WHERE outcome = 'delivered'"
                #expect(try await database.number(counted) == 1000)
            }
        }
    }

    @Test func `begins where the log stood when the destination was made`() async throws {
        try await ConsumerDatabase.with { database in
            try await FakeDestination.with { fake in
                let endpoint = try await database.endpoint(lane: 1)
                let gateway = try await GatewayDouble.open(database)
                try await ConsumerRun.with(database) { _ in
                    try await gateway.post(Self.messages(0..<5), to: endpoint)
                    try await database.wait(forEvents: 5)
                    let destination = try await database.destination(of: endpoint, at: fake.url)
                    try await gateway.post(Self.messages(5..<9), to: endpoint)
                    try await database.wait(until: "delivered", of: destination, is: 4)
                }
                #expect(fake.count == 4)
            }
        }
    }

    @Test func `passes over what nobody subscribed to`() async throws {
        try await ConsumerDatabase.with { database in
            try await FakeDestination.with { fake in
                let endpoint = try await database.endpoint(lane: 1)
                let destination = try await database.destination(of: endpoint, at: fake.url, glob: "page.feed.*")
                let gateway = try await GatewayDouble.open(database)
                try await ConsumerRun.with(database) { _ in
                    try await gateway.post(Self.messages(0..<50), to: endpoint)
                    try await database.wait(until: "unsubscribed", of: destination, is: 50)
                }
                #expect(fake.count == 0)
            }
        }
    }

    @Test func `tries again what failed for a passing reason, and counts it as recovered`() async throws {
        try await ConsumerDatabase.with { database in
            try await FakeDestination.with(reply: { $0.repetition == 1 ? .status(503, body: "later") : .status(204) }) {
                fake in
                let endpoint = try await database.endpoint(lane: 1)
                let destination = try await database.destination(
                    of: endpoint,
                    at: fake.url,
                    ["retry_delays": "'{0,0}'"]
                )
                let gateway = try await GatewayDouble.open(database)
                try await ConsumerRun.with(database) { _ in
                    try await gateway.post(Self.messages(0..<10), to: endpoint)
                    try await database.wait(until: "recovered", of: destination, is: 10)
                }
                #expect(fake.repetitions.values.allSatisfy { $0 == 2 })
                #expect(try await database.count("handed", of: destination) == 10)
                #expect(try await database.number("SELECT count(*) FROM postern.webhook_retry_queue") == 0)
                let attempts = try await database.texts(
                    """
                    SELECT DISTINCT concat_ws('|', attempt_number, outcome, status, answer) FROM postern.attempts ORDER BY 1
                    """
                )
                #expect(attempts == ["1|http_5xx|503|later", "2|delivered|204|"])
            }
        }
    }

    @Test func `makes a dead letter of what is refused, and of what has had its last attempt`() async throws {
        try await ConsumerDatabase.with { database in
            try await FakeDestination.with(reply: { _ in .status(422, body: "no") }) { refusing in
                try await FakeDestination.with(reply: { _ in .status(500) }) { failing in
                    let endpoint = try await database.endpoint(lane: 1)
                    let first = try await database.destination(of: endpoint, at: refusing.url)
                    let second = try await database.destination(
                        of: endpoint,
                        at: failing.url,
                        ["retry_delays": "'{0}'"]
                    )
                    let gateway = try await GatewayDouble.open(database)
                    try await ConsumerRun.with(database) { _ in
                        try await gateway.post(Self.messages(0..<3), to: endpoint)
                        try await database.wait(until: "buried", of: first, is: 3)
                        try await database.wait(until: "exhausted", of: second, is: 3)
                    }
                    #expect(failing.count == 6)
                    let letters = try await database.texts(
                        """
                        SELECT DISTINCT concat_ws('|', destination_id, failure_reason, attempts_made, answer_status, answer,
                            event_type, requires_manual_review)
                        FROM postern.webhook_dead_letter_queue ORDER BY 1
                        """
                    )
                    #expect(
                        letters.sorted()
                            == [
                                "\(first)|http_4xx|1|422|no|page.messaging.message|t",
                                "\(second)|http_5xx|2|500||page.messaging.message|t",
                            ].sorted()
                    )
                }
            }
        }
    }

    @Test func `keeps the order of each of a thousand accounts, and the one that fails holds back no other`()
        async throws
    {
        let (accounts, rounds) = (999, 3)
        try await ConsumerDatabase.with { database in
            let isBack = Switch()
            try await FakeDestination.with(reply: { request in
                let isBad = String(decoding: request.body, as: UTF8.self).contains(#""BAD""#)
                return isBad && !isBack.isOn ? .status(503) : .status(200)
            }) { fake in
                let endpoint = try await database.endpoint(lane: 1)
                let destination = try await database.destination(
                    of: endpoint,
                    at: fake.url,
                    // A few soon; then none, however long the others take, before it is asked for.
                    ["retry_delays": "'{1,1,1,3600,3600}'", "ordered": "true"]
                )
                let gateway = try await GatewayDouble.open(database)
                try await ConsumerRun.with(database) { _ in
                    var bodies: [String] = []
                    for index in 0..<rounds {
                        bodies.append(Meta.message("bad-\(index)", account: "BAD"))
                        for account in 0..<accounts {
                            bodies.append(Meta.message("good\(account)-\(index)", account: "GOOD\(account)"))
                        }
                    }
                    try await gateway.post(bodies, to: endpoint)
                    let good = Int64(accounts * rounds)
                    try await database.wait(until: "delivered", of: destination, is: good)
                    try await database.wait(until: "handed", of: destination, is: Int64(rounds))
                    isBack.turnOn()
                    try await eventually("the account to recover") {
                        // What stands at infinity waits for its account's turn.
                        try await database.script(
                            "UPDATE postern.webhook_retry_queue SET scheduled_at = now() WHERE scheduled_at < 'infinity'"
                        )
                        return try await database.count("recovered", of: destination) == Int64(rounds)
                    }
                    // The account is free again: it needs no queue.
                    try await gateway.post([Meta.message("bad-\(rounds)", account: "BAD")], to: endpoint)
                    try await database.wait(until: "delivered", of: destination, is: good + 1)
                }
                var orders: [Substring: [Int]] = [:]
                for request in fake.requests {
                    let text = String(decoding: request.body, as: UTF8.self)
                    let match = try #require(text.firstMatch(of: /"mid":"([a-z0-9]+)-([0-9]+)"/))
                    let number = try #require(Int(match.2))
                    // A failed attempt comes again before anything behind it.
                    if orders[match.1]?.last != number { orders[match.1, default: []].append(number) }
                }
                #expect(orders.count == accounts + 1)
                for (account, order) in orders {
                    #expect(order == Array(0..<(account == "bad" ? rounds + 1 : rounds)), "\(account)")
                }
            }
        }
    }

    @Test func `opens the circuit of a destination that fails, spends nothing meanwhile, and closes it by a probe`()
        async throws
    {
        try await ConsumerDatabase.with { database in
            try await FakeDestination.with(reply: { _ in .status(500) }) { fake in
                let endpoint = try await database.endpoint(lane: 1)
                let destination = try await database.destination(
                    of: endpoint,
                    at: fake.url,
                    ["retry_delays": "'{0,0,0}'", "concurrency": "4"]
                )
                let gateway = try await GatewayDouble.open(database)
                try await ConsumerRun.with(database) { _ in
                    try await gateway.post(Self.messages(0..<200), to: endpoint)
                    let open = "SELECT count(*) FROM postern.destinations WHERE circuit = 'open'"
                    try await database.wait(until: open, is: 1)
                    let before = fake.count
                    #expect(before < 100)
                    // The probe fails, and the circuit stays open for longer.
                    try await database.script("UPDATE postern.destinations SET circuit_until = now()")
                    try await database.wait(
                        until:
                            "SELECT count(*) FROM postern.destinations WHERE circuit_openings = 2 AND circuit = 'open'",
                        is: 1
                    )
                    fake.behave { _ in .status(200) }
                    try await database.script("UPDATE postern.destinations SET circuit_until = now()")
                    try await database.wait(
                        until: """
                            SELECT sum(delivered + recovered + exhausted)::bigint FROM postern.destination_cursors
                            WHERE destination_id = '\(destination)'
                            """,
                        is: 200
                    )
                }
                #expect(try await database.texts("SELECT circuit FROM postern.destinations") == ["closed"])
                #expect(try await database.count("exhausted", of: destination) <= 20)
            }
        }
    }

    @Test func `disables a destination that says it is gone, and keeps its place`() async throws {
        try await ConsumerDatabase.with { database in
            try await FakeDestination.with(reply: { _ in .status(410) }) { fake in
                let endpoint = try await database.endpoint(lane: 1)
                let destination = try await database.destination(of: endpoint, at: fake.url, ["concurrency": "1"])
                let gateway = try await GatewayDouble.open(database)
                try await ConsumerRun.with(database) { _ in
                    try await gateway.post(Self.messages(0..<100), to: endpoint)
                    let disabled = "SELECT count(*) FROM postern.destinations WHERE state = 'disabled'"
                    try await database.wait(until: disabled, is: 1)
                    fake.behave { _ in .status(200) }
                    try await database.script("UPDATE postern.destinations SET state = 'enabled'")
                    try await database.wait(
                        until: """
                            SELECT sum(delivered + buried)::bigint FROM postern.destination_cursors
                            WHERE destination_id = '\(destination)'
                            """,
                        is: 100
                    )
                }
                #expect(try await database.count("buried", of: destination) < 10)
                #expect(fake.repetitions.values.allSatisfy { $0 == 1 })
            }
        }
    }

    @Test func `delivers after a crash what was not settled, and nothing else`() async throws {
        try await ConsumerDatabase.with { database in
            try await FakeDestination.with(reply: { _ in .late(200, after: .milliseconds(5)) }) { fake in
                let endpoint = try await database.endpoint(lane: 1)
                let destination = try await database.destination(of: endpoint, at: fake.url)
                let gateway = try await GatewayDouble.open(database)
                try await gateway.post(Self.messages(0..<2000), to: endpoint)
                var crashes = 0
                while crashes < 3 {
                    let run = try ConsumerRun.start(database)
                    let goal = (crashes + 1) * 400
                    try await eventually("\(goal) requests") { fake.count >= goal }
                    await run.kill()
                    crashes += 1
                }
                try await ConsumerRun.with(database) { _ in
                    try await database.wait(until: "delivered", of: destination, is: 2000)
                }
                #expect(fake.repetitions.count == 2000)
                // A crash repeats at most the window.
                #expect(fake.count - 2000 <= crashes * 256)
                #expect(fake.repetitions.values.allSatisfy { $0 <= 1 + crashes })
            }
        }
    }

    @Test func `lets a slow destination hold back nobody else`() async throws {
        try await ConsumerDatabase.with { database in
            try await FakeDestination.with(reply: { _ in .hang }) { hanging in
                try await FakeDestination.with { quick in
                    let slow = try await database.endpoint(lane: 1)
                    let other = try await database.endpoint(lane: 1)
                    _ = try await database.destination(of: slow, at: hanging.url, ["timeout_ms": "60000"])
                    let destination = try await database.destination(of: other, at: quick.url)
                    let gateway = try await GatewayDouble.open(database)
                    var configuration = ConsumerRun.configuration
                    configuration.delivery.drainLimit = .milliseconds(100)
                    try await ConsumerRun.with(database, configuration) { _ in
                        try await gateway.post(Self.messages(0..<500), to: slow)
                        try await eventually("the slow one to be busy") { hanging.count == 8 }
                        try await gateway.post(Self.messages(0..<500), to: other)
                        try await database.wait(until: "delivered", of: destination, is: 500)
                    }
                    #expect(hanging.count == 8)
                }
            }
        }
    }

    @Test func `tries an event again whose first answer hung while the others went on`() async throws {
        try await ConsumerDatabase.with { database in
            try await FakeDestination.with(reply: { request in
                let isFirst = String(decoding: request.body, as: UTF8.self).contains(#""m0""#)
                return isFirst && request.repetition == 1 ? .hang : .status(200)
            }) { fake in
                let endpoint = try await database.endpoint(lane: 1)
                let destination = try await database.destination(
                    of: endpoint,
                    at: fake.url,
                    ["timeout_ms": "4000", "retry_delays": "'{0}'"]
                )
                let gateway = try await GatewayDouble.open(database)
                try await ConsumerRun.with(database, Self.patient) { _ in
                    try await gateway.post(Self.messages(0..<1000), to: endpoint)
                    try await database.wait(until: "recovered", of: destination, is: 1)
                    try await database.wait(until: "delivered", of: destination, is: 999)
                }
                #expect(try await database.count("handed", of: destination) == 1)
                #expect(fake.count == 1001)
                #expect(try await database.number("SELECT count(*) FROM postern.webhook_retry_queue") == 0)
                let attempts = try await database.texts(
                    "SELECT concat_ws('|', attempt_number, outcome) FROM postern.attempts ORDER BY started_at"
                )
                #expect(attempts == ["1|timeout", "2|delivered"])
            }
        }
    }

    @Test func `goes on past an answer that hangs, and a crash leaves that event to be tried again`() async throws {
        try await ConsumerDatabase.with { database in
            try await FakeDestination.with(reply: { request in
                let isFirst = String(decoding: request.body, as: UTF8.self).contains(#""m0""#)
                return isFirst && request.repetition == 1 ? .hang : .status(200)
            }) { fake in
                let endpoint = try await database.endpoint(lane: 1)
                let destination = try await database.destination(of: endpoint, at: fake.url, ["timeout_ms": "120000"])
                let gateway = try await GatewayDouble.open(database)
                try await gateway.post(Self.messages(0..<1000), to: endpoint)
                let run = try ConsumerRun.start(database, Self.patient)
                try await eventually("the others to arrive") { fake.count == 1000 }
                let row = "SELECT concat_ws('|', attempt_number, failure_reason) FROM postern.webhook_retry_queue"
                #expect(try await database.texts(row) == ["0|attempt_under_way"])
                await run.kill()
                try await database.script("UPDATE postern.webhook_retry_queue SET scheduled_at = now()")
                try await ConsumerRun.with(database) { _ in
                    try await database.wait(until: "recovered", of: destination, is: 1)
                    try await database.wait(until: "delivered", of: destination, is: 999)
                }
                #expect(fake.repetitions.count == 1000)
                // Of what was not settled at the crash, at most a window, and the event that hung.
                #expect((1001...1257).contains(fake.count))
            }
        }
    }

    @Test func `lets only its own account wait for an answer that takes long, and sends nothing twice`() async throws {
        try await ConsumerDatabase.with { database in
            let mayAnswer = Switch()
            try await FakeDestination.with(reply: { request in
                let isFirst = String(decoding: request.body, as: UTF8.self).contains(#""s0""#)
                return isFirst ? .held(200, until: { mayAnswer.isOn }) : .status(200)
            }) { fake in
                let endpoint = try await database.endpoint(lane: 1)
                let destination = try await database.destination(
                    of: endpoint,
                    at: fake.url,
                    ["ordered": "true", "timeout_ms": "120000"]
                )
                let gateway = try await GatewayDouble.open(database)
                try await ConsumerRun.with(database) { _ in
                    try await gateway.post(
                        (0..<200).flatMap { index in
                            (index < 50 ? [Meta.message("s\(index)", account: "SLOW")] : [])
                                + (0..<5).map { Meta.message("q\(index)-\($0)", account: "QUICK\($0)") }
                        },
                        to: endpoint
                    )
                    try await eventually("the other accounts to be done") { fake.count == 1001 }
                    mayAnswer.turnOn()
                    try await database.wait(
                        until: """
                            SELECT sum(delivered + recovered)::bigint FROM postern.destination_cursors
                            WHERE destination_id = '\(destination)'
                            """,
                        is: 1050,
                        seconds: 60
                    )
                }
                #expect(fake.count == 1050)
                let slow = fake.requests.compactMap { request in
                    String(decoding: request.body, as: UTF8.self).firstMatch(of: /"mid":"s([0-9]+)"/).flatMap {
                        Int($0.1)
                    }
                }
                #expect(slow == Array(0..<50))
                #expect(try await database.number("SELECT count(*) FROM postern.webhook_retry_queue") == 0)
            }
        }
    }

    @Test func `announces events on a channel of the database`() async throws {
        try await ConsumerDatabase.with { database in
            let endpoint = try await database.endpoint(lane: 1)
            let destination = try await database.destination(
                of: endpoint,
                at: "",
                ["kind": "'postgres-notify'", "url": "NULL", "channel": "'orders'"]
            )
            let gateway = try await GatewayDouble.open(database)
            let heard = Task {
                try await onThread {
                    var connection = try database.connect()
                    try connection.listen("orders")
                    var payloads: [String] = []
                    while payloads.count < 20 {
                        payloads += try connection.notifications(within: .seconds(30)).map(\.payload)
                    }
                    return payloads
                }
            }
            try await ConsumerRun.with(database) { _ in
                try await database.wait(
                    until: "SELECT count(*) FROM pg_stat_activity WHERE query LIKE 'LISTEN%orders%'",
                    is: 1
                )
                try await gateway.post(Self.messages(0..<20), to: endpoint)
                try await database.wait(until: "delivered", of: destination, is: 20)
            }
            let ids = try await database.texts("SELECT id::text FROM postern.events ORDER BY number")
            #expect(try await heard.value == ids)
        }
    }

    @Test func `stops nobody else when the database refuses what came of one destination`() async throws {
        try await ConsumerDatabase.with { database in
            try await FakeDestination.with { fake in
                let endpoint = try await database.endpoint(lane: 1)
                let refused = try await database.destination(of: endpoint, at: fake.url)
                let other = try await database.destination(of: endpoint, at: fake.url)
                try await database.script(
                    """
                    ALTER TABLE postern.destination_cursors ADD CONSTRAINT never
                        CHECK (destination_id <> '\(refused)' OR number = first_number) NOT VALID
                    """
                )
                let gateway = try await GatewayDouble.open(database)
                try await ConsumerRun.with(database) { _ in
                    try await gateway.post(Self.messages(0..<50), to: endpoint)
                    try await database.wait(until: "delivered", of: other, is: 50)
                    try await gateway.post(Self.messages(50..<80), to: endpoint)
                    try await database.wait(until: "delivered", of: other, is: 80)
                }
                #expect(try await database.count("delivered", of: refused) == 0)
            }
        }
    }

    @Test func `takes a letter with a type longer than the table's`() async throws {
        try await ConsumerDatabase.with { database in
            try await FakeDestination.with(reply: { _ in .status(400) }) { fake in
                let endpoint = try await database.endpoint(lane: 1)
                let destination = try await database.destination(of: endpoint, at: fake.url)
                let type = String(repeating: "ä", count: 250)
                try await database.script(
                    """
                    INSERT INTO postern.events (lane, number, stored_at, id, org_id, endpoint_id, delivery_id, platform,
                        definition_version, type, source, key, data)
                    VALUES (1, 1, now(), gen_random_uuid(), '\(endpoint.organization)', '\(endpoint.id)',
                        gen_random_uuid(), 'meta', 1, '\(type)', '/', 'k', '{}');
                    UPDATE postern.lanes SET event_number = 1 WHERE lane = 1;
                    """
                )
                try await ConsumerRun.with(database) { _ in
                    try await database.wait(until: "buried", of: destination, is: 1)
                }
                let types = try await database.texts("SELECT event_type FROM postern.webhook_dead_letter_queue")
                #expect(types == [String(repeating: "ä", count: 200)])
            }
        }
    }

    @Test func `goes on with retries after an ordered destination becomes unordered`() async throws {
        try await ConsumerDatabase.with { database in
            try await FakeDestination.with(reply: { $0.repetition == 1 ? .status(503) : .late(200, after: .seconds(1)) }
            ) {
                fake in
                let endpoint = try await database.endpoint(lane: 1)
                let destination = try await database.destination(
                    of: endpoint,
                    at: fake.url,
                    ["retry_delays": "'{0,0,0}'", "ordered": "true"]
                )
                let gateway = try await GatewayDouble.open(database)
                try await ConsumerRun.with(database) { _ in
                    try await gateway.post(
                        (0..<10).map { Meta.message("m\($0)", account: "A\($0)") },
                        to: endpoint
                    )
                    try await eventually("retries to be under way") { fake.count >= 15 }
                    try await database.script("UPDATE postern.destinations SET ordered = false")
                    // What was not stored when the order changed is sent as if for the first time.
                    try await database.wait(
                        until: """
                            SELECT sum(delivered + recovered)::bigint FROM postern.destination_cursors
                            WHERE destination_id = '\(destination)'
                            """,
                        is: 10
                    )
                }
            }
        }
    }

    @Test func `lets a paused destination's unsent events hold back nobody`() async throws {
        try await ConsumerDatabase.with { database in
            try await FakeDestination.with(reply: { _ in .late(200, after: .milliseconds(50)) }) { slow in
                try await FakeDestination.with { quick in
                    let first = try await database.endpoint(lane: 1)
                    let second = try await database.endpoint(lane: 1)
                    _ = try await database.destination(of: first, at: slow.url, ["concurrency": "1"])
                    let destination = try await database.destination(of: second, at: quick.url)
                    let gateway = try await GatewayDouble.open(database)
                    var configuration = ConsumerRun.configuration
                    configuration.delivery.bufferedBytes = 1000
                    try await ConsumerRun.with(database, configuration) { _ in
                        try await gateway.post(Self.messages(0..<200), to: first)
                        try await eventually("the slow one to be busy") { slow.count > 0 }
                        try await database.script(
                            "UPDATE postern.destinations SET state = 'paused' WHERE id <> '\(destination)'"
                        )
                        try await gateway.post(Self.messages(0..<300), to: second)
                        try await database.wait(until: "delivered", of: destination, is: 300)
                    }
                }
            }
        }
    }
}
