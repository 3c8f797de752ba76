import PosternModel
import PosternPostgres
import PosternStore
import Testing

@Suite struct AdministrationDestinationDeletionTests {
    private static let within = StoreDatabase.deadline

    @Test func `makes dead letters of what waits, batch by batch, and counts it as exhausted`() async throws {
        try await ShopDestination.with { shop, connection in
            var root = try shop.database.connect()
            for number in 1...201 { _ = try shop.storeRetry(Int64(number), lane: 3, &root) }
            _ = try shop.storeRetry(1, lane: 5, at: "'infinity'", &root)
            var told: [Int64] = []
            let deletion = try shop.administration.deleteDestination(shop.id, &connection, within: Self.within) {
                told.append($0.buried)
            }
            #expect(deletion.buried == 202 && deletion.reopened == 0)
            #expect(told == [200, 201, 202])
            #expect(try root.number("SELECT count(*) FROM postern.webhook_retry_queue") == 0)
            #expect(
                try root.texts(
                    """
                    SELECT concat_ws(' ', lane, exhausted) FROM postern.destination_cursors
                    WHERE exhausted > 0 ORDER BY lane
                    """
                ) == ["3 201", "5 1"]
            )
            #expect(
                try root.texts(
                    """
                    SELECT DISTINCT concat_ws(' | ', failure_reason, failure_detail, event_type, definition_version,
                        attempts_made, review_state, requires_manual_review, destination_id = '\(shop.id)',
                        convert_from(payload, 'UTF8'), event ->> 'specversion')
                    FROM postern.webhook_dead_letter_queue
                    """
                ) == [
                    """
                    destination_deleted | the destination was deleted; before that http_5xx: HTTP 503 | com.github.push | 3 \
                    | 2 | open | t | t | {"a": 1} | 1.0
                    """
                ]
            )
            #expect(
                try root.number("SELECT count(DISTINCT event_number) FROM postern.webhook_dead_letter_queue") == 201
            )
            let lines = try OrdersEndpoint.audit(&connection).filter { $0.hasPrefix("destination.") }
            #expect(
                lines.map { $0.prefix { $0 != " " } } == [
                    "destination.create", "destination.delete", "destination.bury", "destination.bury",
                    "destination.bury",
                ]
            )
        }
    }

    @Test func `opens the letter of a replay again, and counts no replay`() async throws {
        try await ShopDestination.with { shop, connection in
            var root = try shop.database.connect()
            let letter = DeadLetterID.fresh(at: .now())
            let job = JobID.fresh(at: .now())
            let replay = try shop.storeRetry(7, lane: 2, letter: letter, &root)
            _ = try shop.storeRetry(8, lane: 2, job: job, &root)
            try root.run(
                """
                INSERT INTO postern.webhook_dead_letter_queue (lane, id, webhook_id, org_id, endpoint_id, platform,
                    headers, payload, failure_reason, failure_detail, attempts_made, review_state, replay_id, created_at)
                VALUES (2, '\(letter)', gen_random_uuid(), '\(shop.organization)', gen_random_uuid(), 'github', '', '',
                    'http_4xx', 'HTTP 404', 1, 'acknowledged', '\(replay)', now())
                """
            )
            let deletion = try shop.administration.deleteDestination(shop.id, &connection, within: Self.within)
            #expect(deletion.buried == 1 && deletion.reopened == 1)
            #expect(
                try root.texts(
                    """
                    SELECT concat_ws(' ', review_state, failure_reason, replay_id IS NULL, attempts_made,
                        failed_at IS NOT NULL)
                    FROM postern.webhook_dead_letter_queue WHERE id = '\(letter)'
                    """
                ) == ["open destination_deleted t 1 t"]
            )
            #expect(
                try root.number(
                    "SELECT count(*) FROM postern.webhook_dead_letter_queue WHERE job_id = '\(job)'"
                ) == 1
            )
            #expect(try root.number("SELECT sum(exhausted) FROM postern.destination_cursors") == 0)
        }
    }

    @Test func `leaves other destinations, and what is to be normalized, alone`() async throws {
        try await ShopDestination.with { shop, connection in
            var root = try shop.database.connect()
            let other = try shop.administration.createDestination(
                ShopDestination.new(of: shop.organization, name: "other"),
                &connection,
                within: Self.within
            ).destination
            let theirs = ShopDestination(
                database: shop.database,
                administration: shop.administration,
                organization: shop.organization,
                destination: other
            )
            _ = try theirs.storeRetry(1, lane: 1, &root)
            _ = try shop.storeRetry(1, lane: 1, &root)
            try root.run(
                """
                INSERT INTO postern.webhook_retry_queue (lane, id, webhook_id, org_id, endpoint_id, platform, headers,
                    payload, attempt_number, scheduled_at, failure_reason, failure_detail, created_at)
                VALUES (1, gen_random_uuid(), gen_random_uuid(), '\(shop.organization)', gen_random_uuid(), 'x', '', '',
                    1, now(), 'r', 'd', now())
                """
            )
            #expect(
                try shop.administration.deleteDestination(shop.id, &connection, within: Self.within).buried == 1
            )
            #expect(try root.number("SELECT count(*) FROM postern.webhook_retry_queue") == 2)
            #expect(try theirs.now(&connection).destination.state == .enabled)
        }
    }

    @Test func `counts an attempt for what waited in order and was never tried`() async throws {
        try await ShopDestination.with { shop, connection in
            var root = try shop.database.connect()
            _ = try shop.storeRetry(1, lane: 1, &root)
            try root.run("UPDATE postern.webhook_retry_queue SET attempt_number = 0")
            #expect(
                try shop.administration.deleteDestination(shop.id, &connection, within: Self.within).buried == 1
            )
            #expect(try root.number("SELECT attempts_made FROM postern.webhook_dead_letter_queue") == 1)
        }
    }

    @Test func `hides what was deleted, ends its secrets, and keeps its row`() async throws {
        try await ShopDestination.with { shop, connection in
            _ = try shop.administration.deleteDestination(shop.id, &connection, within: Self.within)
            #expect(throws: ConfigurationError.destinationNotFound("shop")) {
                try shop.administration.destination("shop", &connection, within: Self.within)
            }
            #expect(try shop.administration.destinations(&connection, within: Self.within).isEmpty)
            let contents = try DestinationReader.all(
                opening: try SealingKeys.ring(),
                &connection,
                within: Self.within
            )
            #expect(contents == DestinationContents())
            let stranger = DestinationID.fresh(at: .now())
            #expect(
                try DestinationReader.deleted(among: [stranger, shop.id], &connection, within: Self.within) == [shop.id]
            )
            let states = try DestinationReader.secrets(of: shop.id, &connection, within: Self.within).map(\.state)
            #expect(states == [.revoked])
            #expect(try connection.number("SELECT count(*) FROM postern.destinations") == 1)
        }
    }

    @Test func `takes up a deletion that was interrupted`() async throws {
        try await ShopDestination.with { shop, connection in
            var root = try shop.database.connect()
            _ = try shop.administration.deleteDestination(shop.id, &connection, within: Self.within)
            let lines = try OrdersEndpoint.audit(&connection).count
            // What a consumer handed over while it did not know yet.
            _ = try shop.storeRetry(9, lane: 0, &root)
            let again = try shop.administration.deleteDestination(shop.id, &connection, within: Self.within)
            #expect(again.buried == 1)
            #expect(try OrdersEndpoint.audit(&connection).count == lines + 1)
            #expect(
                try shop.administration.deleteDestination(shop.id, &connection, within: Self.within)
                    == DestinationDeletion()
            )
            let stranger = DestinationID.fresh(at: .now())
            #expect(throws: ConfigurationError.destinationNotFound("\(stranger)")) {
                try shop.administration.deleteDestination(stranger, &connection, within: Self.within)
            }
        }
    }
}
