import PosternModel
import PosternPostgres
import PosternStore
import Testing

@Suite(.timeLimit(.minutes(5))) struct JobQueueTests {
    private static let within = StoreDatabase.deadline
    private static let lease = Duration.seconds(30)
    private static let kinds: [JobKind] = [.replayDeadLetters]

    private static func new(_ kind: JobKind = .replayDeadLetters, total: Int64 = 10) -> NewJob {
        NewJob(
            kind: kind,
            organization: Traffic.organization(1),
            plan: Array(#"{"states": ["open"]}"#.utf8),
            total: total,
            bound: "z",
            perSecond: 50
        )
    }

    /// A session of the operator with its acts, and one of the consumer.
    private static func with(
        _ body: @escaping @Sendable (Administration, inout Connection, inout Connection) throws -> Void
    ) async throws {
        try await StoreDatabase.with { database in
            var administrator = try database.connect(.operator)
            var consumer = try database.connect(.consumer)
            try body(try SealingKeys.administration(), &administrator, &consumer)
        }
    }

    private static func claim(
        _ consumer: inout Connection,
        owner: String = "a",
        kinds: [JobKind] = Self.kinds
    ) throws -> JobRecord? {
        try JobQueue.claim(for: owner, kinds, lease: Self.lease, &consumer, within: Self.within)
    }

    private static func step(
        _ job: JobRecord,
        _ consumer: inout Connection,
        _ work: (JobRecord, inout Connection) throws(PostgresError) -> JobStep
    ) throws -> JobStepOutcome {
        try JobQueue.step(job, lease: Self.lease, &consumer, within: Self.within, work)
    }

    /// Lets the lease of every job end.
    private static func expire(_ consumer: inout Connection) throws {
        try consumer.run("UPDATE postern.job_status SET leased_until = now() - interval '1 second'")
    }

    @Test func `records a job with its plan, and gives it to one process`() async throws {
        try await Self.with { administration, administrator, consumer in
            let id = try administration.createJob(Self.new(), &administrator, within: Self.within)
            let waiting = try #require(try JobReader.find(id, &administrator, within: Self.within))
            #expect(waiting.status == .waiting && waiting.total == 10 && waiting.done == 0 && waiting.bound == "z")
            #expect(waiting.kind == .replayDeadLetters && waiting.perSecond == 50 && waiting.position == nil)
            #expect(String(decoding: waiting.plan, as: UTF8.self) == #"{"states": ["open"]}"#)
            #expect(try Self.claim(&consumer, kinds: [.replayEvents]) == nil)
            let job = try #require(try Self.claim(&consumer))
            #expect(job.id == id && job.status == .running && job.owner == "a" && job.fence == 1)
            #expect(try Self.claim(&consumer, owner: "b") == nil)
            try Self.expire(&consumer)
            let taken = try #require(try Self.claim(&consumer, owner: "b"))
            #expect(taken.id == id && taken.owner == "b" && taken.fence == 2)
            #expect(taken.startedAt == job.startedAt)
        }
    }

    @Test func `commits the work of a step with the position, and nothing of one that fails`() async throws {
        try await Self.with { administration, administrator, consumer in
            let id = try administration.createJob(Self.new(), &administrator, within: Self.within)
            let job = try #require(try Self.claim(&consumer))
            func mark(_ connection: inout Connection) throws(PostgresError) {
                _ = try connection.ask(
                    "INSERT INTO postern.audit_log (id, who, origin, act, subject) VALUES (gen_random_uuid(), '', '', '', 's')"
                )
            }
            let first = try Self.step(job, &consumer) { current, connection throws(PostgresError) in
                #expect(current.position == nil)
                try mark(&connection)
                return JobStep(position: "c", done: 4, counts: ["queued": 3, "skipped": 1])
            }
            #expect(first == .advanced(done: 4))
            #expect(throws: PostgresError.deadline("test")) {
                _ = try Self.step(job, &consumer) { current, connection throws(PostgresError) in
                    #expect(current.position == "c" && current.done == 4)
                    try mark(&connection)
                    throw .deadline("test")
                }
            }
            let second = try Self.step(job, &consumer) { current, connection throws(PostgresError) in
                #expect(current.position == "c")
                try mark(&connection)
                return JobStep(position: "d", done: 5, counts: ["queued": 5, "skipped_undeliverable": 1])
            }
            #expect(second == .advanced(done: 5))
            let running = try #require(try JobReader.find(id, &administrator, within: Self.within))
            #expect(running.percentage == 90 && running.done == 9 && running.message == "9 of 10")
            #expect(running.counts == ["queued": 8, "skipped": 1, "skipped_undeliverable": 1])
            #expect(try Self.step(job, &consumer) { _, _ in .finished } == .ended(.succeeded))
            let ended = try #require(try JobReader.find(id, &administrator, within: Self.within))
            #expect(ended.status == .succeeded && ended.percentage == 100 && ended.position == "d")
            #expect(ended.message == "queued 8, skipped 1 (destination deleted or disabled)")
            #expect(ended.finishedAt != nil && ended.owner == nil && ended.leasedUntil == nil)
            #expect(try administrator.number("SELECT count(*) FROM postern.audit_log WHERE subject = 's'") == 2)
            #expect(try Self.claim(&consumer) == nil)
        }
    }

    @Test func `does nothing for a process whose job somebody else has taken over`() async throws {
        try await Self.with { administration, administrator, consumer in
            _ = try administration.createJob(Self.new(), &administrator, within: Self.within)
            let old = try #require(try Self.claim(&consumer))
            try Self.expire(&consumer)
            let new = try #require(try Self.claim(&consumer, owner: "b"))
            let outcome = try Self.step(old, &consumer) { _, _ in
                Issue.record("the step was run")
                return .finished
            }
            #expect(outcome == .lost)
            #expect(try !JobQueue.fail(old, reason: "late", &consumer, within: Self.within))
            try JobQueue.release(old, &consumer, within: Self.within)
            #expect(try Self.step(new, &consumer) { _, _ in .finished } == .ended(.succeeded))
        }
    }

    @Test func `ends a running job that is canceled with its next step, and one that waits at once`() async throws {
        try await Self.with { administration, administrator, consumer in
            let running = try administration.createJob(Self.new(), &administrator, within: Self.within)
            let job = try #require(try Self.claim(&consumer))
            let waiting = try administration.createJob(Self.new(), &administrator, within: Self.within)
            for id in [running, waiting] { try administration.cancelJob(id, &administrator, within: Self.within) }
            #expect(try JobReader.find(running, &administrator, within: Self.within)?.status == .running)
            #expect(try JobReader.find(waiting, &administrator, within: Self.within)?.status == .canceled)
            let outcome = try Self.step(job, &consumer) { _, _ in
                Issue.record("the step was run")
                return .finished
            }
            #expect(outcome == .ended(.canceled))
            #expect(throws: ConfigurationError.job(.wrongStatus(waiting, .canceled))) {
                try administration.cancelJob(waiting, &administrator, within: Self.within)
            }
            let unknown = JobID.fresh(at: .now())
            #expect(throws: ConfigurationError.job(.notFound(unknown))) {
                try administration.cancelJob(unknown, &administrator, within: Self.within)
            }
        }
    }

    @Test func `takes a job up again behind what it has done`() async throws {
        try await Self.with { administration, administrator, consumer in
            let id = try administration.createJob(Self.new(), &administrator, within: Self.within)
            let job = try #require(try Self.claim(&consumer))
            _ = try Self.step(job, &consumer) { _, _ in JobStep(position: "c", done: 4) }
            #expect(throws: ConfigurationError.job(.wrongStatus(id, .running))) {
                try administration.retryJob(id, &administrator, within: Self.within)
            }
            #expect(try Self.step(job, &consumer) { _, _ in .failed("no") } == .ended(.failed))
            #expect(try JobReader.find(id, &administrator, within: Self.within)?.error == "no")
            try administration.retryJob(id, &administrator, within: Self.within)
            let again = try #require(try Self.claim(&consumer))
            #expect(
                again.id == id && again.position == "c" && again.done == 4 && again.error == nil && again.fence == 2
            )
            let acts = try administrator.texts("SELECT act FROM postern.audit_log ORDER BY id")
            #expect(acts == ["job.create", "job.retry"])
        }
    }

    @Test func `a job that is given back waits for the next process`() async throws {
        try await Self.with { administration, administrator, consumer in
            _ = try administration.createJob(Self.new(), &administrator, within: Self.within)
            let job = try #require(try Self.claim(&consumer))
            try JobQueue.release(job, &consumer, within: Self.within)
            #expect(try Self.claim(&consumer, owner: "b")?.owner == "b")
        }
    }

    @Test func `lists jobs, newest first, by organization, type and whether they go on`() async throws {
        try await Self.with { administration, administrator, _ in
            var ids: [JobID] = []
            for kind in [JobKind.replayDeadLetters, .replayEvents, .replayDeadLetters] {
                ids.append(try administration.createJob(Self.new(kind), &administrator, within: Self.within))
            }
            try administration.cancelJob(ids[2], &administrator, within: Self.within)
            func list(
                _ organization: OrganizationID? = nil,
                _ kind: JobKind? = nil,
                unfinishedOnly: Bool = false,
                before: JobID? = nil
            ) throws -> [JobID] {
                try JobReader.list(
                    of: organization,
                    kind: kind,
                    unfinishedOnly: unfinishedOnly,
                    before: before,
                    limit: 10,
                    &administrator,
                    within: Self.within
                ).map(\.id)
            }
            #expect(try Set(list()) == Set(ids))
            #expect(try list() == ids.sorted(by: >))
            #expect(try list(nil, .replayEvents) == [ids[1]])
            #expect(try Set(list(unfinishedOnly: true)) == [ids[0], ids[1]])
            #expect(try list(Traffic.organization(2)).isEmpty)
            #expect(try list(before: ids.max()).count == 2)
        }
    }

    @Test(arguments: [0, -1, 100_001] as [Int32])
    func `refuses a rate that is none`(rate: Int32) async throws {
        try await Self.with { administration, administrator, _ in
            var job = Self.new()
            job.perSecond = rate
            #expect(throws: ConfigurationError.invalid(field: "per_second", reason: "1 to 100000")) {
                _ = try administration.createJob(job, &administrator, within: Self.within)
            }
        }
    }
}
