import PosternModel
import PosternPostgres
import PosternStore
import Testing

@Suite struct EventReaderTests {
    private static let within = StoreDatabase.deadline

    private static func with(
        events count: Int,
        _ body: @escaping @Sendable (StoreDatabase, inout Connection) throws -> Void
    ) async throws {
        try await StoreDatabase.with { database in
            var superuser = try database.connect()
            try Traffic.makeDays(3, &superuser)
            try Traffic.storeEvents(count, &superuser)
            var connection = try database.connect(.operator)
            try body(database, &connection)
        }
    }

    @Test func `lists page by page, newest first, every event of the organization once`() async throws {
        try await Self.with(events: 1000) { database, _ in
            var admin = try database.connect(.admin)
            let organization = Traffic.organization(2)
            var pages: [[EventRecord]] = []
            repeat {
                let cursor = pages.last?.last?.id
                pages.append(
                    try admin.transaction(for: organization, within: Self.within) { transaction throws(PostgresError) in
                        try EventReader.list(
                            of: organization,
                            before: cursor,
                            limit: 60,
                            &transaction,
                            within: Self.within
                        )
                    }
                )
            } while pages.last?.isEmpty == false
            #expect(pages.map(\.count) == [60, 60, 60, 20, 0])
            let events = pages.flatMap(\.self)
            #expect(events.map(\.id) == Set(events.map(\.id)).sorted(by: >))
            #expect(events.allSatisfy { $0.organization == organization })
            // Number 997 is the newest of organization 2: what is read is what was stored.
            let first = try #require(events.first)
            #expect(first.key == "key 997")
            #expect(first.lane == Lane(997 % 8))
            #expect(first.number == 997 / 8)
            #expect(first.platform == "stripe")
            #expect(first.type == "type.\(997 % 7)")
            #expect(first.account == "account \(997 % 11)")
            #expect(first.subject == nil)
            #expect(first.time == first.storedAt)
            #expect(first.data == Array(#"{"n": 997}"#.utf8))
            #expect(abs(first.id.id.embeddedTime.microseconds(since: first.storedAt)) <= 1000)
        }
    }

    @Test func `shows an organization nothing of another, whatever it asks for`() async throws {
        try await Self.with(events: 100) { database, session in
            var admin = try database.connect(.admin)
            let events = try admin.transaction(for: Traffic.organization(1), within: Self.within) {
                transaction throws(PostgresError) in
                try EventReader.list(of: Traffic.organization(2), limit: 60, &transaction, within: Self.within)
            }
            #expect(events == [])
            let theirs = try EventReader.list(of: Traffic.organization(2), limit: 1, &session, within: Self.within)
            let id = try #require(theirs.first?.id)
            #expect(
                try EventReader.find(id, of: Traffic.organization(2), &session, within: Self.within) == theirs.first
            )
            #expect(try EventReader.find(id, of: Traffic.organization(1), &session, within: Self.within) == nil)
        }
    }

    @Test(arguments: [(0, 1), (1, 1), (-5, 1), (1000, 200), (Int.max, 200)])
    func `bounds a page`(limit: Int, expected: Int) async throws {
        try await Self.with(events: 1000) { _, session in
            let events = try EventReader.list(of: Traffic.organization(0), limit: limit, &session, within: Self.within)
            #expect(events.count == expected)
        }
    }

    @Test func `filters by platform, type, account, endpoint and time, all at once`() async throws {
        try await Self.with(events: 1000) { _, session in
            func numbers(_ filter: EventFilter) throws -> Set<Int> {
                let events = try EventReader.list(
                    of: Traffic.organization(1),
                    filter,
                    limit: 1000,
                    &session,
                    within: Self.within
                )
                return Set(events.compactMap { Int($0.key.dropFirst(4)) })
            }
            let own = Set((1...1000).filter { $0 % 5 == 1 })
            #expect(try numbers(EventFilter()) == own)
            #expect(try numbers(EventFilter(platform: PlatformName("github"))) == own.filter { $0 % 3 == 0 })
            #expect(try numbers(EventFilter(type: "type.4")) == own.filter { $0 % 7 == 4 })
            #expect(try numbers(EventFilter(account: "account 10")) == own.filter { $0 % 11 == 10 })
            #expect(
                try numbers(EventFilter(platform: PlatformName("stripe"), type: "type.4", account: "account 2"))
                    == own.filter { $0 % 3 != 0 && $0 % 7 == 4 && $0 % 11 == 2 }
            )
            let one = try #require(
                EventReader.list(of: Traffic.organization(1), limit: 1, &session, within: Self.within).first
            )
            #expect(try numbers(EventFilter(endpoint: one.endpoint)).count == 1)
            #expect(try numbers(EventFilter(since: one.storedAt)).count == 1)
            #expect(try numbers(EventFilter(since: Timestamp(microseconds: one.storedAt.microseconds + 1))) == [])
            #expect(try numbers(EventFilter(type: "type.*")) == [])
        }
    }

    @Test func `reads a page by the index of the newest, one probe a day and no sort`() async throws {
        try await Self.with(events: 60_000) { _, session in
            let organization = Traffic.organization(3)
            let first = try EventReader.list(of: organization, limit: 5, &session, within: Self.within)
            let id = try #require(first.last?.id)
            _ = try EventReader.list(of: organization, before: id, limit: 5, &session, within: Self.within)
            let nothing = ["NULL", "NULL", "NULL", "NULL", "50"]
            let plan = try session.plan(of: "events_list", ["'\(organization)'", "NULL", "NULL", "NULL"] + nothing)
            #expect(plan.contains("Merge Append"))
            #expect(plan.matches(of: /Index Scan Backward using events_\d{8}_org_id_id_idx/).count >= 4)
            #expect(!plan.contains("->  Sort"))
            // Yesterday only: the three days before are not looked at, nor what is to come.
            let since = try session.plan(
                of: "events_list",
                ["'\(organization)'", "'\(id)'", "'\(Self.yesterday) 00:00+00'", "'\(Self.yesterday) 23:59+00'"]
                    + nothing
            )
            #expect(since.matches(of: /on events_\d{8}/).count == 1)
        }
    }

    @Test func `reads pages of a tenant by the same index, through row-level security`() async throws {
        try await Self.with(events: 60_000) { database, _ in
            var admin = try database.connect(.admin)
            let organization = Traffic.organization(3)
            let plan = try admin.transaction(for: organization, within: Self.within) {
                transaction throws(PostgresError) in
                _ = try EventReader.list(of: organization, limit: 5, &transaction, within: Self.within)
                return try transaction.plan(
                    of: "events_list",
                    ["'\(organization)'", "NULL", "NULL", "NULL", "NULL", "NULL", "NULL", "NULL", "50"]
                )
            }
            #expect(plan.matches(of: /Index Scan Backward using events_\d{8}_org_id_id_idx/).count >= 4)
            #expect(!plan.contains("->  Sort"))
        }
    }

    @Test func `follows all lanes from where they end, in the order of each lane`() async throws {
        try await Self.with(events: 80) { database, session in
            var superuser = try database.connect()
            func store(_ lane: Int, _ number: Int, _ organization: Int) throws {
                try superuser.run(
                    """
                    INSERT INTO postern.events SELECT \(lane), \(number), clock_timestamp(), gen_random_uuid(),
                        '\(Traffic.organization(organization))', gen_random_uuid(), gen_random_uuid(), 'x', 1, 't', 's',
                        NULL, NULL, NULL, '\(lane).\(number)', '{}'
                    """
                )
            }
            var position = try EventReader.position(&session, within: Self.within)
            #expect(position.numbers.count == Int(StoreDatabase.lanes))
            #expect(position.numbers[Lane(0)] == 10)
            func tail(of organization: OrganizationID? = nil, perLane: Int = 100) throws -> [String] {
                try EventReader.tail(
                    after: &position,
                    of: organization,
                    perLane: perLane,
                    &session,
                    within: Self.within
                ).map(\.key)
            }
            #expect(try tail() == [])
            try store(0, 11, 1)
            try store(3, 11, 2)
            try store(0, 12, 2)
            #expect(try tail() == ["0.11", "3.11", "0.12"])
            #expect(try tail() == [])
            for number in 13...17 { try store(0, number, 1) }
            try store(5, 11, 1)
            #expect(try tail(perLane: 2) == ["0.13", "0.14", "5.11"])
            #expect(try tail(perLane: 2) == ["0.15", "0.16"])
            #expect(try tail(of: Traffic.organization(2)) == [])
            #expect(try tail(of: Traffic.organization(1)) == ["0.17"])
            #expect(position.numbers[Lane(0)] == 17)
            #expect(position.numbers[Lane(1)] == 9)
        }
    }

    @Test func `follows by index, and leaves out the days before its position`() async throws {
        try await Self.with(events: 60_000) { _, session in
            var position = try EventReader.position(&session, within: Self.within)
            _ = try EventReader.tail(after: &position, of: nil, &session, within: Self.within)
            _ = try EventReader.tail(after: &position, of: Traffic.organization(1), &session, within: Self.within)
            let values = ["ARRAY[0, 1, 2]", "ARRAY[3000, 3000, 3000]", "'\(Self.yesterday) 00:00+00'", "10"]
            let stamp = Self.yesterday.description.filter { $0 != "-" }
            let all = try session.plan(of: "events_tail", values)
            #expect(all.contains("Index Scan using events_\(stamp)_pkey"))
            let own = try session.plan(of: "events_tail_of_organization", values + ["'\(Traffic.organization(1))'"])
            #expect(own.contains("Index Scan using events_\(stamp)_lane_org_id_number_idx"))
            for plan in [all, own] {
                #expect(!plan.contains("->  Sort"))
                // Yesterday, today and a week ahead; not the three days before.
                #expect(plan.matches(of: /on events_\d{8}/).count == 9)
            }
        }
    }

    private static let yesterday = CivilDate(daysSince1970: CivilDate(.now()).daysSince1970 - 1)
}
