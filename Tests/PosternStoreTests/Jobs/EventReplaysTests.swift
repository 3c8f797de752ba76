import PosternModel
import PosternPostgres
import PosternStore
import Testing

@Suite(.timeLimit(.minutes(5))) struct EventReplaysTests {
    private static let within = StoreDatabase.deadline

    private static func with(
        _ body: @escaping @Sendable (EventReplayFilter, inout Connection, inout Connection) throws -> Void
    ) async throws {
        try await StoreDatabase.with { database in
            var superuser = try database.connect()
            try Traffic.makeDays(4, &superuser)
            try Traffic.storeEvents(100, &superuser)
            try Letters.storeDestination(&superuser)
            var consumer = try database.connect(.consumer)
            let filter = EventReplayFilter(organization: Traffic.organization(1), destination: Letters.destination)
            try body(filter, &superuser, &consumer)
        }
    }

    private static func keys(
        _ filter: EventReplayFilter,
        after position: EventID? = nil,
        through bound: EventID,
        limit: Int = 100,
        _ consumer: inout Connection
    ) throws -> [Int] {
        try EventReplays.page(
            filter,
            after: position,
            through: bound,
            limit: limit,
            &consumer,
            within: Self.within
        ).compactMap { Int($0.key.dropFirst(4)) }
    }

    @Test func `plans and pages the events a filter means, in order, up to the bound`() async throws {
        try await Self.with { filter, superuser, consumer in
            let own = (1...100).filter { $0 % 5 == 1 }
            let plan = try #require(try EventReplays.plan(filter, &consumer, within: Self.within))
            #expect(plan.count == Int64(own.count))
            #expect(try Self.keys(filter, through: plan.bound, &consumer) == own)
            let page = try EventReplays.page(
                filter,
                after: nil,
                through: plan.bound,
                limit: 3,
                &consumer,
                within: Self.within
            )
            #expect(page.compactMap { Int($0.key.dropFirst(4)) } == Array(own.prefix(3)))
            #expect(
                try Self.keys(filter, after: page.last?.id, through: plan.bound, &consumer) == Array(own.dropFirst(3))
            )
            #expect(try Self.keys(filter, through: page[1].id, &consumer) == Array(own.prefix(2)))
            var narrow = filter
            narrow.platform = "github"
            narrow.typeGlob = "type.?"
            #expect(try Self.keys(narrow, through: plan.bound, &consumer) == own.filter { $0 % 3 == 0 })
            narrow.typeGlob = "type_1"
            #expect(try Self.keys(narrow, through: plan.bound, &consumer).isEmpty)
            var timed = filter
            timed.since = page[1].storedAt
            timed.until = page[2].storedAt
            #expect(try Self.keys(timed, through: plan.bound, &consumer) == [own[1]])
            var other = filter
            other.organization = .fresh(at: .now())
            #expect(try EventReplays.plan(other, &consumer, within: Self.within) == nil)
        }
    }

    @Test func `puts events into the retry queue, due at once`() async throws {
        try await Self.with { filter, superuser, consumer in
            let plan = try #require(try EventReplays.plan(filter, &consumer, within: Self.within))
            let events = try EventReplays.page(
                filter,
                after: nil,
                through: plan.bound,
                limit: 3,
                &consumer,
                within: Self.within
            )
            let job = JobID.fresh(at: .now())
            try EventReplays.queue(
                events.map { event in
                    OutgoingEvent(
                        lane: event.lane,
                        destination: Letters.destination,
                        organization: event.organization,
                        endpoint: event.endpoint,
                        delivery: event.delivery,
                        platform: event.platform,
                        event: event.id,
                        number: event.number,
                        attributes: Array(#"{"a": 1}"#.utf8),
                        headers: [],
                        payload: event.data
                    )
                },
                for: job,
                at: .now(),
                &consumer,
                within: Self.within
            )
            #expect(
                try superuser.number(
                    """
                    SELECT count(*) FROM postern.webhook_retry_queue q
                    JOIN postern.events e ON e.id = q.event_id AND e.lane = q.lane AND e.number = q.event_number
                        AND convert_from(q.payload, 'UTF8') = e.data::text
                    WHERE q.job_id = '\(job)' AND q.destination_id = '\(Letters.destination)' AND q.attempt_number = 1
                        AND q.scheduled_at <= now() AND q.account IS NULL AND q.dead_letter_id IS NULL
                        AND q.event::text = '{"a": 1}'
                    """
                ) == 3
            )
        }
    }

    @Test func `knows whether the destination takes events`() async throws {
        try await Self.with { filter, superuser, consumer in
            #expect(try EventReplays.form(of: filter, &consumer, within: Self.within) == .structured)
            var foreign = filter
            foreign.organization = Traffic.organization(2)
            #expect(try EventReplays.form(of: foreign, &consumer, within: Self.within) == nil)
            try superuser.run("UPDATE postern.destinations SET state = 'disabled'")
            #expect(try EventReplays.form(of: filter, &consumer, within: Self.within) == nil)
        }
    }
}
