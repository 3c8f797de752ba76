import PosternModel
import PosternPostgres
import PosternStore
import Testing

@Suite struct DeliveryAccountsTests {
    private static let deadline = StoreDatabase.deadline

    /// 2,500 deliveries (or so many) of one writer in lane 2, all read but the last ten; every fifth has an event.
    private static func fill(_ root: inout Connection, count: Int = 2500) throws {
        try root.run(
            """
            INSERT INTO postern.writers (gateway) VALUES ('g');
            INSERT INTO postern.cursors (lane, writer, seq, stored_at, consumed)
            SELECT lane, 1, CASE lane WHEN 2 THEN \(count) - 10 ELSE 0 END, now(), 0 FROM postern.lanes;
            INSERT INTO postern.deliveries
            SELECT 2, 1, n, now(), gen_random_uuid(), '\(Traffic.organization(1))', gen_random_uuid(), NULL, 'x',
                ':target: /', convert_to('body ' || n, 'UTF8')
            FROM generate_series(1, \(count)) n;
            INSERT INTO postern.events (lane, number, stored_at, id, org_id, endpoint_id, delivery_id, platform,
                definition_version, type, source, key, data)
            SELECT 2, seq, now(), gen_random_uuid(), org_id, endpoint_id, id, 'x', 1, 't', 's', 'k' || seq, '{}'
            FROM postern.deliveries WHERE seq % 5 = 0;
            """
        )
    }

    @Test func `what was read and has no events comes page by page, each delivery once`() async throws {
        try await StoreDatabase.with { database in
            var root = try database.connect()
            try Self.fill(&root)
            var reader = try database.connect(.operator)
            try reader.transaction(opening: AccountingPeriod.opening, within: Self.deadline) {
                reader throws(PostgresError) in
                let period = try AccountingPeriod.load(&reader, within: Self.deadline)
                var pages: [Int] = []
                var sequences: Set<Int64> = []
                for day in period.deliveries {
                    try DeliveryAccounts.read(day, of: nil, &reader, within: Self.deadline) {
                        page,
                        reader throws(PostgresError) in
                        pages.append(page.count)
                        for delivery in page { sequences.insert(delivery.head.sequence) }
                        // The session can be asked meanwhile.
                        let first = try DeliveryAccounts.contents(
                            of: Array(page.prefix(2)),
                            &reader,
                            within: Self.deadline
                        )
                        #expect(first.map(\.id) == page.prefix(2).map(\.id))
                        #expect(String(decoding: first[0].body, as: UTF8.self) == "body \(page[0].head.sequence)")
                        #expect(page.allSatisfy { $0.fate == .unexplained && $0.bytes > 10 })
                    }
                }
                #expect(pages == [1000, 992])
                #expect(sequences.count == 1992 && !sequences.contains(5) && !sequences.contains(2491))
            }
        }
    }

    @Test func `a day that was last analyzed when it was empty is read in one pass all the same`() async throws {
        try await StoreDatabase.with { database in
            var root = try database.connect()
            try Self.fill(&root, count: 40_000)
            // Pages without rows: what comes into them afterwards is taken for nothing.
            try root.run("DELETE FROM postern.events; DELETE FROM postern.deliveries; DELETE FROM postern.cursors")
            try root.run("DELETE FROM postern.writers; ALTER SEQUENCE postern.writers_id_seq RESTART")
            try root.run("ANALYZE postern.events; ANALYZE postern.deliveries")
            try Self.fill(&root, count: 40_000)
            var reader = try database.connect(.operator)
            try reader.transaction(opening: AccountingPeriod.opening, within: Self.deadline) {
                reader throws(PostgresError) in
                var count = 0
                for day in try AccountingPeriod.load(&reader, within: Self.deadline).deliveries {
                    // 250 million comparisons would not be done in time.
                    try DeliveryAccounts.read(day, of: nil, &reader, within: .seconds(5)) { page, _ in
                        count += page.count
                    }
                }
                #expect(count == 39_990 - 7998)
            }
        }
    }

    @Test func `a day is counted by organization and by writer`() async throws {
        try await StoreDatabase.with { database in
            var root = try database.connect()
            try Self.fill(&root)
            var reader = try database.connect(.operator)
            let period = try AccountingPeriod.load(&reader, within: Self.deadline)
            let today = try #require(period.deliveries.first { $0.start <= period.now && period.now < $0.end })
            let day = try DeliveryAccounts.count(today, of: nil, &reader, within: Self.deadline)
            #expect(day.organizations.count == 1)
            #expect(day.organizations.first?.stored == 2500 && day.organizations.first?.inFlight == 10)
            #expect(day.writers == [1: NumberedRun(first: 1, last: 2500, count: 2500, read: 2490)])
            let none = try DeliveryAccounts.count(today, of: Traffic.organization(2), &reader, within: Self.deadline)
            #expect(none.organizations.isEmpty && none.writers.isEmpty)
        }
    }
}
