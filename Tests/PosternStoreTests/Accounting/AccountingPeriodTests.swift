import PosternModel
import PosternPostgres
import PosternStore
import Testing

@Suite struct AccountingPeriodTests {
    private static func load(_ sql: String, _ database: StoreDatabase) throws -> AccountingPeriod {
        var root = try database.connect()
        try root.run(sql)
        var reader = try database.connect(.operator)
        return try AccountingPeriod.load(&reader, within: StoreDatabase.deadline)
    }

    @Test func `the days are those that have partitions, in order`() async throws {
        try await StoreDatabase.with { database in
            let period = try Self.load("SELECT 1", database)
            // From yesterday to seven days ahead.
            #expect(period.deliveries.count == 9 && period.events == period.deliveries)
            #expect(period.deliveries.map(\.start) == period.deliveries.map(\.start).sorted())
            for (day, next) in zip(period.deliveries, period.deliveries.dropFirst()) { #expect(day.end == next.start) }
            let yesterday = period.now.seconds / 86_400 * 86_400 - 86_400
            #expect(period.deliveries.first?.start.seconds == yesterday)
        }
    }

    @Test func `nothing was dropped while the day of the first migration is there`() async throws {
        try await StoreDatabase.with { database in
            let whole = try Self.load("SELECT 1", database)
            #expect(whole.keepsAllDeliveries && whole.keepsAllEvents)
            #expect(whole.keepsEvents(since: Timestamp(seconds: 0)))
            let later = try Self.load(
                "UPDATE postern.migrations SET applied_at = applied_at - interval '9 days'",
                database
            )
            #expect(!later.keepsAllDeliveries && !later.keepsAllEvents)
            let first = try #require(later.events.first?.start)
            #expect(later.keepsEvents(since: first))
            #expect(!later.keepsEvents(since: first.advanced(by: .microseconds(-1))))
        }
    }

    @Test func `a day that is kept while the next one was dropped proves nothing of what came between`() async throws {
        try await StoreDatabase.with { database in
            let days = try Self.load("SELECT 1", database).events
            let name = "to_char(now() AT TIME ZONE 'UTC', 'YYYYMMDD')"
            let holed = try Self.load(
                "DO $$ BEGIN EXECUTE 'DROP TABLE postern.events_' || \(name); END $$",
                database
            )
            #expect(holed.events.first == days.first && holed.events.count == days.count - 1)
            #expect(!holed.keepsAllEvents && !holed.keepsEventsBetween && holed.keepsAllDeliveries)
            #expect(!holed.keepsEvents(since: days[0].start) && !holed.keepsEvents(since: days[1].start))
            #expect(holed.keepsEvents(since: days[2].start))
        }
    }
}
