import PosternModel
import PosternPostgres
import PosternStore
import Testing

@Suite(.timeLimit(.minutes(2))) struct LaneLeasesTests {
    private static let within = StoreDatabase.deadline
    private static let lease = Duration.seconds(10)

    @Test func `raises the fence with every claim`() async throws {
        try await StoreDatabase.with { database in
            var connection = try database.connect(.consumer)
            var root = try database.connect()
            var fences: [Int64] = []
            for _ in 0..<3 {
                let lease = try LaneLeases.claim(
                    Lane(3),
                    for: .fresh(at: .now()),
                    lease: Self.lease,
                    &connection,
                    within: Self.within
                )
                fences.append(try #require(lease).fence)
                try root.run("UPDATE postern.lanes SET leased_until = now() - interval '1 ms'")
            }
            #expect(fences == [1, 2, 3])
        }
    }

    @Test func `leaves a lane to its owner until the lease has ended`() async throws {
        try await StoreDatabase.with { database in
            var connection = try database.connect(.consumer)
            let (first, second) = (ConsumerID.fresh(at: .now()), ConsumerID.fresh(at: .now()))
            func claim(_ consumer: ConsumerID) throws -> LeasedLane? {
                try LaneLeases.claim(Lane(3), for: consumer, lease: Self.lease, &connection, within: Self.within)
            }
            #expect(try claim(first)?.fence == 1)
            #expect(try claim(second) == nil)
            // We may have been granted it and not have heard of it.
            #expect(try claim(first)?.fence == 2)
            #expect(
                try LaneLeases.claim(Lane(99), for: first, lease: Self.lease, &connection, within: Self.within) == nil
            )
        }
    }

    @Test func `renews what is still its own`() async throws {
        try await StoreDatabase.with { database in
            var log = try Log(database)
            let leases = try log.claim(1, 2, 3)
            try log.root.run(
                """
                UPDATE postern.lanes SET leased_until = now() - interval '1 hour';
                UPDATE postern.lanes SET owner = gen_random_uuid() WHERE lane = 1;
                UPDATE postern.lanes SET fence = fence + 1 WHERE lane = 2;
                """
            )
            let renewed = try LaneLeases.renew(
                leases,
                of: log.me,
                lease: Self.lease,
                &log.consumer,
                within: Self.within
            )
            #expect(renewed == [leases[2]])
            let until = "SELECT lane FROM postern.lanes WHERE leased_until > now() + interval '9 s'"
            #expect(try log.root.texts(until) == ["3"])
        }
    }

    @Test func `gives back what is still its own`() async throws {
        try await StoreDatabase.with { database in
            var log = try Log(database)
            let leases = try log.claim(1, 2)
            try log.root.run("UPDATE postern.lanes SET owner = gen_random_uuid(), fence = 7 WHERE lane = 2")
            try LaneLeases.release(leases, of: log.me, &log.consumer, within: Self.within)
            let owned = "SELECT lane FROM postern.lanes WHERE owner IS NOT NULL AND leased_until > now()"
            #expect(try log.root.texts(owned) == ["2"])
            // The fence stays, so that whoever is late with a batch of the old lease is still refused.
            #expect(try log.number("SELECT fence FROM postern.lanes WHERE lane = 1") == 1)
        }
    }
}
