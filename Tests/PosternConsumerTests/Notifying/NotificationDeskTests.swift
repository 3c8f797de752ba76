import Logging
import PosternConsumer
import PosternCrypto
import PosternModel
import PosternPostgres
import PosternStore
import PosternTesting
import Testing

@Suite struct NotificationDeskTests {
    /// A desk at work on a database of the test's own, with an organization, an endpoint and a destination.
    private struct Scene {
        let database: ConsumerDatabase
        let endpoint: TestEndpoint
        let destination = DestinationID.fresh(at: .now())
        let sender: RecordingSender
        let connection: Database
        var desk: NotificationDesk

        static func with(
            failing: Set<String> = [],
            _ change: (inout NotificationConfiguration) -> Void = { _ in },
            _ body: (inout Scene) async throws -> Void
        ) async throws {
            var configuration = NotificationConfiguration()
            change(&configuration)
            let settled = configuration
            try await ConsumerDatabase.with { database in
                let endpoint = try await database.endpoint(lane: 3, platform: "stripe")
                let sender = RecordingSender(failing: failing)
                let connection = Self.connect(database)
                var scene = Scene(
                    database: database,
                    endpoint: endpoint,
                    sender: sender,
                    connection: connection,
                    desk: try Self.desk(settled, sender)
                )
                try await scene.addDestinations()
                let outcome: Result<Void, any Error>
                do { outcome = .success(try await body(&scene)) } catch { outcome = .failure(error) }
                await connection.shutdown()
                try outcome.get()
            }
        }

        static func connect(_ database: ConsumerDatabase) -> Database {
            Database(
                ConnectionConfiguration(address: database.consumerAddress, applicationName: "desk"),
                connections: 1,
                logger: ConsumerDatabase.logger
            )
        }

        static func desk(
            _ configuration: NotificationConfiguration,
            _ sender: RecordingSender
        ) throws -> NotificationDesk {
            NotificationDesk(
                configuration: configuration,
                opening: SealingKeyring(primary: try SealingKey([UInt8](repeating: 1, count: 32))),
                sender: sender,
                logger: ConsumerDatabase.logger
            )
        }

        /// `crm` gets events, `ops` and `chat` get alerts, and one alert destination is paused.
        private func addDestinations() async throws {
            try await self.database.script(
                """
                INSERT INTO postern.destinations (id, org_id, name, kind, url, form, state) VALUES
                    ('\(self.destination)', '\(self.endpoint.organization)', 'crm', 'http', 'https://crm.example/',
                        'structured', 'enabled'),
                    (gen_random_uuid(), '\(self.endpoint.organization)', 'ops', 'alert', 'https://ops.example/', 'json',
                        'enabled'),
                    (gen_random_uuid(), '\(self.endpoint.organization)', 'chat', 'alert', 'https://chat.example/', 'slack',
                        'enabled'),
                    (gen_random_uuid(), '\(self.endpoint.organization)', 'quiet', 'alert', 'https://quiet.example/', 'json',
                        'paused')
                """
            )
        }

        mutating func look(after wait: Duration = .zero) async {
            await self.desk.look(at: Timestamp.now().advanced(by: wait), self.connection)
        }

        /// Buries events of one type.
        func bury(_ count: Int, type: String = "order.created", reason: String = "http_4xx") async throws {
            for _ in 0..<count {
                try await self.database.script(
                    """
                    INSERT INTO postern.webhook_dead_letter_queue (lane, id, webhook_id, org_id, endpoint_id, platform,
                        headers, payload, failure_reason, failure_detail, attempts_made, created_at, event_type)
                    VALUES (3, '\(DeadLetterID.fresh(at: .now()))', gen_random_uuid(), '\(self.endpoint.organization)',
                        '\(self.endpoint.id)', 'stripe', '', 'the payload', '\(reason)', 'the detail', 1, now(), '\(type)')
                    """
                )
            }
        }

        /// Counts requests of the endpoint.
        func count(_ outcome: String, _ count: Int, at minute: String = "date_trunc('minute', now())") async throws {
            try await self.database.script(
                """
                INSERT INTO postern.traffic_minutes (lane, minute, org_id, endpoint_id, platform, outcome, count)
                SELECT 3, m, '\(self.endpoint.organization)', '\(self.endpoint.id)', 'stripe', '\(outcome)', \(count)
                FROM (SELECT \(minute)) AS t(m)
                """
            )
        }

        /// `kind count` of each notification there is.
        func notifications() async throws -> [String] {
            try await self.database.texts(
                "SELECT kind || ' ' || count FROM postern.notifications ORDER BY kind, subject"
            )
        }
    }

    @Test func `dead letters of one fingerprint are one alert, and later ones of the hour are counted`() async throws {
        try await Scene.with { scene in
            try await scene.bury(3)
            try await scene.bury(1, type: "order.deleted")
            await scene.look()
            #expect(scene.sender.alerts.filter { $0.destination == "ops" }.count == 2)
            #expect(scene.sender.alerts.filter { $0.destination == "chat" }.count == 2)
            #expect(scene.sender.alerts.count == 4, "a paused destination gets none")
            try await scene.bury(2)
            await scene.look()
            #expect(scene.sender.alerts.count == 4)
            #expect(Set(try await scene.notifications()) == ["dead_letters 5", "dead_letters 1"])
        }
    }

    @Test func `an alert says what happened in the destination's form, and nothing of the payload`() async throws {
        try await Scene.with { scene in
            try await scene.bury(1, type: "<a&b>")
            await scene.look()
            let ops = try #require(scene.sender.alerts.first { $0.destination == "ops" })
            #expect(ops.contentType == "application/json")
            #expect(ops.text.contains(#""kind":"dead_letters""#) && ops.text.contains(#""count":1"#))
            #expect(ops.text.contains("stripe <a&b> failed (http_4xx)"))
            let chat = try #require(scene.sender.alerts.first { $0.destination == "chat" })
            #expect(chat.text.hasPrefix(#"{"text":"["#) && chat.text.contains("stripe &lt;a&amp;b&gt; failed"))
            for alert in scene.sender.alerts {
                #expect(!alert.text.contains("the payload") && !alert.text.contains("the detail"))
            }
        }
    }

    @Test func `an alert that is not taken is tried again, where it was not taken only, and given up in the end`()
        async throws
    {
        try await Scene.with(failing: ["chat"]) { configuration in
            configuration.attempts = 3
        } _: { scene in
            try await scene.bury(1)
            await scene.look()
            #expect(scene.sender.alerts.map(\.destination) == ["ops"])
            await scene.look()
            #expect(scene.sender.alerts.count == 1)
            scene.sender.recover()
            await scene.look()
            #expect(scene.sender.alerts.map(\.destination) == ["ops", "chat"])
            await scene.look()
            #expect(scene.sender.alerts.count == 2)
            #expect(try await scene.database.number("SELECT count(delivered_at) FROM postern.notifications") == 1)
        }
        try await Scene.with(failing: ["chat", "ops"]) { configuration in
            configuration.attempts = 2
        } _: { scene in
            try await scene.bury(1)
            await scene.look()
            await scene.look()
            scene.sender.recover()
            await scene.look()
            #expect(scene.sender.alerts.isEmpty)
            #expect(try await scene.database.number("SELECT max(attempts)::bigint FROM postern.notifications") == 2)
        }
    }

    @Test func `of two desks one works, and the other takes over when its session ends`() async throws {
        try await Scene.with { scene in
            await scene.look()
            let second = Scene.connect(scene.database)
            let other = RecordingSender()
            var desk = try Scene.desk(NotificationConfiguration(), other)
            try await scene.bury(1)
            await desk.look(at: .now(), second)
            #expect(other.alerts.isEmpty && scene.sender.alerts.isEmpty)
            await scene.connection.shutdown()
            try await eventually("the second desk to take over") {
                await desk.look(at: .now(), second)
                return other.alerts.count == 2
            }
            await second.shutdown()
        }
    }

    @Test func `a circuit that opened and a destination that was disabled are told`() async throws {
        try await Scene.with { scene in
            try await scene.database.script(
                """
                UPDATE postern.destinations SET circuit = 'open', circuit_changed_at = now(), circuit_reason = 'timeout',
                    circuit_openings = 1, circuit_until = now() + interval '30 s' WHERE name = 'crm'
                """
            )
            await scene.look()
            #expect(try await scene.notifications() == ["circuit_opened 1"])
            try await scene.database.script(
                "UPDATE postern.destinations SET state = 'disabled', state_reason = 'gone' WHERE name = 'crm'"
            )
            await scene.look()
            #expect(try await scene.notifications() == ["circuit_opened 1", "destination_disabled 1"])
            await scene.look(after: .seconds(2 * 3600))
            #expect(try await scene.notifications().count == 2, "what lasts is told again after a day")
            await scene.look(after: .seconds(25 * 3600))
            #expect(try await scene.notifications().count == 3)
        }
    }

    @Test func `what waits for longer than it should is told`() async throws {
        try await Scene.with { scene in
            try await scene.database.script(
                """
                INSERT INTO postern.writers (gateway) VALUES ('g');
                INSERT INTO postern.cursors (lane, writer, stored_at)
                SELECT lane, 1, now() - interval '2 hours' FROM postern.lanes;
                INSERT INTO postern.deliveries (lane, writer, seq, stored_at, id, org_id, endpoint_id, platform, headers, body)
                VALUES (3, 1, 1, now() - interval '10 minutes', gen_random_uuid(), '\(scene.endpoint.organization)',
                    '\(scene.endpoint.id)', 'stripe', '', '');
                INSERT INTO postern.events (lane, number, stored_at, id, org_id, endpoint_id, delivery_id, platform,
                    definition_version, type, source, key, data)
                VALUES (3, 1, now() - interval '10 minutes', gen_random_uuid(), '\(scene.endpoint.organization)',
                    '\(scene.endpoint.id)', gen_random_uuid(), 'stripe', 1, 't', 's', 'k', '{}');
                UPDATE postern.lanes SET event_number = 1 WHERE lane = 3;
                INSERT INTO postern.destination_cursors (lane, destination_id, org_id, first_number, number, stored_at)
                SELECT lane, '\(scene.destination)', '\(scene.endpoint.organization)', 0, 0, now() FROM postern.lanes;
                """
            )
            await scene.look()
            #expect(try await scene.notifications().isEmpty)
            await scene.look(after: .seconds(360))
            #expect(
                try await scene.database.texts("SELECT subject FROM postern.notifications ORDER BY subject DESC")
                    == ["deliveries", "\(scene.destination)"]
            )
        }
    }

    @Test(arguments: [(10, 9, false), (11, 9, true), (11, 8, false), (20, 20, false), (21, 20, true)])
    func `signature failures are told above their share of enough requests`(
        failures: Int,
        accepted: Int,
        isTold: Bool
    ) async throws {
        try await Scene.with { scene in
            try await scene.count("rejected_signature_mismatch", failures)
            try await scene.count("accepted", accepted)
            try await scene.count("rejected_body_too_large", 100)
            await scene.look()
            #expect(try await scene.notifications() == (isTold ? ["signature_failures \(failures)"] : []))
        }
    }

    @Test func `an endpoint that is silent for longer than its rhythm explains is told once`() async throws {
        try await Scene.with { configuration in
            configuration.silence.minutes = 10
            configuration.silence.span = .seconds(3600)
        } _: { scene in
            // A request every ten minutes until an hour ago.
            try await scene.count(
                "accepted",
                1,
                at: "generate_series(date_trunc('minute', now()) - interval '5 hours', "
                    + "date_trunc('minute', now()) - interval '1 hour', interval '10 minutes')"
            )
            await scene.look()
            await scene.look()
            await scene.look()
            #expect(try await scene.notifications() == ["endpoint_silent 1"])
            #expect(scene.sender.alerts.count == 2)
        }
    }

    @Test func `a secret that is the last of its kind is told of a week and a day before its end`() async throws {
        try await Scene.with { scene in
            try await scene.database.script(
                """
                INSERT INTO postern.endpoint_secrets (id, org_id, endpoint_id, kind, sealed, expires_at) VALUES
                    (gen_random_uuid(), '\(scene.endpoint.organization)', '\(scene.endpoint.id)', 'signing', '',
                        now() + interval '2 days'),
                    (gen_random_uuid(), '\(scene.endpoint.organization)', '\(scene.endpoint.id)', 'signing', '',
                        now() + interval '6 days'),
                    (gen_random_uuid(), '\(scene.endpoint.organization)', '\(scene.endpoint.id)', 'token', '',
                        now() + interval '8 days');
                INSERT INTO postern.destination_secrets (id, org_id, destination_id, kind, sealed, expires_at) VALUES
                    (gen_random_uuid(), '\(scene.endpoint.organization)', '\(scene.destination)', 'signing', '',
                        now() + interval '20 hours')
                """
            )
            await scene.look()
            await scene.look()
            #expect(
                try await scene.database.texts(
                    "SELECT split_part(subject, ' ', 2) FROM postern.notifications ORDER BY message, 1 DESC"
                ).sorted() == ["604800", "604800", "86400"],
                "the endpoint's last signing secret, and the destination's in both spans"
            )
        }
    }

    @Test func `without an alert destination a notification is in the log and done`() async throws {
        try await Scene.with { scene in
            try await scene.database.script("UPDATE postern.destinations SET state = 'paused'")
            try await scene.bury(1)
            await scene.look()
            #expect(scene.sender.alerts.isEmpty)
            #expect(try await scene.database.number("SELECT count(delivered_at) FROM postern.notifications") == 1)
        }
    }
}
