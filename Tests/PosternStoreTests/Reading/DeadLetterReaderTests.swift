import PosternModel
import PosternPostgres
import PosternStore
import Testing

@Suite struct DeadLetterReaderTests {
    private static let within = StoreDatabase.deadline

    /// Stores dead letters of three organizations; every fourth was reviewed.
    private static func with(
        _ count: Int,
        _ body: @escaping @Sendable (StoreDatabase, inout Connection) throws -> Void
    ) async throws {
        try await StoreDatabase.with { database in
            var superuser = try database.connect()
            try superuser.run(
                """
                \(Traffic.identifier)
                INSERT INTO postern.webhook_dead_letter_queue (lane, id, webhook_id, org_id, endpoint_id, platform,
                    headers, payload, failure_reason, failure_detail, attempts_made, review_state, created_at)
                SELECT n % 8, pg_temp.v7(to_timestamp(n), n), gen_random_uuid(),
                    ('aaaa0000-0000-7000-8000-00000000000' || n % 3)::uuid, gen_random_uuid(), 'github', '',
                    repeat('x', n % 9)::bytea,
                    'unparsable', 'detail ' || n, 1 + n % 5,
                    CASE n % 4 WHEN 0 THEN 'resolved' ELSE 'open' END, to_timestamp(n)
                FROM generate_series(1, \(count)) n;
                """
            )
            try superuser.run("VACUUM ANALYZE postern.webhook_dead_letter_queue")
            var session = try database.connect(.operator)
            try body(database, &session)
        }
    }

    @Test func `lists the open ones or all, newest first, page by page`() async throws {
        try await Self.with(60) { database, session in
            func details(_ organization: OrganizationID?, openOnly: Bool, before: UniqueID? = nil, limit: Int = 100)
                throws -> [Int]
            {
                try DeadLetterReader.list(
                    of: organization,
                    openOnly: openOnly,
                    before: before,
                    limit: limit,
                    &session,
                    within: Self.within
                ).compactMap { Int($0.detail.dropFirst(7)) }
            }
            let all = Array((1...60).reversed())
            #expect(try details(nil, openOnly: false) == all)
            #expect(try details(nil, openOnly: true) == all.filter { $0 % 4 != 0 })
            #expect(try details(Traffic.organization(1), openOnly: false) == all.filter { $0 % 3 == 1 })
            #expect(try details(Traffic.organization(1), openOnly: true) == all.filter { $0 % 3 == 1 && $0 % 4 != 0 })
            #expect(try details(nil, openOnly: false, limit: 0).count == 1)
            let page = try DeadLetterReader.list(
                of: Traffic.organization(1),
                limit: 4,
                &session,
                within: Self.within
            )
            #expect(page.map(\.detail) == ["detail 58", "detail 55", "detail 49", "detail 46"])
            #expect(try details(Traffic.organization(1), openOnly: true, before: page.last?.id, limit: 2) == [43, 37])
            let first = try #require(page.first)
            #expect(first.lane == Lane(58 % 8))
            #expect(first.reason == "unparsable")
            #expect(first.attempts == 1 + 58 % 5)
            #expect(first.payloadBytes == 58 % 9)
            #expect(first.requiresManualReview)
            #expect(first.reviewState == "open")
            #expect(first.createdAt == Timestamp(seconds: 58))
            var admin = try database.connect(.admin)
            let own = try admin.transaction(for: Traffic.organization(2), within: Self.within) {
                transaction throws(PostgresError) in
                try DeadLetterReader.list(of: nil, limit: 100, &transaction, within: Self.within)
            }
            #expect(own.count == 15)
            #expect(own.allSatisfy { $0.organization == Traffic.organization(2) })
        }
    }

    @Test func `lists the open ones of an organization by their own index, without a sort`() async throws {
        try await Self.with(20_000) { _, session in
            _ = try DeadLetterReader.list(of: Traffic.organization(1), limit: 9, &session, within: Self.within)
            let plan = try session.plan(
                of: "dead_letters_open_of_organization",
                ["'\(Traffic.organization(1))'", "NULL", "50"]
            )
            #expect(plan.contains("Index Scan Backward using webhook_dead_letter_queue_open"))
            #expect(!plan.contains("->  Sort"))
        }
    }
}
