import PosternConsumer
import PosternModel
import PosternStore
import Synchronization
import Testing

/// What becomes of deliveries that cannot be turned into events.
@Suite(.timeLimit(.minutes(5))) struct FailureTests {
    /// Fails for a passing reason until it is told that the reason has passed.
    final class MoodyNormalizer: DeliveryNormalizer {
        private let inner: PlatformNormalizer
        let isWell = Atomic<Bool>(false)

        init() throws { self.inner = try ConsumerRun.normalizer() }

        func normalize(_ content: DeliveryContent, parameters: [String: String]) -> Normalization {
            guard self.isWell.load(ordering: .relaxed) else {
                return .transient(reason: "moody", detail: "not\0today")
            }
            return self.inner.normalize(content, parameters: parameters)
        }
    }

    @Test func `buries a poisoned body with its reason and goes on`() async throws {
        try await ConsumerDatabase.with { database in
            let endpoint = try await database.endpoint(lane: 1)
            let gateway = try await GatewayDouble.open(database)
            let ids = try await gateway.post(
                [Meta.message("a"), "{\"object\": nonsense", Meta.message("b"), "", Meta.message("c")],
                to: endpoint
            )
            try await ConsumerRun.with(database) { run in
                try await database.wait(forEvents: 3)
                #expect(run.service.status.counts.deadLettered == 2)
            }
            #expect(try await database.keys(of: endpoint) == ["a", "b", "c"].map(Meta.key))
            let letters = try await database.texts(
                """
                SELECT concat_ws('|', webhook_id, org_id, endpoint_id, platform, convert_from(payload, 'UTF8'),
                    failure_reason, attempts_made, requires_manual_review, review_state, definition_version,
                    failure_detail <> '', convert_from(headers, 'UTF8') LIKE ':target: /%')
                FROM postern.webhook_dead_letter_queue ORDER BY failure_reason DESC
                """
            )
            let owner = "\(endpoint.organization)|\(endpoint.id)|meta"
            #expect(
                letters == [
                    "\(ids[1])|\(owner)|{\"object\": nonsense|malformed_json|1|t|open|1|t|t",
                    "\(ids[3])|\(owner)||empty_body|1|t|open|1|t|t",
                ]
            )
            #expect(try await database.number("SELECT sum(consumed)::bigint FROM postern.cursors") == 5)
        }
    }

    @Test func `retries what fails for a passing reason until it recovers`() async throws {
        try await ConsumerDatabase.with { database in
            let endpoint = try await database.endpoint(lane: 1)
            let gateway = try await GatewayDouble.open(database)
            let normalizer = try MoodyNormalizer()
            var configuration = ConsumerRun.configuration
            configuration.retryDelays = Array(repeating: .milliseconds(100), count: 1000)
            try await gateway.post([Meta.messages(["a", "b"])], to: endpoint)
            try await ConsumerRun.with(database, configuration, normalizer: normalizer) { run in
                try await database.wait(
                    until: "SELECT count(*) FROM postern.webhook_retry_queue WHERE attempt_number >= 3",
                    is: 1
                )
                normalizer.isWell.store(true, ordering: .relaxed)
                try await database.wait(forEvents: 2)
                try await database.wait(until: "SELECT count(*) FROM postern.webhook_retry_queue", is: 0)
                try await eventually("the count") { run.service.status.counts.recovered == 1 }
            }
            #expect(try await database.number("SELECT count(*) FROM postern.webhook_dead_letter_queue") == 0)
            let counts = try await database.texts(
                """
                SELECT outcome || ' ' || sum(count) FROM postern.traffic_minutes
                WHERE outcome <> 'retried' GROUP BY outcome ORDER BY outcome
                """
            )
            #expect(counts == ["event 2", "normalized 1", "recovered 1"])
        }
    }

    @Test func `schedules the first retry about a minute ahead`() async throws {
        try await ConsumerDatabase.with { database in
            let endpoint = try await database.endpoint(lane: 1)
            let gateway = try await GatewayDouble.open(database)
            try await gateway.post([Meta.message("a")], to: endpoint)
            try await ConsumerRun.with(database, normalizer: try MoodyNormalizer()) { _ in
                try await database.wait(until: "SELECT count(*) FROM postern.webhook_retry_queue", is: 1)
            }
            let rows = try await database.texts(
                """
                SELECT concat_ws('|', attempt_number, status, failure_reason, failure_detail,
                    scheduled_at - created_at BETWEEN interval '54 s' AND interval '66 s', convert_from(payload, 'UTF8'))
                FROM postern.webhook_retry_queue
                """
            )
            #expect(rows == ["1|pending|moody|not\u{FFFD}today|t|\(Meta.message("a"))"])
        }
    }

    @Test func `buries a delivery after its last retry`() async throws {
        try await ConsumerDatabase.with { database in
            // No definition of this platform is known.
            let endpoint = try await database.endpoint(lane: 1, platform: "unheard-of")
            let gateway = try await GatewayDouble.open(database)
            var configuration = ConsumerRun.configuration
            configuration.retryDelays = Array(repeating: .milliseconds(20), count: 5)
            try await gateway.post([Meta.message("a")], to: endpoint)
            try await ConsumerRun.with(database, configuration) { _ in
                try await database.wait(until: "SELECT count(*) FROM postern.webhook_dead_letter_queue", is: 1)
            }
            let letters = try await database.texts(
                "SELECT failure_reason || ' ' || attempts_made FROM postern.webhook_dead_letter_queue"
            )
            #expect(letters == ["unknown_platform 6"])
            #expect(try await database.number("SELECT count(*) FROM postern.webhook_retry_queue") == 0)
        }
    }

    @Test func `buries only the delivery whose data the database refuses`() async throws {
        try await ConsumerDatabase.with { database in
            let endpoint = try await database.endpoint(lane: 1)
            let other = try await database.endpoint(lane: 1)
            let gateway = try await GatewayDouble.open(database)
            try await database.script(
                """
                CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS $$
                BEGIN
                    IF NEW.key = 'mid:bad' THEN RAISE EXCEPTION 'no such character' USING ERRCODE = '22021'; END IF;
                    RETURN NEW;
                END $$;
                CREATE TRIGGER refuse BEFORE INSERT ON postern.events FOR EACH ROW EXECUTE FUNCTION refuse();
                """
            )
            try await gateway.post(
                [
                    (endpoint, Meta.messages(["a", "b"])), (other, Meta.message("x")), (endpoint, Meta.message("bad")),
                    (endpoint, Meta.message("c")), (other, Meta.message("y")),
                ])
            try await ConsumerRun.with(database) { _ in try await database.wait(forEvents: 5) }
            #expect(try await database.keys(of: endpoint) == ["a", "b", "c"].map(Meta.key))
            #expect(try await database.keys(of: other) == ["x", "y"].map(Meta.key))
            let letters = try await database.texts(
                "SELECT failure_reason || ': ' || failure_detail FROM postern.webhook_dead_letter_queue"
            )
            #expect(letters == ["refused_by_database: PostgreSQL refused (22021): no such character"])
            #expect(try await database.number("SELECT max(number) FROM postern.events") == 5)
        }
    }

    @Test func `makes a missing partition and goes on`() async throws {
        try await ConsumerDatabase.with { database in
            let endpoint = try await database.endpoint(lane: 1)
            let gateway = try await GatewayDouble.open(database)
            try await gateway.post([Meta.message("a")], to: endpoint)
            var configuration = ConsumerRun.configuration
            configuration.partitioning = .seconds(3600)
            try await ConsumerRun.with(database, configuration) { _ in
                try await database.wait(forEvents: 1)
                try await database.script(
                    """
                    DO $$ DECLARE child text; BEGIN
                        FOR child IN SELECT inhrelid::regclass::text FROM pg_inherits
                            WHERE inhparent = 'postern.events'::regclass
                        LOOP EXECUTE 'DROP TABLE ' || child; END LOOP;
                    END $$
                    """
                )
                try await gateway.post([Meta.message("b")], to: endpoint)
                try await database.wait(forEvents: 1)
                #expect(try await database.keys(of: endpoint) == [Meta.key("b")])
            }
        }
    }

    @Test func `claims no progress while it cannot write`() async throws {
        try await ConsumerDatabase.with { database in
            let endpoint = try await database.endpoint(lane: 1)
            let gateway = try await GatewayDouble.open(database)
            var configuration = ConsumerRun.configuration
            configuration.workers = 1
            // Long enough that no lane is missing for a moment on a loaded machine: the others would be read to the end.
            configuration.lease = .seconds(60)
            try await ConsumerRun.with(database, configuration) { run in
                try await eventually("a first look at all lanes") {
                    run.service.status.lanes == 8 && run.service.status.lastProgressAt != nil
                }
                try await database.script("REVOKE INSERT ON postern.events FROM postern_consumer")
                try await gateway.post([Meta.message("a")], to: endpoint)
                try await eventually("the refusal") { run.service.status.lastError?.contains("42501") == true }
                let (progress, failure) = (run.service.status.lastProgressAt, run.service.status.lastErrorAt)
                try await eventually("another refusal") { run.service.status.lastErrorAt != failure }
                #expect(run.service.status.lastProgressAt == progress)
                #expect(run.service.status.isDatabaseReachable)
                #expect(try await database.number("SELECT count(*) FROM postern.webhook_dead_letter_queue") == 0)
                try await database.script("GRANT INSERT ON postern.events TO postern_consumer")
                try await database.wait(forEvents: 1)
            }
        }
    }
}
