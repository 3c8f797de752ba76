import PosternModel
import PosternStore
import Testing

@Suite(.timeLimit(.minutes(5))) struct ConsumerRegistryTests {
    private static let within = StoreDatabase.deadline
    private static let lease = Duration.seconds(10)

    private static func renew(_ consumer: ConsumerID, _ log: inout Log) throws -> LaneSurvey {
        try ConsumerRegistry.renew(consumer, host: "h", lease: Self.lease, &log.consumer, within: Self.within)
    }

    @Test func `counts who has a lease`() async throws {
        try await StoreDatabase.with { database in
            var log = try Log(database)
            let other = ConsumerID.fresh(at: .now())
            #expect(try Self.renew(log.me, &log).consumers == 1)
            #expect(try Self.renew(other, &log).consumers == 2)
            #expect(try Self.renew(other, &log).consumers == 2)
            try log.endLease(of: other)
            #expect(try ConsumerRegistry.survey(log.me, &log.consumer, within: Self.within).consumers == 1)
            try ConsumerRegistry.leave(log.me, &log.consumer, within: Self.within)
            #expect(try Self.renew(other, &log).consumers == 1)
            #expect(try log.number("SELECT count(*) FROM postern.consumers") == 1)
        }
    }

    @Test func `makes a lease last from now on, and a look changes nothing`() async throws {
        try await StoreDatabase.with { database in
            var log = try Log(database)
            _ = try Self.renew(log.me, &log)
            try log.endLease(of: log.me)
            let left = "SELECT extract(epoch FROM leased_until - now())::bigint FROM postern.consumers"
            #expect(try ConsumerRegistry.survey(log.me, &log.consumer, within: Self.within).consumers == 0)
            #expect(try log.number(left) <= 0)
            #expect(try Self.renew(log.me, &log).consumers == 1)
            #expect((9...10).contains(try log.number(left)))
        }
    }

    @Test func `tells free lanes from its own and others'`() async throws {
        try await StoreDatabase.with { database in
            var log = try Log(database)
            let (other, ended) = (ConsumerID.fresh(at: .now()), ConsumerID.fresh(at: .now()))
            _ = try log.claim(0, 5)
            _ = try log.claim(5)
            _ = try log.claim([2], for: other)
            _ = try log.claim([3], for: ended)
            try log.endLease(of: ended)
            try log.root.run("UPDATE postern.lanes SET owner = gen_random_uuid() WHERE lane = 7")
            let surveys = [
                try Self.renew(log.me, &log),
                try ConsumerRegistry.survey(log.me, &log.consumer, within: Self.within),
            ]
            for survey in surveys {
                #expect(survey.lanes == 8)
                #expect(survey.own == [LeasedLane(lane: Lane(0), fence: 1), LeasedLane(lane: Lane(5), fence: 2)])
                #expect(survey.free == [1, 3, 4, 6, 7].map { Lane($0) })
            }
        }
    }

    @Test func `forgets who was silent for long`() async throws {
        try await StoreDatabase.with { database in
            var log = try Log(database)
            try log.root.run(
                """
                INSERT INTO postern.consumers (id, host, seen_at)
                SELECT gen_random_uuid(), 'h', now() - i * interval '1 hour' FROM generate_series(0, 3) i
                """
            )
            let gone = try ConsumerRegistry.forget(silentFor: .seconds(5400), &log.consumer, within: Self.within)
            #expect(gone == 2)
            #expect(try log.number("SELECT count(*) FROM postern.consumers") == 2)
        }
    }
}
