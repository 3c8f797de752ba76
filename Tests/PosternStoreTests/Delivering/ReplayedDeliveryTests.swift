import PosternModel
import PosternPostgres
import PosternStore
import Testing

/// Replays: rows of the queue that somebody asked for.
@Suite(.timeLimit(.minutes(5))) struct ReplayedDeliveryTests {
    /// Makes a dead letter of the destination and a row of the queue that replays it.
    private static func replay(_ route: inout Route, job: Bool = false) throws -> DueDelivery {
        let letter = UniqueID.timeOrdered(at: .now())
        let row = UniqueID.timeOrdered(at: .now())
        try route.run(
            """
            INSERT INTO postern.webhook_dead_letter_queue (lane, id, webhook_id, org_id, endpoint_id, platform, headers,
                payload, failure_reason, failure_detail, attempts_made, destination_id, event_id, event_number, event,
                event_type, created_at, replay_id, answer_status, answer)
            VALUES (1, '\(letter)', gen_random_uuid(), '\(route.log.organization)', '\(route.log.endpoint)', 'github',
                '', '', 'http_5xx', 'old', 6, '\(route.destination)', gen_random_uuid(), 5, '{}', 't',
                now() - interval '1 hour', '\(row)', 503, 'old');
            INSERT INTO postern.webhook_retry_queue (lane, id, webhook_id, org_id, endpoint_id, platform, headers,
                payload, attempt_number, scheduled_at, failure_reason, failure_detail, created_at, destination_id,
                event_id, event_number, event, dead_letter_id, job_id)
            VALUES (1, '\(row)', gen_random_uuid(), '\(route.log.organization)', '\(route.log.endpoint)', 'github',
                '', '', 1, now(), 'replay', '', now(), '\(route.destination)', gen_random_uuid(), 5, '{}',
                \(job ? "NULL, gen_random_uuid()" : "'\(letter)', NULL"))
            """
        )
        return try #require(try route.due().first)
    }

    private static func letters(_ route: inout Route) throws -> [String] {
        try route.texts(
            """
            SELECT concat_ws(' ', review_state, requires_manual_review, failure_reason, failure_detail, attempts_made,
                answer_status, answer, replay_id IS NULL, replayed_events, replayed_duplicates, failed_at > created_at)
            FROM postern.webhook_dead_letter_queue
            """
        )
    }

    @Test func `resolves the dead letter of a replay that was delivered`() async throws {
        try await StoreDatabase.with { database in
            var route = try Route(database)
            let leases = try route.log.claim(1)
            let due = try Self.replay(&route)
            #expect(due.row.isReplay)
            var settlement = route.settlement(leases)
            settlement.finished = [RetryEnd(row: due.row, how: .delivered)]
            #expect(try route.write(settlement) == .stored)
            #expect(try Self.letters(&route) == ["resolved f http_5xx old 6 503 old t 1 0"])
            #expect(try route.state().hasPrefix("0/0/0/0/0/0/0 queue letters"))
            #expect(try route.write(settlement) == .moved)
        }
    }

    @Test func `opens the dead letter of a replay that failed again, with the new reason`() async throws {
        try await StoreDatabase.with { database in
            var route = try Route(database)
            let leases = try route.log.claim(1)
            let due = try Self.replay(&route)
            let failure = DeliveryFailure(reason: "http_4xx", detail: "new", status: 404, answer: "gone")
            try route.run("UPDATE postern.webhook_dead_letter_queue SET review_state = 'acknowledged'")
            let before = try route.texts("SELECT fingerprint FROM postern.webhook_dead_letter_queue")
            var settlement = route.settlement(leases)
            settlement.finished = [RetryEnd(row: due.row, how: .buried(failure))]
            #expect(try route.write(settlement) == .stored)
            #expect(try Self.letters(&route) == ["open t http_4xx new 7 404 gone t t"])
            #expect(try route.texts("SELECT fingerprint FROM postern.webhook_dead_letter_queue") != before)
            #expect(try route.state().hasPrefix("0/0/0/0/0/0/0 queue letters"))
        }
    }

    @Test func `counts every attempt of a replay that was postponed`() async throws {
        try await StoreDatabase.with { database in
            var route = try Route(database)
            let leases = try route.log.claim(1)
            let due = try Self.replay(&route)
            let failure = DeliveryFailure(reason: "timeout", detail: "d")
            var settlement = route.settlement(leases)
            settlement.postponed = [
                PostponedDelivery(row: due.row, attempt: 2, scheduledAt: .now(), failure: failure)
            ]
            #expect(try route.write(settlement) == .stored)
            settlement = route.settlement(leases)
            settlement.finished = [RetryEnd(row: try route.due()[0].row, how: .buried(failure))]
            #expect(try route.write(settlement) == .stored)
            #expect(try Self.letters(&route) == ["open t timeout d 8 t t"])
        }
    }

    @Test func `leaves a dead letter alone that another row replays, or that is gone`() async throws {
        try await StoreDatabase.with { database in
            var route = try Route(database)
            let leases = try route.log.claim(1)
            for meddling in [
                "UPDATE postern.webhook_dead_letter_queue SET replay_id = gen_random_uuid()",
                "DELETE FROM postern.webhook_dead_letter_queue",
            ] {
                let due = try Self.replay(&route)
                try route.run(meddling)
                let before = try Self.letters(&route)
                var settlement = route.settlement(leases)
                settlement.finished = [RetryEnd(row: due.row, how: .delivered)]
                #expect(try route.write(settlement) == .stored)
                #expect(try Self.letters(&route) == before)
                #expect(try route.queue() == [])
            }
        }
    }

    @Test func `leaves a job's replay out of the destination's counters`() async throws {
        try await StoreDatabase.with { database in
            var route = try Route(database)
            let leases = try route.log.claim(1)
            let due = try Self.replay(&route, job: true)
            #expect(due.row.job != nil && due.row.deadLetter == nil && due.row.isReplay)
            var settlement = route.settlement(leases)
            settlement.finished = [RetryEnd(row: due.row, how: .delivered)]
            #expect(try route.write(settlement) == .stored)
            #expect(try route.state().hasPrefix("0/0/0/0/0/0/0 queue letters"))
        }
    }

    @Test func `names the job in the dead letter of a replay that failed`() async throws {
        try await StoreDatabase.with { database in
            var route = try Route(database)
            let leases = try route.log.claim(1)
            let due = try Self.replay(&route, job: true)
            let job = try #require(due.row.job)
            try route.run("DELETE FROM postern.webhook_dead_letter_queue")
            let failure = DeliveryFailure(reason: "http_4xx", detail: "d")
            var settlement = route.settlement(leases)
            settlement.finished = [RetryEnd(row: due.row, how: .buried(failure))]
            settlement.deadLetters = [
                NewDeliveryDeadLetter(
                    content: due.content,
                    type: "t",
                    definitionVersion: 1,
                    attempts: 1,
                    failure: failure,
                    job: job
                )
            ]
            #expect(try route.write(settlement) == .stored)
            #expect(try route.texts("SELECT job_id FROM postern.webhook_dead_letter_queue") == ["\(job)"])
            #expect(try route.state().hasPrefix("0/0/0/0/0/0/0 queue letters 5.1.http_4xx.open"))
        }
    }
}
