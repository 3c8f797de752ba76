import PosternModel
import PosternPostgres
import PosternStore
import Testing

@Suite(.timeLimit(.minutes(5))) struct DeadLetterReaderTests {
    private static let within = StoreDatabase.deadline

    private static func with(
        _ count: Int,
        headerBytes: Int = 0,
        _ body: @escaping @Sendable (StoreDatabase, inout Connection) throws -> Void
    ) async throws {
        try await StoreDatabase.with { database in
            var superuser = try database.connect()
            try Letters.store(count, headerBytes: headerBytes, &superuser)
            var session = try database.connect(.operator)
            try body(database, &session)
        }
    }

    /// The numbers of the letters a filter lists.
    private static func numbers(
        _ filter: DeadLetterFilter,
        before: DeadLetterID? = nil,
        limit: Int = 100,
        _ session: inout Connection
    ) throws -> [Int] {
        try DeadLetterReader.list(filter, before: before, limit: limit, &session, within: Self.within)
            .compactMap { Int($0.detail.dropFirst(7)) }
    }

    @Test func `lists letters of several states in one order, newest first, page by page`() async throws {
        try await Self.with(60) { database, session in
            let all = Array((1...60).reversed())
            let everything = DeadLetterFilter(states: DeadLetterState.allCases)
            #expect(try Self.numbers(everything, &session) == all)
            #expect(try Self.numbers(DeadLetterFilter(), &session) == all.filter { $0 % 4 != 0 })
            let open = DeadLetterFilter(states: [.open], organization: Traffic.organization(1))
            #expect(try Self.numbers(open, &session) == all.filter { $0 % 3 == 1 && $0 % 4 != 0 && $0 % 5 != 0 })
            #expect(try Self.numbers(everything, limit: 0, &session).count == 1)
            let page = try DeadLetterReader.list(open, limit: 4, &session, within: Self.within)
            #expect(page.map(\.detail) == ["detail 58", "detail 49", "detail 46", "detail 43"])
            #expect(try Self.numbers(open, before: page.last?.id, limit: 2, &session) == [37, 34])
            let first = try #require(page.dropFirst().first)
            #expect(first.id == Letters.id(49) && first.lane == Lane(49 % 8))
            #expect(first.reason == "http_5xx" && first.attempts == 1 + 49 % 5 && first.payloadBytes == 49 % 9)
            #expect(first.type == "order_4" && first.destination == Letters.destination && first.platform == "stripe")
            #expect(first.state == .open && first.requiresManualReview && first.replay == nil)
            #expect(first.createdAt == Timestamp(seconds: 49) && first.failedAt == first.createdAt)
            var admin = try database.connect(.admin)
            let own = try admin.transaction(for: Traffic.organization(2), within: Self.within) {
                transaction throws(PostgresError) in
                try DeadLetterReader.list(DeadLetterFilter(), limit: 100, &transaction, within: Self.within)
            }
            #expect(own.count == 15)
            #expect(own.allSatisfy { $0.organization == Traffic.organization(2) })
        }
    }

    /// A condition, and the numbers of the letters that meet it.
    struct Condition: Sendable, CustomTestStringConvertible {
        let testDescription: String
        let filter: DeadLetterFilter
        let holds: @Sendable (Int) -> Bool

        init(_ name: String, _ filter: DeadLetterFilter, _ holds: @escaping @Sendable (Int) -> Bool) {
            self.testDescription = name
            self.filter = filter
            self.holds = holds
        }
    }

    private static let anyState = DeadLetterState.allCases
    static let conditions = [
        Condition("platform", DeadLetterFilter(states: anyState, platform: "stripe")) { $0 % 7 == 0 },
        Condition("type", DeadLetterFilter(states: anyState, typeGlob: "order_3")) { $0 % 2 == 1 && $0 % 5 == 3 },
        Condition("type with a star", DeadLetterFilter(states: anyState, typeGlob: "ord*")) { $0 % 2 == 1 },
        Condition("type with a question mark", DeadLetterFilter(states: anyState, typeGlob: "order?1")) {
            $0 % 2 == 1 && $0 % 5 == 1
        },
        Condition("type with what LIKE takes for a pattern", DeadLetterFilter(states: anyState, typeGlob: "order%")) {
            _ in false
        },
        Condition("reason", DeadLetterFilter(states: anyState, reason: "malformed_json")) { $0 % 2 == 0 },
        Condition("destination", DeadLetterFilter(states: anyState, destination: Letters.destination)) { $0 % 2 == 1 },
        Condition(
            "endpoint",
            DeadLetterFilter(
                states: anyState,
                endpoint: EndpointID(UniqueID(high: 0xBBBB_0000_0000_7000, low: 0x8000_0000_0000_0002))
            )
        ) { $0 % 4 == 2 },
        Condition("since", DeadLetterFilter(states: anyState, since: Timestamp(seconds: 31))) { $0 >= 31 },
        Condition("until", DeadLetterFilter(states: anyState, until: Timestamp(seconds: 31))) { $0 < 31 },
        Condition(
            "several",
            DeadLetterFilter(
                states: [.open],
                organization: Traffic.organization(1),
                platform: "github",
                reason: "http_5xx",
                since: Timestamp(seconds: 10),
                until: Timestamp(seconds: 50)
            )
        ) { (10..<50).contains($0) && $0 % 3 == 1 && $0 % 7 != 0 && $0 % 2 == 1 && $0 % 5 != 0 },
    ]

    @Test(arguments: conditions)
    func `lists and counts what meets a condition`(condition: Condition) async throws {
        try await Self.with(80) { _, session in
            let expected = (1...80).reversed().filter(condition.holds)
            #expect(try Self.numbers(condition.filter, &session) == expected)
            let counts = try DeadLetterReader.count(condition.filter, &session, within: Self.within)
            #expect(counts.total == Int64(expected.count))
            let groups = try DeadLetterReader.groups(condition.filter, limit: 100, &session, within: Self.within)
            #expect(groups.reduce(0) { $0 + $1.count } == Int64(expected.count))
        }
    }

    @Test func `groups by organization and fingerprint, with counts and times`() async throws {
        try await Self.with(60) { database, session in
            var superuser = try database.connect()
            try superuser.run(
                """
                UPDATE postern.webhook_dead_letter_queue SET replay_id = gen_random_uuid() WHERE id = '\(Letters.id(2))'
                """
            )
            let filter = DeadLetterFilter(states: DeadLetterState.allCases, reason: "malformed_json")
            let groups = try DeadLetterReader.groups(filter, limit: 100, &session, within: Self.within)
            // By organization and platform: three and two; the types are none and the reasons one.
            #expect(groups.count == 6)
            #expect(groups.map(\.count) == groups.map(\.count).sorted(by: >))
            let group = try #require(
                groups.first { $0.organization == Traffic.organization(2) && $0.platform == "github" }
            )
            let numbers = (1...60).filter { $0 % 2 == 0 && $0 % 3 == 2 && $0 % 7 != 0 }
            #expect(group.count == Int64(numbers.count) && group.replaying == 1)
            #expect(group.firstSeen == Timestamp(seconds: 2) && group.lastSeen == Timestamp(seconds: 50))
            #expect(group.type == nil && group.destination == nil && group.reason == "malformed_json")
            let members = DeadLetterFilter(
                states: DeadLetterState.allCases,
                organization: group.organization,
                fingerprint: group.fingerprint
            )
            #expect(try Self.numbers(members, &session) == numbers.reversed())
        }
    }

    @Test func `counts by state`() async throws {
        try await Self.with(40) { _, session in
            let filter = DeadLetterFilter(states: DeadLetterState.allCases)
            let counts = try DeadLetterReader.count(filter, &session, within: Self.within)
            #expect(counts.byState == [.resolved: 10, .acknowledged: 6, .open: 24])
            #expect(counts.total == 40 && counts.replaying == 0)
            let early = try DeadLetterReader.count(filter, through: Letters.id(4), &session, within: Self.within)
            #expect(early.byState == [.resolved: 1, .open: 3])
        }
    }

    @Test func `finds one letter with its attempts and its history`() async throws {
        try await Self.with(10) { database, session in
            var superuser = try database.connect()
            let event = try superuser.texts(
                "SELECT event_id FROM postern.webhook_dead_letter_queue WHERE id = '\(Letters.id(7))'"
            )[0]
            try superuser.run(
                """
                INSERT INTO postern.attempts (lane, started_at, id, org_id, destination_id, event_id, attempt_number,
                    duration, outcome, status, answer, error)
                VALUES (7, now() - interval '1 minute', gen_random_uuid(), '\(Traffic.organization(1))',
                    '\(Letters.destination)', '\(event)', 1, '250 ms', 'timeout', NULL, NULL, 'no answer in 250 ms'),
                    (7, now(), gen_random_uuid(), '\(Traffic.organization(1))', '\(Letters.destination)', '\(event)', 2,
                    '12 ms', 'http_5xx', 503, 'busy', NULL),
                    (7, now(), gen_random_uuid(), '\(Traffic.organization(1))', gen_random_uuid(), '\(event)', 1,
                    '12 ms', 'delivered', 200, 'another destination', NULL);
                """
            )
            let letter = try #require(try DeadLetterReader.find(Letters.id(7), &session, within: Self.within))
            #expect(letter.listing.detail == "detail 7" && letter.payload.count == 7)
            #expect(letter.attributes.map { String(decoding: $0, as: UTF8.self) } == #"{"id": "e"}"#)
            #expect(letter.definitionVersion == 3 && letter.eventNumber == 7)
            #expect(letter.attempts.map(\.number) == [1, 2])
            #expect(letter.attempts.map(\.duration) == [.milliseconds(250), .milliseconds(12)])
            #expect(letter.attempts.map(\.outcome) == ["timeout", "http_5xx"])
            #expect(letter.attempts[0].error == "no answer in 250 ms" && letter.attempts[1].answer == "busy")
            #expect(try DeadLetterReader.find(.fresh(at: .now()), &session, within: Self.within) == nil)
            #expect(try DeadLetterReader.history(of: Letters.id(7), &session, within: Self.within).isEmpty)
        }
    }

    @Test func `answers from an index at 100,000 letters`() async throws {
        try await Self.with(100_000, headerBytes: 500) { _, session in
            let filter = DeadLetterFilter(typeGlob: "order_3", reason: "http_5xx")
            var own = filter
            own.organization = Traffic.organization(1)
            let clock = ContinuousClock()
            var lines: [String] = []
            func measure(_ name: String, _ work: () throws -> Void) rethrows {
                // The best of five: other tests run beside this one.
                var best = Duration.seconds(60)
                for _ in 0..<5 { best = min(best, try clock.measure { try work() }) }
                lines.append("\(name) \(best)")
            }
            for (name, filter) in [("all", DeadLetterFilter()), ("filtered", filter), ("one organization", own)] {
                try measure("list \(name)") { _ = try Self.numbers(filter, limit: 50, &session) }
                try measure("count \(name)") {
                    _ = try DeadLetterReader.count(filter, &session, within: Self.within)
                }
                try measure("groups \(name)") {
                    _ = try DeadLetterReader.groups(filter, limit: 50, &session, within: Self.within)
                }
            }
            print("100,000 dead letters: \(lines.joined(separator: "; "))")
            let states = "'{open,acknowledged}'"
            let none = "NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL"
            let ends = "'00000000-0000-0000-0000-000000000000', 'ffffffff-ffff-ffff-ffff-ffffffffffff'"
            let list = try session.plan(of: "dead_letters_list", [states, none, ends, "50"])
            #expect(list.contains("Index Only Scan Backward using webhook_dead_letter_queue_review on"), "\(list)")
            #expect(!list.contains("Seq Scan"))
            let count = try session.plan(of: "dead_letters_count", [states, none, ends])
            #expect(count.contains("Index Only Scan using webhook_dead_letter_queue_review on"), "\(count)")
            let groups = try session.plan(of: "dead_letters_groups", [states, none, ends, "50"])
            #expect(groups.contains("Index Only Scan using webhook_dead_letter_queue_review on"), "\(groups)")
            let organization = "'\(Traffic.organization(1))'"
            for name in ["dead_letters_list_of_organization", "dead_letters_groups_of_organization"] {
                let plan = try session.plan(of: name, [states, none, ends, organization, "50"])
                #expect(plan.contains("webhook_dead_letter_queue_review_of_organization"), "\(plan)")
            }
        }
    }
}
