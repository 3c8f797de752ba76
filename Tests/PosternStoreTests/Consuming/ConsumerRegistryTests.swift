import PosternModel
import PosternStore
import Testing

@Suite(.timeLimit(.minutes(2))) struct ConsumerRegistryTests {
    private static let within = StoreDatabase.deadline
    private static let lease = Duration.seconds(10)

    @Test func `counts who was seen within a lease`() async throws {
        try await StoreDatabase.with { database in
            var log = try Log(database)
            func appear(_ consumer: ConsumerID, _ log: inout Log) throws -> LaneSurvey {
                try ConsumerRegistry.appear(
                    consumer,
                    host: "h",
                    lease: Self.lease,
                    &log.consumer,
                    within: Self.within
                )
            }
            let other = ConsumerID.fresh(at: .now())
            #expect(try appear(log.me, &log).consumers == 1)
            #expect(try appear(other, &log).consumers == 2)
            #expect(try appear(other, &log).consumers == 2)
            try log.root.run("UPDATE postern.consumers SET seen_at = now() - interval '10.1 s' WHERE id = '\(other)'")
            #expect(try appear(log.me, &log).consumers == 1)
            try ConsumerRegistry.leave(log.me, &log.consumer, within: Self.within)
            #expect(try appear(other, &log).consumers == 1)
            #expect(try log.number("SELECT count(*) FROM postern.consumers") == 1)
        }
    }

    @Test func `tells free lanes from its own and others'`() async throws {
        try await StoreDatabase.with { database in
            var log = try Log(database)
            _ = try log.claim(0, 5)
            try log.root.run(
                """
                UPDATE postern.lanes SET owner = gen_random_uuid(), leased_until = now() + interval '1 h' WHERE lane = 2;
                UPDATE postern.lanes SET owner = gen_random_uuid(), leased_until = now() - interval '1 ms' WHERE lane = 3;
                UPDATE postern.lanes SET leased_until = now() - interval '1 ms' WHERE lane = 5;
                """
            )
            let survey = try ConsumerRegistry.appear(
                log.me,
                host: "h",
                lease: Self.lease,
                &log.consumer,
                within: Self.within
            )
            #expect(survey.lanes == 8)
            #expect(survey.own == [Lane(0), Lane(5)])
            #expect(survey.free == [1, 3, 4, 6, 7].map { Lane($0) })
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
