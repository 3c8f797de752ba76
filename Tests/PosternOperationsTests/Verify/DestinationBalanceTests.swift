import PosternModel
import PosternOperations
import PosternStore
import Testing

@Suite struct DestinationBalanceTests {
    /// A job that replays events.
    private static let replay = JobID.fresh(at: .now())

    /// Runs a test with books in which each of seven events fared in another way.
    ///
    /// The first was delivered, the second waits, the third to the sixth are dead letters (open, acknowledged, discarded,
    /// resolved), the seventh was not passed. A job has replayed the first once more, which became a dead letter.
    private static func with(_ body: @escaping @Sendable (inout Books) throws -> Void) async throws {
        try await OperationsDatabase.with { database in
            var books = try Books.open(database)
            try books.run(
                """
                INSERT INTO postern.events (lane, number, stored_at, id, org_id, endpoint_id, delivery_id, platform,
                    definition_version, type, source, key, data)
                SELECT lane, n, stored_at, gen_random_uuid(), org_id, endpoint_id, delivery_id, platform,
                    definition_version, type, source, key || n, data
                FROM postern.events, generate_series(3, 7) n WHERE lane = 1 AND number = 1;
                UPDATE postern.lanes SET event_number = 7 WHERE lane = 1;
                UPDATE postern.destination_cursors SET number = 6, delivered = 1, handed = 2, exhausted = 1, buried = 3
                WHERE lane = 1;
                INSERT INTO postern.job_status (id, org_id, type, who, status)
                VALUES ('\(Self.replay)', '\(books.organization)', 'replay-events', 'somebody', 'succeeded');
                """
            )
            // A letter made later than the replay's counts nevertheless.
            for (number, id, state) in [
                (3, 3, "open"), (4, 4, "acknowledged"), (5, 5, "discarded"), (6, 1, "resolved"),
            ] {
                try Self.bury(event: number, id: id, state, &books)
            }
            try books.run("UPDATE postern.webhook_dead_letter_queue SET replayed_at = now() WHERE event_number = 6")
            try Self.bury(event: 1, id: 2, "open", job: Self.replay, &books)
            try body(&books)
        }
    }

    /// Makes a dead letter of an event on its way to the destination.
    private static func bury(
        event number: Int,
        id: Int,
        _ state: String,
        job: JobID? = nil,
        _ books: inout Books
    ) throws {
        try books.run(
            """
            INSERT INTO postern.webhook_dead_letter_queue (lane, id, webhook_id, org_id, endpoint_id, platform, headers,
                payload, failure_reason, failure_detail, attempts_made, review_state, created_at, destination_id, event_id,
                event_number, event, job_id)
            SELECT lane, '\(Self.letter(id))', delivery_id, org_id, endpoint_id, platform, '', '', 'http_4xx', '', 1,
                '\(state)', now(), '\(books.destination)', id, number, '{}', \(job.map { "'\($0)'" } ?? "NULL")
            FROM postern.events WHERE lane = 1 AND number = \(number)
            """
        )
    }

    /// Identifiers in the order of their numbers.
    private static func letter(_ number: Int) -> String { "00000000-0000-7000-8000-00000000000\(number)" }

    /// The only balance there is, of books in which nothing breaks a rule.
    private static func balance(_ books: inout Books) throws -> DestinationBalance {
        let book = try books.account()
        #expect(book.broken.isEmpty)
        #expect(book.destinations.count == 1)
        let balance = try #require(book.destinations.first)
        #expect(balance.lost == 0)
        return balance
    }

    @Test func `each event counts once, for what became of it at last`() async throws {
        try await Self.with { books in
            let balance = try Self.balance(&books)
            #expect(balance.events == 7 && balance.inFlight == 1 && balance.retrying == 1)
            #expect(balance.delivered == 2 && balance.resolved == 1, "a replayed dead letter is delivered")
            #expect(balance.deadLettered == 2 && balance.discarded == 1 && balance.unsubscribed == 0)
        }
    }

    @Test func `a dead letter under replay is on its way again`() async throws {
        try await Self.with { books in
            let retry = RetryID.fresh(at: .now())
            try books.run(
                """
                UPDATE postern.webhook_dead_letter_queue SET replay_id = '\(retry)', replayed_at = now()
                WHERE id = '\(Self.letter(3))';
                INSERT INTO postern.webhook_retry_queue (lane, id, webhook_id, org_id, endpoint_id, platform, headers,
                    payload, attempt_number, scheduled_at, failure_reason, failure_detail, created_at, destination_id,
                    event_id, event_number, event, dead_letter_id)
                SELECT lane, replay_id, webhook_id, org_id, endpoint_id, platform, headers, payload, 1, now(),
                    failure_reason, failure_detail, now(), destination_id, event_id, event_number, event, id
                FROM postern.webhook_dead_letter_queue WHERE id = '\(Self.letter(3))'
                """
            )
            let balance = try Self.balance(&books)
            #expect(balance.events == 7 && balance.retrying == 2 && balance.deadLettered == 1)
        }
    }

    @Test(arguments: ["job_id = gen_random_uuid()", "job_id = NULL"])
    func `a replay's dead letter that was itself replayed still counts for nothing`(change: String) async throws {
        try await Self.with { books in
            try books.run(
                """
                UPDATE postern.webhook_dead_letter_queue SET \(change), replayed_at = now()
                WHERE id = '\(Self.letter(2))'
                """
            )
            let balance = try Self.balance(&books)
            #expect(balance.delivered == 2 && balance.deadLettered == 2 && balance.discarded == 1)
        }
    }

    @Test func `a dead letter that somebody removed is missed, though a replay's is there`() async throws {
        try await Self.with { books in
            try books.run("DELETE FROM postern.webhook_dead_letter_queue WHERE id = '\(Self.letter(3))'")
            let book = try books.account()
            #expect(book.broken == ["destination_dead_letters destination \(books.destination) in lane 1"])
            let balance = try #require(book.destinations.first)
            #expect(balance.lost == 1 && balance.deadLettered == 1)
        }
    }

    @Test func `a deleted destination stays for as long as there are dead letters of it`() async throws {
        try await Self.with { books in
            try books.run("UPDATE postern.destinations SET deleted_at = now(); DELETE FROM postern.webhook_retry_queue")
            let unburied = try books.account()
            #expect(unburied.broken.contains("destination_retries destination \(books.destination) in lane 1"))
            try Self.bury(event: 2, id: 6, "open", &books)
            try books.run(
                """
                UPDATE postern.destination_cursors SET exhausted = 2 WHERE lane = 1;
                """
            )
            let book = try books.account()
            #expect(!book.broken.contains { $0.contains("destination") })
            let balance = try #require(book.destinations.first)
            #expect(balance.isDeleted && balance.name == "crm" && balance.lost == 0)
            #expect(balance.events == 6 && balance.inFlight == 0, "what lies before it never sets out")
            #expect(balance.deadLettered == 3 && balance.discarded == 1 && balance.delivered == 2)
            try books.run(
                """
                DELETE FROM postern.webhook_dead_letter_queue WHERE destination_id IS NOT NULL;
                UPDATE postern.destination_cursors SET delivered = 6, handed = 0, exhausted = 0, buried = 0 WHERE lane = 1;
                """
            )
            #expect(try books.account().destinations.isEmpty)
        }
    }
}
