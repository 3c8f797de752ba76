import PosternModel
import PosternPostgres
import PosternStore
import Testing

@Suite(.timeLimit(.minutes(5))) struct LaneLeasesTests {
    private static let within = StoreDatabase.deadline

    @Test func `raises the fence with every claim`() async throws {
        try await StoreDatabase.with { database in
            var log = try Log(database)
            var fences: [Int64] = []
            for _ in 0..<3 {
                let consumer = ConsumerID.fresh(at: .now())
                fences.append(contentsOf: try log.claim([3], for: consumer).map(\.fence))
                try log.endLease(of: consumer)
            }
            #expect(fences == [1, 2, 3])
        }
    }

    @Test func `leaves a lane to its owner until the lease has ended`() async throws {
        try await StoreDatabase.with { database in
            var log = try Log(database)
            let (first, second) = (ConsumerID.fresh(at: .now()), ConsumerID.fresh(at: .now()))
            #expect(try log.claim([3], for: first).map(\.fence) == [1])
            #expect(try log.claim([3], for: second) == [])
            // We may have been granted it and not have heard of it.
            #expect(try log.claim([3], for: first).map(\.fence) == [2])
            #expect(try log.claim([99], for: first) == [])
            try log.endLease(of: first)
            #expect(try log.claim([3], for: second).map(\.fence) == [3])
        }
    }

    @Test func `gives nothing to a consumer whose lease is over`() async throws {
        try await StoreDatabase.with { database in
            var log = try Log(database)
            _ = try log.claim(3)
            try log.endLease(of: log.me)
            func claim(_ lane: Int32, _ log: inout Log) throws -> LeasedLane? {
                try LaneLeases.claim(Lane(lane), for: log.me, &log.consumer, within: Self.within)
            }
            #expect(try claim(3, &log) == nil)
            #expect(try claim(4, &log) == nil)
            #expect(try LaneLeases.claim(Lane(4), for: .fresh(at: .now()), &log.consumer, within: Self.within) == nil)
        }
    }

    @Test func `gives back what is still its own`() async throws {
        try await StoreDatabase.with { database in
            var log = try Log(database)
            let leases = try log.claim(1, 2)
            try log.root.run("UPDATE postern.lanes SET owner = gen_random_uuid(), fence = 7 WHERE lane = 2")
            try LaneLeases.release(leases, of: log.me, &log.consumer, within: Self.within)
            #expect(try log.root.texts("SELECT lane FROM postern.lanes WHERE owner IS NOT NULL") == ["2"])
            // The fence stays, so that whoever is late with a batch of the old lease is still refused.
            #expect(try log.number("SELECT fence FROM postern.lanes WHERE lane = 1") == 1)
        }
    }
}
