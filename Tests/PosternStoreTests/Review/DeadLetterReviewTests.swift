import PosternModel
import PosternPostgres
import PosternStore
import Testing

@Suite(.timeLimit(.minutes(5))) struct DeadLetterReviewTests {
    private static let within = StoreDatabase.deadline

    /// Ten letters, a session of the operator, and the superuser.
    private static func with(
        _ body: @escaping @Sendable (Administration, inout Connection, inout Connection) throws -> Void
    ) async throws {
        try await StoreDatabase.with { database in
            var superuser = try database.connect()
            try Letters.storeDestination(&superuser)
            try Letters.store(10, &superuser)
            var session = try database.connect(.operator)
            try body(try SealingKeys.administration(), &session, &superuser)
        }
    }

    @Test func `acknowledges, discards with a reason and reopens, each with a line in the audit log`() async throws {
        try await Self.with { administration, session, superuser in
            let letter = Letters.id(1)
            let columns = "review_state, review_note, reviewed_by IS NOT NULL, requires_manual_review"
            try administration.acknowledge(letter, note: "seen", &session, within: Self.within)
            #expect(try Letters.facts(1, columns, &superuser) == "acknowledged | seen | t | t")
            try administration.discard(letter, reason: "a test", &session, within: Self.within)
            #expect(try Letters.facts(1, columns, &superuser) == "discarded | a test | t | f")
            try administration.reopen(letter, &session, within: Self.within)
            #expect(try Letters.facts(1, columns, &superuser) == "open | t | t")
            let history = try DeadLetterReader.history(of: letter, &session, within: Self.within)
            #expect(history.map(\.act) == ["deadletter.acknowledge", "deadletter.discard", "deadletter.reopen"])
            #expect(
                history.map(\.before) == [
                    #"{"state": "open"}"#, #"{"state": "acknowledged"}"#, #"{"state": "discarded"}"#,
                ]
            )
            #expect(history[1].after == #"{"note": "a test", "state": "discarded"}"#)
        }
    }

    @Test func `refuses an act for which the letter is in the wrong state, and says nothing in the audit log`()
        async throws
    {
        try await Self.with { administration, session, superuser in
            // 5 is acknowledged, 4 resolved.
            #expect(throws: ConfigurationError.review(.wrongState(Letters.id(5), .acknowledged))) {
                try administration.acknowledge(Letters.id(5), &session, within: Self.within)
            }
            #expect(throws: ConfigurationError.review(.wrongState(Letters.id(4), .resolved))) {
                try administration.discard(Letters.id(4), reason: "no", &session, within: Self.within)
            }
            #expect(throws: ConfigurationError.review(.wrongState(Letters.id(1), .open))) {
                try administration.reopen(Letters.id(1), &session, within: Self.within)
            }
            #expect(throws: ConfigurationError.review(.wrongState(Letters.id(4), .resolved))) {
                try administration.replay(Letters.id(4), &session, within: Self.within)
            }
            #expect(throws: ConfigurationError.review(.notFound(Letters.id(11)))) {
                try administration.acknowledge(Letters.id(11), &session, within: Self.within)
            }
            #expect(throws: ConfigurationError.review(.notFound(Letters.id(11)))) {
                try administration.replay(Letters.id(11), &session, within: Self.within)
            }
            #expect(throws: ConfigurationError.invalid(field: "reason", reason: "say why it is discarded")) {
                try administration.discard(Letters.id(1), reason: "", &session, within: Self.within)
            }
            let lines = try superuser.number("SELECT count(*) FROM postern.audit_log")
            #expect(lines == 0)
        }
    }

    @Test func `puts a letter back on its way to its destination, once`() async throws {
        try await Self.with { administration, session, superuser in
            let retry = try administration.replay(Letters.id(1), &session, within: Self.within)
            #expect(
                try superuser.texts(
                    """
                    SELECT concat_ws(' | ', q.id, q.lane, q.attempt_number, q.scheduled_at <= now(), q.account IS NULL,
                        q.destination_id = d.destination_id, q.event_id = d.event_id, q.event_number, q.event,
                        q.payload = d.payload, q.webhook_id = d.webhook_id, d.replay_id = q.id, d.review_state)
                    FROM postern.webhook_retry_queue q
                    JOIN postern.webhook_dead_letter_queue d ON d.lane = q.lane AND d.id = q.dead_letter_id
                    """
                ) == [#"\#(retry) | 1 | 1 | t | t | t | t | 1 | {"id": "e"} | t | t | t | open"#]
            )
            #expect(throws: ConfigurationError.review(.replaying(Letters.id(1)))) {
                try administration.replay(Letters.id(1), &session, within: Self.within)
            }
            #expect(throws: ConfigurationError.review(.replaying(Letters.id(1)))) {
                try administration.discard(Letters.id(1), reason: "late", &session, within: Self.within)
            }
            #expect(try superuser.number("SELECT count(*) FROM postern.webhook_retry_queue") == 1)
            let history = try DeadLetterReader.history(of: Letters.id(1), &session, within: Self.within)
            #expect(history.map(\.act) == ["deadletter.replay"])
            #expect(history[0].after == #"{"retry": "\#(retry)"}"#)
        }
    }

    @Test func `replays with another payload and keeps the original`() async throws {
        try await Self.with { administration, session, superuser in
            try administration.replay(Letters.id(2), payload: Array("{}".utf8), &session, within: Self.within)
            #expect(
                try superuser.texts(
                    """
                    SELECT concat_ws(' | ', convert_from(q.payload, 'UTF8'), convert_from(d.payload, 'UTF8'),
                        convert_from(d.edited_payload, 'UTF8'), q.destination_id IS NULL, q.event_id IS NULL)
                    FROM postern.webhook_retry_queue q JOIN postern.webhook_dead_letter_queue d ON d.id = q.dead_letter_id
                    """
                ) == ["{} | xx | {} | t | t"]
            )
            let history = try DeadLetterReader.history(of: Letters.id(2), &session, within: Self.within)
            #expect(history[0].after?.contains(#""edited_bytes": "2""#) == true)
        }
    }

    @Test(arguments: ["deleted_at = now()", "state = 'disabled'"])
    func `refuses to replay to a destination that takes nothing`(change: String) async throws {
        try await Self.with { administration, session, superuser in
            try superuser.run("UPDATE postern.destinations SET \(change)")
            #expect(throws: ConfigurationError.review(.destinationUnavailable(Letters.id(1)))) {
                try administration.replay(Letters.id(1), &session, within: Self.within)
            }
            #expect(try Letters.facts(1, "review_state, replay_id", &superuser) == "open")
            // One that is normalized again goes to no destination.
            try administration.replay(Letters.id(2), &session, within: Self.within)
        }
    }

    @Test func `replays in bulk what is left to replay, and counts that only`() async throws {
        try await Self.with { administration, session, superuser in
            try administration.replay(Letters.id(1), &session, within: Self.within)
            try superuser.run("SET ROLE postern_consumer")
            let job = JobID.fresh(at: .now())
            let bound = Letters.id(8)
            let page = try DeadLetterBatches.page(
                DeadLetterFilter(),
                after: nil,
                through: bound,
                limit: 100,
                &superuser,
                within: Self.within
            )
            // 4 and 8 are resolved.
            #expect(page.map(\.letter) == [1, 2, 3, 5, 6, 7].map(Letters.id))
            let rest = try DeadLetterBatches.page(
                DeadLetterFilter(states: [.open]),
                after: Letters.id(3),
                through: bound,
                limit: 2,
                &superuser,
                within: Self.within
            )
            #expect(rest.map(\.letter) == [6, 7].map(Letters.id))
            var first = DeadLetterBatches.Outcome()
            first.done = 5
            first.replaying = 1
            var second = DeadLetterBatches.Outcome()
            second.replaying = 6
            for expected in [first, second] {
                let outcome = try superuser.transaction(within: Self.within) { connection throws(PostgresError) in
                    try DeadLetterBatches.replay(page, for: job, by: "cli:bob", &connection, within: Self.within)
                }
                #expect(outcome == expected)
            }
            try superuser.run("RESET ROLE")
            #expect(try superuser.number("SELECT count(*) FROM postern.webhook_retry_queue") == 6)
            #expect(try superuser.number("SELECT count(DISTINCT dead_letter_id) FROM postern.webhook_retry_queue") == 6)
            #expect(
                try superuser.number(
                    "SELECT count(*) FROM postern.audit_log WHERE origin = 'job \(job)' AND who = 'cli:bob' AND after->>'job' = '\(job)'"
                ) == 5
            )
        }
    }

    @Test func `says of letters it left in bulk that their destination takes nothing`() async throws {
        try await Self.with { administration, session, superuser in
            try superuser.run("UPDATE postern.destinations SET deleted_at = now()")
            let items = [1, 2, 3, 4].map { DeadLetterBatches.Item(lane: Lane(Int32($0 % 8)), letter: Letters.id($0)) }
            let outcome = try DeadLetterBatches.replay(
                items,
                for: .fresh(at: .now()),
                by: "cli:bob",
                &superuser,
                within: Self.within
            )
            #expect(outcome.done == 1 && outcome.undeliverable == 2 && outcome.settled == 1 && outcome.skipped == 3)
        }
    }

    @Test func `sends an event to another destination of its organization, and to none of another one`() async throws {
        try await Self.with { administration, session, superuser in
            let own = DestinationID.fresh(at: .now())
            let foreign = DestinationID.fresh(at: .now())
            try superuser.run(
                """
                UPDATE postern.destinations SET deleted_at = now();
                INSERT INTO postern.organizations (id, name) VALUES ('\(Traffic.organization(2))', 'two');
                INSERT INTO postern.destinations (id, org_id, name, kind, url) VALUES
                    ('\(own)', '\(Traffic.organization(1))', 'o', 'http', 'https://example.com/'),
                    ('\(foreign)', '\(Traffic.organization(2))', 'f', 'http', 'https://example.com/')
                """
            )
            let letter = Letters.id(1)
            #expect(throws: ConfigurationError.review(.otherDestinationUnavailable(letter, foreign))) {
                try administration.replay(letter, to: foreign, &session, within: Self.within)
            }
            #expect(throws: ConfigurationError.review(.notAnEvent(Letters.id(2)))) {
                try administration.replay(Letters.id(2), to: own, &session, within: Self.within)
            }
            try administration.replay(letter, to: own, &session, within: Self.within)
            #expect(
                try superuser.texts(
                    "SELECT concat_ws(' ', dead_letter_id, destination_id) FROM postern.webhook_retry_queue"
                ) == ["\(letter) \(own)"]
            )
            #expect(try Letters.facts(1, "destination_id", &superuser) == "\(Letters.destination)")
        }
    }

    @Test func `an edited payload for a destination goes with headers of its own, and a plain replay with none`()
        async throws
    {
        try await Self.with { administration, session, superuser in
            try superuser.run("UPDATE postern.webhook_dead_letter_queue SET headers = 'x-old: 1'::bytea")
            let job = JobID.fresh(at: .now())
            try superuser.run(
                "UPDATE postern.webhook_dead_letter_queue SET job_id = '\(job)' WHERE id = '\(Letters.id(1))'"
            )
            try administration.replay(Letters.id(1), payload: Array("{}".utf8), &session, within: Self.within)
            try administration.replay(Letters.id(3), &session, within: Self.within)
            try administration.replay(Letters.id(2), payload: Array("{}".utf8), &session, within: Self.within)
            #expect(
                try superuser.texts(
                    """
                    SELECT concat_ws('|', convert_from(headers, 'UTF8'), job_id = '\(job)')
                    FROM postern.webhook_retry_queue ORDER BY dead_letter_id
                    """
                ) == ["content-type: application/json\n|t", "x-old: 1", ""]
            )
        }
    }

    @Test func `discards in bulk what waits for somebody`() async throws {
        try await Self.with { administration, session, superuser in
            try administration.replay(Letters.id(1), &session, within: Self.within)
            let items = [1, 2, 3, 4].map { DeadLetterBatches.Item(lane: Lane(Int32($0 % 8)), letter: Letters.id($0)) }
            let count = try DeadLetterBatches.review(
                items,
                .discard,
                note: "old",
                for: .fresh(at: .now()),
                by: "cli:bob",
                &superuser,
                within: Self.within
            )
            #expect(count.done == 2 && count.replaying == 1 && count.settled == 1 && count.undeliverable == 0)
            #expect(
                try Letters.facts(2, "review_state, review_note, reviewed_by", &superuser)
                    == "discarded | old | cli:bob"
            )
            #expect(try Letters.facts(4, "review_state", &superuser) == "resolved")
        }
    }

    @Test func `acknowledges what is open and reopens what is not, in bulk`() async throws {
        try await Self.with { administration, session, superuser in
            let job = JobID.fresh(at: .now())
            let items = (1...5).map { DeadLetterBatches.Item(lane: Lane(Int32($0 % 8)), letter: Letters.id($0)) }
            func review(_ review: DeadLetterBatches.Review) throws -> DeadLetterBatches.Outcome {
                try DeadLetterBatches.review(
                    items,
                    review,
                    note: nil,
                    for: job,
                    by: "cli:bob",
                    &superuser,
                    within: Self.within
                )
            }
            try superuser.run("SET ROLE postern_consumer")
            // 4 is resolved, 5 acknowledged.
            let seen = try review(.acknowledgement)
            #expect(seen.done == 3 && seen.settled == 2)
            #expect(try review(.reopening).done == 5)
            try superuser.run("RESET ROLE")
            #expect(try Letters.facts(4, "review_state, requires_manual_review", &superuser) == "open | t")
            let acts = try superuser.texts(
                """
                SELECT act || ' ' || count(*) FROM postern.audit_log
                WHERE origin = 'job \(job)' GROUP BY act ORDER BY act
                """
            )
            #expect(acts == ["deadletter.acknowledge 3", "deadletter.reopen 5"])
        }
    }
}
