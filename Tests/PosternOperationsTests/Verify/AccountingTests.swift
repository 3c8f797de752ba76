import PosternModel
import PosternOperations
import PosternPostgres
import PosternStore
import Testing

@Suite struct AccountingTests {
    /// Runs a test with books that are in order.
    private static func with(_ body: @escaping @Sendable (inout Books) throws -> Void) async throws {
        try await OperationsDatabase.with { database in
            var books = try Books.open(database)
            try body(&books)
        }
    }

    @Test func `books that are in order add up, delivery by delivery and event by event`() async throws {
        try await Self.with { books in
            let book = try books.account()
            #expect(book.broken.isEmpty)
            #expect(book.isBalanced && book.unprovable.isEmpty)
            let balance = try #require(book.organizations.first)
            #expect(balance.accepted == 8 && balance.settled == 4 && balance.inFlight == 1)
            #expect(balance.retrying == 1 && balance.deadLettered == 1 && balance.discarded == 1)
            let destination = try #require(book.destinations.first)
            #expect(destination.events == 2 && destination.delivered == 1 && destination.retrying == 1)
        }
    }

    @Test func `a delivery that was read and left nothing behind is named`() async throws {
        try await Self.with { books in
            try books.run("DELETE FROM postern.webhook_dead_letter_queue WHERE webhook_id = '\(books.deliveries[5])'")
            try books.run("UPDATE postern.deliveries SET body = 'k99' WHERE seq = 4")
            let book = try books.account()
            #expect(
                Set(book.broken)
                    == [
                        "delivery_lost delivery \(books.deliveries[3])",
                        "delivery_lost delivery \(books.deliveries[5])",
                    ]
            )
            #expect(book.organizations.first?.lost == 2 && book.organizations.first?.settled == 3)
            #expect(!book.isBalanced)
        }
    }

    @Test func `a delivery whose events are gone although the ledger knows them is named`() async throws {
        try await Self.with { books in
            try books.run("DELETE FROM postern.events WHERE number = 2")
            let book = try books.account()
            #expect(book.broken.contains("event_missing delivery \(books.deliveries[1])"))
            #expect(book.broken.contains("event_number lane 1"))
            #expect(book.broken.contains("retry_event retry \(books.retry)"))
            #expect(book.broken.contains("destination_events destination \(books.destination) in lane 1"))
        }
    }

    @Test func `an event that came days later explains its delivery`() async throws {
        try await Self.with { books in
            try books.run("UPDATE postern.events SET stored_at = stored_at + interval '3 days' WHERE number = 2")
            #expect(try books.account().broken.isEmpty)
        }
    }

    @Test func `a repetition whose key the ledger has forgotten is explained by the event in the log`() async throws {
        try await Self.with { books in
            try books.run("DELETE FROM postern.event_keys")
            #expect(try books.account().broken.isEmpty)
        }
    }

    @Test func `what another version of the definition may have read differently is unprovable`() async throws {
        try await Self.with { books in
            try books.run("UPDATE postern.deliveries SET body = 'k99' WHERE seq = 4")
            let book = try books.account(TextKeys(version: 2))
            #expect(book.isBalanced && book.unprovable == [.definitionChanged: 1])
            #expect(book.organizations.first?.unprovable == 1)
            try books.run("UPDATE postern.deliveries SET body = 'unknown' WHERE seq = 4")
            #expect(try books.account().unprovable == [.definitionUnknown: 1])
        }
    }

    @Test func `what days of events could tell that were dropped is unprovable`() async throws {
        try await Self.with { books in
            try books.run(
                """
                UPDATE postern.deliveries SET body = 'k99' WHERE seq = 4;
                DO $$ BEGIN EXECUTE (SELECT format('DROP TABLE postern.%I', min(c.relname::text))
                    FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhrelid
                    WHERE i.inhparent = 'postern.events'::regclass); END $$;
                UPDATE postern.migrations SET applied_at = applied_at - interval '10 days';
                """
            )
            #expect(try books.account().unprovable == [.eventsDropped: 1])
        }
    }

    @Test func `a number missing between two events of a lane is named, and one that stands twice`() async throws {
        try await Self.with { books in
            try books.run(
                """
                INSERT INTO postern.events (lane, number, stored_at, id, org_id, endpoint_id, delivery_id, platform,
                    definition_version, type, source, key, data)
                SELECT 2, n, now() + n * interval '1 ms', gen_random_uuid(), gen_random_uuid(), gen_random_uuid(),
                    gen_random_uuid(), 'meta', 1, 't', 's', 'x' || n, '{}' FROM unnest('{1,2,4,6}'::int[]) n;
                INSERT INTO postern.events SELECT lane, number, stored_at + interval '1 day', gen_random_uuid(), org_id,
                    endpoint_id, delivery_id, platform, definition_version, type, source, subject, account, time, key, data
                FROM postern.events WHERE lane = 2 AND number = 6;
                UPDATE postern.lanes SET event_number = 6 WHERE lane = 2;
                """
            )
            let book = try books.account()
            #expect(
                book.faults.map(\.detail)
                    == ["event 4 follows event 2", "event 6 follows event 4", "event 6 follows event 6"]
            )
            #expect(book.faultCounts == [.eventGap: 3])
        }
    }

    @Test func `the first event of a lane must be there unless its day was dropped`() async throws {
        try await Self.with { books in
            try books.run(
                """
                DELETE FROM postern.events WHERE number = 1;
                DELETE FROM postern.deliveries WHERE seq IN (1, 3);
                UPDATE postern.destination_cursors SET first_number = 1, delivered = 0 WHERE lane = 1;
                UPDATE postern.cursors SET consumed = 5 WHERE lane = 1;
                """
            )
            #expect(
                try books.account().faults.map(\.detail)
                    == [
                        "delivery 2 follows delivery 0", "delivery 4 follows delivery 2", "event 2 follows event 0",
                    ]
            )
        }
    }

    /// A destination that was paused keeps the day it stands at; later days go.
    @Test func `days that were dropped between others are no gap`() async throws {
        try await OperationsDatabase.with { database in
            var books = try Books.open(database)
            try books.run(
                """
                UPDATE postern.events SET stored_at = stored_at - interval '1 day' WHERE number = 1;
                UPDATE postern.events SET number = 5, stored_at = stored_at + interval '1 day' WHERE number = 2;
                UPDATE postern.webhook_retry_queue SET event_number = 5 WHERE event_number = 2;
                UPDATE postern.lanes SET event_number = 5 WHERE lane = 1;
                UPDATE postern.destination_cursors SET number = 5, delivered = 4 WHERE lane = 1;
                """
            )
            #expect(try books.account().faultCounts == [.eventGap: 1, .destinationEvents: 1])
            try books.run(
                "DO $$ BEGIN EXECUTE 'DROP TABLE postern.events_' || to_char(now() AT TIME ZONE 'UTC', 'YYYYMMDD'); END $$"
            )
            let book = try books.account()
            #expect(book.faultCounts == [:])
            #expect(book.unprovable == [.eventsDropped: 1])
        }
    }

    @Test func `cursors that say other than the log are named`() async throws {
        try await Self.with { books in
            try books.run("UPDATE postern.cursors SET consumed = 6 WHERE lane = 1")
            #expect(try books.account().broken == ["cursor_count writer 1"])
            try books.run("UPDATE postern.cursors SET seq = 9, consumed = 8 WHERE lane = 1")
            #expect(
                Set(try books.account().broken)
                    == ["delivery_missing writer 1", "delivery_lost delivery \(books.deliveries[7])"]
            )
            try books.run("DELETE FROM postern.cursors WHERE lane = 3")
            #expect(try books.account().broken.contains("cursor_missing writer 1"))
        }
    }

    @Test(arguments: [
        ("handed = 2, delivered = 0", "destination_retries"), ("delivered = 2", "destination_events"),
        ("recovered = 1", "destination_retries"), ("buried = 1, delivered = 0", "destination_dead_letters"),
    ])
    func `a destination's counters that do not add up are named`(change: String, rule: String) async throws {
        try await Self.with { books in
            try books.run("UPDATE postern.destination_cursors SET \(change) WHERE lane = 1")
            #expect(try books.account().broken == ["\(rule) destination \(books.destination) in lane 1"])
        }
    }

    @Test func `replays count for nothing in a destination's books`() async throws {
        try await Self.with { books in
            try books.queue(event: 1, account: nil)
            try books.run("UPDATE postern.webhook_retry_queue SET job_id = gen_random_uuid() WHERE event_number = 1")
            #expect(try books.account().broken.isEmpty)
        }
    }

    @Test func `a row that waits for no earlier one of its account is named`() async throws {
        try await Self.with { books in
            try books.run(
                "UPDATE postern.webhook_retry_queue SET account = 'a', scheduled_at = 'infinity' WHERE event_number = 2"
            )
            #expect(try books.account().broken == ["retry_stuck retry \(books.retry)"])
            try books.queue(event: 1, account: "a")
            try books.run(
                "UPDATE postern.destination_cursors SET delivered = 0, handed = 2 WHERE lane = 1"
            )
            #expect(try books.account().broken.isEmpty)
            try books.run("UPDATE postern.webhook_retry_queue SET scheduled_at = now() WHERE event_number = 2")
            #expect(try books.account().broken == ["retry_out_of_order retry \(books.retry)"])
        }
    }

    @Test func `replays and dead letters that do not know each other are named`() async throws {
        try await Self.with { books in
            let replay = RetryID.fresh(at: .now())
            try books.run(
                "UPDATE postern.webhook_dead_letter_queue SET replay_id = '\(replay)' WHERE id = '\(books.letter)'"
            )
            #expect(try books.account().broken == ["letter_without_replay dead letter \(books.letter)"])
            try books.run(
                """
                INSERT INTO postern.webhook_retry_queue (lane, id, webhook_id, org_id, endpoint_id, platform, headers,
                    payload, attempt_number, scheduled_at, failure_reason, failure_detail, created_at, dead_letter_id)
                SELECT 1, '\(replay)', webhook_id, org_id, endpoint_id, platform, headers, payload, 1, now(), 'replay', '',
                    now(), id FROM postern.webhook_dead_letter_queue WHERE id = '\(books.letter)'
                """
            )
            let book = try books.account()
            #expect(book.broken.isEmpty)
            #expect(book.organizations.first?.retrying == 2, "a dead letter under replay is on its way again")
            try books.run("UPDATE postern.webhook_dead_letter_queue SET replay_id = NULL")
            #expect(try books.account().broken == ["replay_without_letter retry \(replay)"])
        }
    }

    @Test func `rows of the retry queue that go nowhere or come from nowhere are named`() async throws {
        try await Self.with { books in
            try books.run(
                "UPDATE postern.webhook_retry_queue SET destination_id = gen_random_uuid() WHERE event_number = 2"
            )
            let book = try books.account()
            #expect(book.broken.contains("retry_destination retry \(books.retry)"))
            try books.run(
                """
                UPDATE postern.webhook_retry_queue
                SET destination_id = '\(books.destination)' WHERE event_number = 2;
                UPDATE postern.webhook_retry_queue SET webhook_id = '\(DeliveryID.fresh(at: .now()))' WHERE event_id IS NULL
                """
            )
            #expect(Set(try books.account().faults.map(\.rule)) == [.deliveryLost, .retryDelivery])
        }
    }

    @Test func `a dead letter about an event that is not there is named`() async throws {
        try await Self.with { books in
            try books.run(
                """
                UPDATE postern.webhook_dead_letter_queue SET destination_id = '\(books.destination)', event_number = 2,
                    event_id = gen_random_uuid(), job_id = gen_random_uuid() WHERE id = '\(books.letter)'
                """
            )
            let rules = try books.account().faults.map(\.rule)
            #expect(rules.contains(.letterEvent))
        }
    }

    @Test func `more rows than asked for are counted and not named`() async throws {
        try await Self.with { books in
            try books.run("UPDATE postern.deliveries SET body = convert_to('x' || seq, 'UTF8') WHERE seq IN (3, 4)")
            let book = try books.account { scope in scope.faultLimit = 1 }
            #expect(book.faults.count == 1 && book.faultCounts == [.deliveryLost: 2])
        }
    }

    @Test func `one organization's books leave out the rows of others and the numbering`() async throws {
        try await Self.with { books in
            try books.run("UPDATE postern.lanes SET event_number = 9 WHERE lane = 1")
            try books.run("UPDATE postern.deliveries SET body = 'x' WHERE seq = 4")
            let other = OrganizationID.fresh(at: .now())
            let book = try books.account { scope in scope.organization = other }
            #expect(book.isBalanced && book.organizations.isEmpty && book.destinations.isEmpty)
            let organization = books.organization
            let own = try books.account { scope in scope.organization = organization }
            #expect(own.broken == ["delivery_lost delivery \(books.deliveries[3])"])
        }
    }

    @Test func `days that ended before the time asked for are left out`() async throws {
        try await Self.with { books in
            try books.run("UPDATE postern.deliveries SET body = 'x' WHERE seq = 4")
            let book = try books.account { scope in scope.since = Timestamp.now().advanced(by: .seconds(3 * 86_400)) }
            #expect(book.organizations.isEmpty)
            #expect(book.faultCounts[.deliveryLost] == nil)
        }
    }

    @Test func `a tenant's session sees nothing to account for`() async throws {
        try await OperationsDatabase.with { database in
            _ = try Books.open(database)
            var tenant = try database.connect("admin")
            #expect(throws: PostgresError.self) {
                _ = try Accounting(AccountingScope(), derivation: TextKeys()).run(&tenant)
            }
        }
    }
}
