import PosternModel
import PosternPostgres
import PosternStore
import Synchronization
import Testing

@Suite struct TrafficCountsTests {
    private static let within = StoreDatabase.deadline
    private static let organization = OrganizationID(UniqueID(high: 0xAAAA_0000_0000_7000, low: 1))
    private static let other = OrganizationID(UniqueID(high: 0xBBBB_0000_0000_7000, low: 1))

    private static func count(
        lane: Int32 = 0,
        at time: Timestamp,
        organization: OrganizationID = Self.organization,
        endpoint: UInt64 = 1,
        platform: String = "github",
        _ outcome: TrafficOutcome,
        _ count: Int64
    ) throws -> TrafficCount {
        TrafficCount(
            lane: Lane(lane),
            at: time,
            organization: organization,
            endpoint: EndpointID(UniqueID(high: 9, low: endpoint)),
            platform: try #require(PlatformName(platform)),
            outcome: outcome,
            count: count
        )
    }

    @Test(
        arguments: [
            (0, 0), (59_999_999, 0), (60_000_000, 60), (119_999_999, 60), (-1, -60), (-60_000_000, -60),
            (-60_000_001, -120),
        ] as [(Int64, Int64)]
    )
    func `counts in the minute that holds the time`(microseconds: Int64, second: Int64) throws {
        let count = try Self.count(at: Timestamp(microseconds: microseconds), .accepted, 1)
        #expect(count.minute == Timestamp(seconds: second))
    }

    @Test(arguments: [StoreDatabase.Role.gateway, .consumer])
    func `adds to what is there, in any order and with the same row twice`(role: StoreDatabase.Role) async throws {
        try await StoreDatabase.with { database in
            let now = Timestamp.now()
            let counts = [
                try Self.count(lane: 3, at: now, .accepted, 5), try Self.count(lane: 1, at: now, .duplicate, 1),
                try Self.count(lane: 3, at: now, .accepted, 2),
                try Self.count(lane: 3, at: now, endpoint: 2, .accepted, 1),
                try Self.count(lane: 1, at: now, organization: Self.other, .accepted, 7),
            ]
            var connection = try database.connect(role)
            try TrafficCounts.add(counts, &connection, within: Self.within)
            try TrafficCounts.add(counts.reversed(), &connection, within: Self.within)
            try TrafficCounts.add([], &connection, within: Self.within)
            let rows = try connection.texts(
                """
                SELECT concat_ws(' ', lane, left(org_id::text, 4), right(endpoint_id::text, 1), outcome, count)
                FROM postern.traffic_minutes ORDER BY 1
                """
            )
            #expect(
                rows == ["1 aaaa 1 duplicate 2", "1 bbbb 1 accepted 14", "3 aaaa 1 accepted 14", "3 aaaa 2 accepted 2"]
            )
        }
    }

    @Test func `lets many processes add to the same rows at once`() async throws {
        try await StoreDatabase.with { database in
            let now = Timestamp.now()
            let counts = try (0..<300).map {
                try Self.count(lane: Int32($0 % 7), at: now, endpoint: UInt64($0), .accepted, 1)
            }
            let failures = Mutex<[String]>([])
            let threads = (0..<4).map { _ in
                ConnectionThread.start(name: "adder") {
                    do {
                        var connection = try database.connect(.gateway)
                        for _ in 0..<10 {
                            try TrafficCounts.add(counts.shuffled(), &connection, within: Self.within)
                        }
                    } catch {
                        failures.withLock { $0.append("\(error)") }
                    }
                }
            }
            let joined = Mutex(false)
            _ = Task {
                for thread in threads { await thread.join() }
                joined.withLock { $0 = true }
            }
            var connection = try database.connect(.gateway)
            while !joined.withLock({ $0 }) { _ = try connection.ask("SELECT pg_sleep(0.02)") }
            #expect(failures.withLock { $0 } == [])
            #expect(try connection.number("SELECT sum(count) FROM postern.traffic_minutes") == 4 * 10 * 300)
        }
    }

    @Test func `sums a window by platform and outcome, the first minute in and the last out`() async throws {
        try await StoreDatabase.with { database in
            let start = Timestamp(seconds: Timestamp.now().seconds / 60 * 60 - 600)
            func minute(_ offset: Int64) -> Timestamp { Timestamp(seconds: start.seconds + offset * 60) }
            var connection = try database.connect(.consumer)
            try TrafficCounts.add(
                [
                    try Self.count(at: minute(-1), .accepted, 1000), try Self.count(at: minute(0), .accepted, 1),
                    try Self.count(lane: 1, at: minute(4), .accepted, 2),
                    try Self.count(at: minute(5), .accepted, 2000),
                    try Self.count(at: minute(2), platform: "stripe", .rejected(reason: "bad_token"), 4),
                    try Self.count(at: minute(2), organization: Self.other, .accepted, 8),
                ],
                &connection,
                within: Self.within
            )
            var session = try database.connect(.operator)
            let all = try TrafficSums.load(from: minute(0), to: minute(5), &session, within: Self.within)
            #expect(
                all.map { "\($0.platform) \($0.outcome.text) \($0.count)" } == [
                    "github accepted 11", "stripe rejected_bad_token 4",
                ]
            )
            let one = try TrafficSums.load(
                of: Self.organization,
                from: minute(0),
                to: minute(5),
                &session,
                within: Self.within
            )
            #expect(one.map(\.count) == [3, 4])
            var admin = try database.connect(.admin)
            let own = try admin.transaction(for: Self.other, within: Self.within) { transaction throws(PostgresError) in
                try TrafficSums.load(from: minute(0), to: minute(5), &transaction, within: Self.within)
            }
            #expect(own.map(\.count) == [8])
            let plan = try session.plan(
                of: "traffic_sums_of_organization",
                ["'\(minute(0))'", "'\(minute(5))'", "'\(Self.organization)'"]
            )
            #expect(plan.matches(of: /traffic_minutes_\d{8}/).count > 0)
            #expect(Set(plan.matches(of: /on traffic_minutes_\d{8}/).map(\.output)).count <= 2)
        }
    }
}
