import PosternModel
import PosternPostgres
import PosternStore
import Testing

@Suite(.timeLimit(.minutes(5))) struct EventFeedTests {
    private static func request(
        _ route: borrowing Route,
        lane: Int32 = 1,
        after: Int64 = 0,
        since: Duration = .seconds(-60),
        limit: Int = 100,
        organization: OrganizationID? = nil
    ) -> FeedRequest {
        FeedRequest(
            lane: Lane(lane),
            organization: organization ?? route.log.organization,
            after: after,
            since: Timestamp.now().advanced(by: since),
            limit: limit
        )
    }

    private static func read(_ requests: [FeedRequest], bytes: Int = 1 << 20, _ route: inout Route) throws -> FeedPage {
        try EventFeed.read(
            requests,
            owner: route.log.me,
            bytesInAll: bytes,
            &route.log.consumer,
            within: StoreDatabase.deadline
        )
    }

    /// `lane.number` of each event, `+` where there may be more.
    private static func shape(_ page: FeedPage) -> [String] {
        zip(page.events, page.isCut).map { events, isCut in
            events.map { "\($0.lane).\($0.number)" }.joined(separator: " ") + (isCut ? "+" : "")
        }
    }

    @Test func `gives each request its organization's events in order, and the heads of the lanes`() async throws {
        try await StoreDatabase.with { database in
            var route = try Route(database)
            _ = try route.log.claim(1, 2)
            let other = OrganizationID.fresh(at: .now())
            try route.store(1...3)
            try route.store(4...6, organization: other)
            try route.store(7...8)
            try route.store(9...9, organization: other)
            try route.store(1...2, lane: 2)
            let page = try Self.read(
                [
                    Self.request(route, lane: 2), Self.request(route, after: 2),
                    Self.request(route, organization: other), Self.request(route, after: 8),
                ],
                &route
            )
            #expect(Self.shape(page) == ["2.1 2.2", "1.3 1.7 1.8", "1.4 1.5 1.6 1.9", ""])
            #expect(page.heads == [Lane(1): 9, Lane(2): 2])
            let time = try #require(page.time)
            #expect(abs(time.microseconds(since: .now())) < 60_000_000)
            let event = try #require(page.events[0].first)
            #expect(event.data == Array("{}".utf8) && event.organization == route.log.organization)
        }
    }

    @Test func `says where there may be more for want of rows`() async throws {
        try await StoreDatabase.with { database in
            var route = try Route(database)
            _ = try route.log.claim(1)
            try route.store(1...3)
            for (limit, shape) in [(4, "1.1 1.2 1.3"), (3, "1.1 1.2 1.3+"), (2, "1.1 1.2+"), (1, "1.1+")] {
                #expect(Self.shape(try Self.read([Self.request(route, limit: limit)], &route)) == [shape])
            }
        }
    }

    @Test func `says where there may be more for want of room`() async throws {
        // Three requests: two events of 10 bytes each, none, and two more.
        let cases: [(bytes: Int, shape: [String])] = [
            (0, ["+", "", "+"]), (1, ["1.1+", "", "+"]), (10, ["1.1+", "", "+"]), (11, ["1.1 1.2+", "", "+"]),
            (20, ["1.1 1.2+", "", "+"]), (21, ["1.1 1.2", "", "2.1+"]), (30, ["1.1 1.2", "", "2.1+"]),
            (31, ["1.1 1.2", "", "2.1 2.2+"]), (40, ["1.1 1.2", "", "2.1 2.2+"]), (41, ["1.1 1.2", "", "2.1 2.2"]),
        ]
        try await StoreDatabase.with { database in
            var route = try Route(database)
            _ = try route.log.claim(1, 2)
            try route.store(1...2, data: #"{"n":"ab"}"#)
            try route.store(1...2, lane: 2, data: #"{"n":"ab"}"#)
            let requests = [
                Self.request(route), Self.request(route, organization: .fresh(at: .now())),
                Self.request(route, lane: 2),
            ]
            for (bytes, shape) in cases {
                #expect(Self.shape(try Self.read(requests, bytes: bytes, &route)) == shape, "\(bytes)")
            }
        }
    }

    @Test func `gives nothing of lanes that are not ours, and no head for them`() async throws {
        try await StoreDatabase.with { database in
            var route = try Route(database)
            try route.store(1...3)
            let requests = [Self.request(route)]
            var page = try Self.read(requests, &route)
            #expect(Self.shape(page) == ["+"] && page.heads.isEmpty && page.time == nil)
            _ = try route.log.claim(1)
            page = try Self.read(requests, &route)
            #expect(Self.shape(page) == ["1.1 1.2 1.3"])
            try route.run("UPDATE postern.lanes SET owner = gen_random_uuid()")
            page = try Self.read(requests, &route)
            #expect(Self.shape(page) == ["+"] && page.heads.isEmpty)
            #expect(try Self.read([], &route).events.isEmpty)
        }
    }

    @Test func `forgives clocks that differ by a day, and looks at no older event`() async throws {
        try await StoreDatabase.with { database in
            var route = try Route(database)
            _ = try route.log.claim(1)
            let today = CivilDate(.now()).start.advanced(by: .seconds(43_200))
            try route.store(1...1, at: "'\(today)'::timestamptz - interval '24 hours 1 second'")
            try route.store(2...2, at: "'\(today)'::timestamptz - interval '24 hours'")
            try route.store(3...3, at: "now() + interval '23 hours'")
            try route.store(4...4, at: "now() + interval '25 hours'")
            let request = FeedRequest(
                lane: Lane(1),
                organization: route.log.organization,
                after: 0,
                since: today,
                limit: 9
            )
            #expect(Self.shape(try Self.read([request], &route)) == ["1.2 1.3"])
        }
    }

    @Test func `sees the head and the events of one moment`() async throws {
        try await StoreDatabase.with { database in
            var route = try Route(database)
            _ = try route.log.claim(1)
            try route.store(1...2)
            try route.run("BEGIN")
            try route.store(3...4)
            var page = try Self.read([Self.request(route)], &route)
            #expect(Self.shape(page) == ["1.1 1.2"] && page.heads == [Lane(1): 2])
            try route.run("COMMIT")
            page = try Self.read([Self.request(route)], &route)
            #expect(Self.shape(page) == ["1.1 1.2 1.3 1.4"] && page.heads == [Lane(1): 4])
        }
    }

    @Test func `reads through the index of the organization, and only the days that can hold anything`() async throws {
        try await StoreDatabase.with { database in
            var route = try Route(database)
            _ = try route.log.claim(1)
            for day in -9...(-2) {
                let name = CivilDate(daysSince1970: CivilDate(.now()).daysSince1970 + Int64(day)).description
                try route.run(
                    """
                    CREATE TABLE postern.events_\(name.filter { $0 != "-" }) PARTITION OF postern.events
                    FOR VALUES FROM ('\(name) 00:00:00+00')
                        TO ('\(name) 00:00:00+00'::timestamptz + interval '1 day')
                    """
                )
            }
            try route.store(1...3)
            _ = try Self.read([Self.request(route)], &route)
            let plan = try route.log.consumer.plan(
                of: "delivery_feed",
                [
                    "'{1}'", "ARRAY['\(route.log.organization)']::uuid[]", "'{0}'",
                    "ARRAY[now() - interval '25 hours']",
                    "'{10}'", "'\(route.log.me)'", "now() - interval '25 hours'", "1000",
                    "100000",
                ]
            )
            #expect(!plan.contains("Seq Scan on events"), "\(plan)")
            #expect(plan.contains("lane_org_id_number_idx"), "\(plan)")
            // A day before the request, which is an hour old, and a day behind now.
            let scans = plan.split(separator: "\n").filter { $0.contains("Index Scan") && $0.contains(" on events_") }
            #expect((3...4).contains(scans.count), "\(plan)")
        }
    }

    @Test(arguments: [1, 2, 40])
    func `starts at the request's number when the database knows how many rows there are`(organizations: Int)
        async throws
    {
        try await StoreDatabase.with { database in
            var route = try Route(database)
            _ = try route.log.claim(1)
            let count: Int64 = 40_000
            for index in 0..<Int64(organizations) {
                let share = count / Int64(organizations)
                let other = index == 0 ? nil : OrganizationID.fresh(at: .now())
                try route.store((index * share + 1)...((index + 1) * share), organization: other)
            }
            try route.run("ANALYZE postern.events")
            // Often enough for the plan that is kept.
            for _ in 0..<8 { _ = try Self.read([Self.request(route)], &route) }
            let plan = try route.log.consumer.plan(
                of: "delivery_feed",
                [
                    "'{1}'", "ARRAY['\(route.log.organization)']::uuid[]", "'{\(count / Int64(organizations) - 100)}'",
                    "ARRAY[now() - interval '25 hours']", "'{10}'", "'\(route.log.me)'", "now() - interval '25 hours'",
                    "1000000", "100000",
                ]
            )
            let scans = plan.split(separator: "\n").filter { $0.contains("Index Cond") && $0.contains("lane = ") }
            #expect(!scans.isEmpty && scans.allSatisfy { $0.contains("number > ") }, "\(plan)")
            // The requests are numbered, so not even they are sorted.
            #expect(plan.matches(of: /->  (Incremental )?Sort/).isEmpty, "\(plan)")
        }
    }

    @Test func `looks at a part of a lane that is far ahead, and says which`() async throws {
        try await StoreDatabase.with { database in
            var route = try Route(database)
            _ = try route.log.claim(1)
            try route.store(1...2)
            try route.store(150_000...150_000)
            var page = try Self.read([Self.request(route)], &route)
            #expect(Self.shape(page) == ["1.1 1.2"] && page.reach == [100_000] && page.heads == [Lane(1): 150_000])
            page = try Self.read([Self.request(route, after: 100_000)], &route)
            #expect(Self.shape(page) == ["1.150000"] && page.reach == [150_000])
        }
    }
}
