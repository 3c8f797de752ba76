import Logging
import PosternModel
import PosternOperations
import PosternPostgres
import PosternStore
import PosternTesting
import Testing

@Suite(.timeLimit(.minutes(5))) struct JobRunnerTests {
    private static let within = OperationsDatabase.deadline
    private static let logger = Logger(label: "tests") { _ in SwiftLogNoOpLogHandler() }
    private static let destination = "cccc0000-0000-7000-8000-000000000001"
    private static let organization = OrganizationID(UniqueID(high: 0xAAAA_0000_0000_7000, low: 0x8000_0000_0000_0001))

    /// Stores a destination, and `count` open letters of which every other is for it.
    private static func store(_ count: Int, _ superuser: inout Connection) throws {
        try superuser.script(
            """
            INSERT INTO postern.organizations (id, name) VALUES ('\(Self.organization)', 'acme');
            INSERT INTO postern.destinations (id, org_id, name, kind, url)
            VALUES ('\(Self.destination)', '\(Self.organization)', 'd', 'http', 'https://example.com/');
            INSERT INTO postern.webhook_dead_letter_queue (lane, id, webhook_id, org_id, endpoint_id, platform, headers,
                payload, failure_reason, failure_detail, attempts_made, created_at, event_type, destination_id, event_id,
                event_number, event)
            SELECT n % 4, (lpad(to_hex(n * 1000::bigint), 12, '0') || '70008' || lpad(to_hex(n), 15, '0'))::uuid,
                gen_random_uuid(), '\(Self.organization)', gen_random_uuid(), 'github', '', '{}', 'http_5xx', 'd', 1,
                to_timestamp(n), 't', d, CASE WHEN d IS NOT NULL THEN gen_random_uuid() END,
                CASE WHEN d IS NOT NULL THEN n END, CASE WHEN d IS NOT NULL THEN '{}'::json END
            FROM (SELECT n, CASE n % 2 WHEN 1 THEN '\(Self.destination)'::uuid END AS d
                FROM generate_series(1, \(count)) n) s;
            """,
            within: Self.within
        )
    }

    /// Plans a job and asks for it, as the operator.
    private static func start(
        _ work: JobWork,
        perSecond: Int32? = nil,
        _ database: OperationsDatabase
    ) throws -> (plan: JobPlan, job: JobID) {
        var session = try database.connect("operator")
        let plan = try JobPlan.make(work, &session, within: Self.within)
        let job = try plan.start(
            perSecond: perSecond,
            acting: OperationsDatabase.administration(),
            &session,
            within: Self.within
        )
        return (plan, try #require(job))
    }

    private static func number(_ sql: String, _ database: OperationsDatabase) async throws -> Int64 {
        try await onThread {
            var superuser = try database.connect(nil)
            return try superuser.ask("SELECT (\(sql))::bigint").int64(0, 0)
        }
    }

    private static func record(_ job: JobID, _ database: OperationsDatabase) async throws -> JobRecord {
        try await onThread {
            var session = try database.connect("operator")
            return try #require(try JobReader.find(job, &session, within: Self.within))
        }
    }

    /// Runs a runner until the job stands as asked for, then cancels it as a crash would.
    private static func run(
        _ job: JobID,
        _ database: OperationsDatabase,
        configuration: JobRunnerConfiguration = JobRunnerConfiguration(),
        until isReached: @escaping @Sendable (JobRecord) -> Bool
    ) async throws -> JobRecord {
        let connections = Database(database.configuration("consumer"), connections: 2, logger: Self.logger)
        let runner = JobRunner(
            database: connections,
            owner: "test",
            configuration: configuration,
            logger: Self.logger
        )
        let reached = try await withThrowingTaskGroup(of: JobRecord?.self) { group in
            group.addTask {
                await runner.run()
                return nil
            }
            group.addTask {
                while true {
                    let record = try await Self.record(job, database)
                    if isReached(record) { return record }
                    try await Task.sleep(for: .milliseconds(20))
                }
            }
            let first = try await group.next() ?? nil
            group.cancelAll()
            return first
        }
        await connections.shutdown()
        return try #require(reached)
    }

    /// A database and work with it that suspends.
    private static func with(
        _ body: @escaping @Sendable (OperationsDatabase) async throws -> Void
    ) async throws {
        try await TestDatabase.required().withDatabase { address in
            let database = OperationsDatabase(address: address)
            try await onThread {
                var owner = try database.connect(nil)
                _ = try Migrator(Migration.embedded(), logger: Self.logger).migrate(
                    &owner,
                    lanes: 4,
                    within: Self.within
                )
            }
            try await body(database)
        }
    }

    @Test func `replays every letter of a plan once, and none that came later`() async throws {
        try await Self.with { database in
            let (plan, job) = try await onThread {
                var superuser = try database.connect(nil)
                try Self.store(900, &superuser)
                let started = try Self.start(.replayDeadLetters(DeadLetterFilter()), database)
                try superuser.script(
                    """
                    INSERT INTO postern.webhook_dead_letter_queue (lane, id, webhook_id, org_id, endpoint_id, platform,
                        headers, payload, failure_reason, failure_detail, attempts_made, created_at)
                    SELECT lane, 'ffffffff-0000-7000-8000-000000000000', webhook_id, org_id, endpoint_id, platform, headers,
                        payload, failure_reason, failure_detail, 1, now()
                    FROM postern.webhook_dead_letter_queue LIMIT 1;
                    UPDATE postern.webhook_dead_letter_queue SET review_state = 'discarded'
                    WHERE id = '00000000-07d0-7000-8000-000000000002';
                    """,
                    within: Self.within
                )
                return started
            }
            #expect(plan.total == 900)
            let record = try await Self.run(job, database) { $0.status.isFinal }
            #expect(record.status == .succeeded && record.percentage == 100, "\(record.error ?? "")")
            #expect(record.counts == ["queued": 899, "skipped": 0])
            #expect(record.done == 899)
            #expect(
                try await Self.number(
                    "SELECT count(DISTINCT dead_letter_id) FROM postern.webhook_retry_queue WHERE job_id = '\(job)'",
                    database
                ) == 899
            )
            #expect(try await Self.number("SELECT count(*) FROM postern.webhook_retry_queue", database) == 899)
            #expect(
                try await Self.number(
                    "SELECT count(*) FROM postern.audit_log WHERE act = 'deadletter.replay' AND origin = 'job \(job)'",
                    database
                ) == 899
            )
        }
    }

    @Test func `a job that is cut off goes on behind its last step, and does nothing twice`() async throws {
        try await Self.with { database in
            let job = try await onThread {
                var superuser = try database.connect(nil)
                try Self.store(300, &superuser)
                return try Self.start(.replayDeadLetters(DeadLetterFilter()), database).job
            }
            var slow = JobRunnerConfiguration()
            slow.stepItems = 20
            slow.lease = .seconds(1)
            let cut = try await Self.run(job, database, configuration: slow) { $0.done >= 60 }
            #expect(cut.status == .running || cut.done == 300)
            // The one that was cut off let its lease end; nobody gave the job back.
            let record = try await Self.run(job, database) { $0.status.isFinal }
            #expect(record.status == .succeeded && record.fence > cut.fence || cut.done == 300)
            #expect(record.counts["queued"] == 300 && record.done == 300)
            #expect(
                try await Self.number(
                    "SELECT count(DISTINCT dead_letter_id) FROM postern.webhook_retry_queue",
                    database
                ) == 300
            )
        }
    }

    @Test func `keeps to its rate`() async throws {
        try await Self.with { database in
            let job = try await onThread {
                var superuser = try database.connect(nil)
                try Self.store(60, &superuser)
                return try Self.start(
                    .discardDeadLetters(DeadLetterFilter(), reason: "test"),
                    perSecond: 30,
                    database
                ).job
            }
            let start = ContinuousClock.now
            let record = try await Self.run(job, database) { $0.status.isFinal }
            // The last step's pause comes before the look that finds nothing left.
            #expect(ContinuousClock.now - start >= .milliseconds(1900))
            #expect(record.counts == ["discarded": 60, "skipped": 0])
            #expect(
                try await Self.number(
                    """
                    SELECT count(*) FROM postern.webhook_dead_letter_queue
                    WHERE review_state = 'discarded' AND review_note = 'test' AND job_id = '\(job)'
                    """,
                    database
                ) == 60
            )
        }
    }

    @Test func `stops where it is when it is canceled, and goes on there when it is taken up again`() async throws {
        try await Self.with { database in
            let job = try await onThread {
                var superuser = try database.connect(nil)
                try Self.store(200, &superuser)
                return try Self.start(.replayDeadLetters(DeadLetterFilter()), perSecond: 40, database).job
            }
            let canceler = Task {
                while try await Self.record(job, database).done == 0 { try await Task.sleep(for: .milliseconds(20)) }
                try await onThread {
                    var session = try database.connect("operator")
                    try OperationsDatabase.administration().cancelJob(job, &session, within: Self.within)
                }
            }
            let canceled = try await Self.run(job, database) { $0.status.isFinal }
            try await canceler.value
            #expect(canceled.status == .canceled && canceled.done > 0 && canceled.done < 200)
            let queued = try await Self.number("SELECT count(*) FROM postern.webhook_retry_queue", database)
            #expect(queued == canceled.done)
            try await onThread {
                var session = try database.connect("operator")
                try OperationsDatabase.administration().retryJob(job, &session, within: Self.within)
                var superuser = try database.connect(nil)
                try superuser.script("UPDATE postern.job_status SET per_second = NULL", within: Self.within)
            }
            let record = try await Self.run(job, database) { $0.status.isFinal }
            #expect(record.status == .succeeded && record.counts["queued"] == 200)
        }
    }

    @Test func `fails a job whose plan it cannot read, and says why`() async throws {
        try await Self.with { database in
            let job = try await onThread {
                var superuser = try database.connect(nil)
                try Self.store(2, &superuser)
                let job = try Self.start(.replayDeadLetters(DeadLetterFilter()), database).job
                try superuser.script("UPDATE postern.job_status SET plan = '{}'", within: Self.within)
                return job
            }
            let record = try await Self.run(job, database) { $0.status.isFinal }
            #expect(record.status == .failed && record.error == "the plan of the job has no 'states'")
            #expect(try await Self.number("SELECT count(*) FROM postern.webhook_retry_queue", database) == 0)
        }
    }

    @Test func `replays stored events to a destination, with their attributes`() async throws {
        try await Self.with { database in
            let (plan, job) = try await onThread {
                var superuser = try database.connect(nil)
                try Self.store(0, &superuser)
                try superuser.script(
                    """
                    INSERT INTO postern.events (lane, number, stored_at, id, org_id, endpoint_id, delivery_id, platform,
                        definition_version, type, source, key, data)
                    SELECT n % 4, n, now(),
                        (lpad(to_hex(n * 1000::bigint), 12, '0') || '70008' || lpad(to_hex(n), 15, '0'))::uuid,
                        '\(Self.organization)', gen_random_uuid(), gen_random_uuid(), 'github', 3,
                        CASE n % 2 WHEN 0 THEN 'push' ELSE 'issue' END, '/s', 'key ' || n, ('{"n": ' || n || '}')::json
                    FROM generate_series(1, 60) n;
                    """,
                    within: Self.within
                )
                let filter = EventReplayFilter(
                    organization: Self.organization,
                    destination: try #require(DestinationID(text: Self.destination)),
                    typeGlob: "pu*"
                )
                return try Self.start(.replayEvents(filter), database)
            }
            #expect(plan.total == 30)
            let record = try await Self.run(job, database) { $0.status.isFinal }
            #expect(record.status == .succeeded && record.counts == ["queued": 30], "\(record)")
            #expect(
                try await Self.number(
                    """
                    SELECT count(*) FROM postern.webhook_retry_queue q JOIN postern.events e
                        ON e.lane = q.lane AND e.id = q.event_id AND e.number = q.event_number
                    WHERE q.job_id = '\(job)' AND q.destination_id = '\(Self.destination)' AND e.type = 'push'
                        AND q.event->>'id' = e.id::text AND q.event->>'posternkey' = e.key
                        AND convert_from(q.payload, 'UTF8') = e.data::text
                    """,
                    database
                ) == 30
            )
        }
    }

    @Test func `fails a replay of events to a destination that was deleted`() async throws {
        try await Self.with { database in
            let job = try await onThread {
                var superuser = try database.connect(nil)
                try Self.store(0, &superuser)
                try superuser.script(
                    """
                    INSERT INTO postern.events (lane, number, stored_at, id, org_id, endpoint_id, delivery_id, platform,
                        definition_version, type, source, key, data)
                    VALUES (0, 1, now(), gen_random_uuid(), '\(Self.organization)', gen_random_uuid(), gen_random_uuid(),
                        'github', 3, 't', '/s', 'k', '{}');
                    """,
                    within: Self.within
                )
                let filter = EventReplayFilter(
                    organization: Self.organization,
                    destination: try #require(DestinationID(text: Self.destination))
                )
                let job = try Self.start(.replayEvents(filter), database).job
                try superuser.script("UPDATE postern.destinations SET deleted_at = now()", within: Self.within)
                return job
            }
            let record = try await Self.run(job, database) { $0.status.isFinal }
            #expect(record.status == .failed && record.error?.contains("deleted or is disabled") == true)
        }
    }
}
