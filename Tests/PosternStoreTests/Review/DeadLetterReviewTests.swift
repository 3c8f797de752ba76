import PosternModel
import PosternPostgres
import PosternStore
import Testing

@Suite(.timeLimit(.minutes(2))) struct DeadLetterReviewTests {
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
            for expected in [5, 0] {
                let count = try superuser.transaction(within: Self.within) { connection throws(PostgresError) in
                    try DeadLetterBatches.replay(page, for: job, by: "cli:bob", &connection, within: Self.within)
                }
                #expect(count == expected)
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

    @Test func `discards in bulk what waits for somebody`() async throws {
        try await Self.with { administration, session, superuser in
            try administration.replay(Letters.id(1), &session, within: Self.within)
            let items = [1, 2, 3, 4].map { DeadLetterBatches.Item(lane: Lane(Int32($0 % 8)), letter: Letters.id($0)) }
            let count = try DeadLetterBatches.discard(
                items,
                reason: "old",
                for: .fresh(at: .now()),
                by: "cli:bob",
                &superuser,
                within: Self.within
            )
            #expect(count == 2)
            #expect(
                try Letters.facts(2, "review_state, review_note, reviewed_by", &superuser)
                    == "discarded | old | cli:bob"
            )
            #expect(try Letters.facts(4, "review_state", &superuser) == "resolved")
        }
    }
}
