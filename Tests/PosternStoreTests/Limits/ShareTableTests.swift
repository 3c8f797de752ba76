import PosternModel
import PosternPostgres
import PosternStore
import Testing

@Suite struct ShareTableTests {
    private static let organization = OrganizationID(UniqueID(high: 0xAAAA_0000_0000_7000, low: 1))

    private static func gateway(_ number: UInt64, shares: String = "postgres") -> ShareTable.Gateway {
        ShareTable.Gateway(id: UniqueID(high: 7, low: number), identity: "host/\(number)", shares: shares)
    }

    private static func subject(_ number: UInt64) -> UniqueID { UniqueID(high: 9, low: number) }

    private static func count(_ subject: UInt64, _ admitted: Int64, debt: Int64 = 0) -> ShareTable.Count {
        ShareTable.Count(
            subject: Self.subject(subject),
            organization: Self.organization,
            admitted: admitted,
            debtMicroseconds: debt
        )
    }

    private static func exchange(
        _ gateway: ShareTable.Gateway,
        _ counts: [ShareTable.Count],
        news: [UniqueID] = [],
        lately: Duration = .seconds(2),
        beats: Bool = true,
        _ connection: inout Connection
    ) throws -> (counts: [ShareTable.OtherCount], presence: ShareTable.Presence) {
        try ShareTable.exchange(
            gateway,
            counts,
            news: news,
            lately: lately,
            beats: beats,
            &connection,
            within: StoreDatabase.deadline
        )
    }

    @Test func `tells what others counted, and never one's own`() async throws {
        try await StoreDatabase.with { database in
            var connection = try database.connect(.gateway)
            let (first, second) = (Self.gateway(1), Self.gateway(2, shares: "redis"))
            let alone = try Self.exchange(first, [Self.count(1, 5, debt: 60_000_000), Self.count(2, 6)], &connection)
            #expect(alone.counts.isEmpty)
            #expect(alone.presence.gateways == [first.id])
            let told = try Self.exchange(second, [Self.count(1, 9)], &connection)
            #expect(Set(told.counts.map(\.subject)) == [Self.subject(1), Self.subject(2)])
            #expect(told.counts.allSatisfy { $0.gateway == first.id })
            let one = try #require(told.counts.first { $0.subject == Self.subject(1) })
            #expect(one.admitted == 5)
            #expect(one.debtMicroseconds == 60_000_000 - one.ageMicroseconds)
            #expect((0..<30_000_000).contains(one.ageMicroseconds))
            #expect(told.counts.first { $0.subject == Self.subject(2) }?.debtMicroseconds == 0)
            #expect(told.presence.gateways == [first.id, second.id])
            #expect(told.presence.shares == ["postgres", "redis"])
            #expect(abs(told.presence.serverMicroseconds - Timestamp.now().microseconds) < 30_000_000)
        }
    }

    @Test func `leaves sums, so that a repeated write counts once`() async throws {
        try await StoreDatabase.with { database in
            var connection = try database.connect(.gateway)
            let counts = (0..<300).map { Self.count($0, Int64($0)) }
            for _ in 0..<2 { _ = try Self.exchange(Self.gateway(1), counts, &connection) }
            _ = try Self.exchange(Self.gateway(1), [Self.count(7, 8), Self.count(500, -1, debt: -1)], &connection)
            let told = try Self.exchange(Self.gateway(2), [], &connection).counts
            #expect(told.count == 301)
            #expect(told.reduce(0) { $0 + $1.admitted } == 300 * 299 / 2 + 1)
        }
    }

    @Test func `tells what is old only of a subject that is new, and only while it is owed`() async throws {
        try await StoreDatabase.with { database in
            var connection = try database.connect(.gateway)
            _ = try Self.exchange(
                Self.gateway(1),
                [Self.count(1, 5, debt: 60_000_000), Self.count(2, 6, debt: 9_000_000), Self.count(3, 7)],
                &connection
            )
            var superuser = try database.connect()
            try superuser.run("UPDATE postern.limit_counts SET seen_at = seen_at - interval '10 seconds'")
            let second = Self.gateway(2)
            #expect(try Self.exchange(second, [], &connection).counts.isEmpty)
            let news = try Self.exchange(second, [], news: (1...3).map(Self.subject), &connection).counts
            #expect(news.map(\.subject) == [Self.subject(1)])
            #expect((20_000_000..<50_000_001).contains(news.first?.debtMicroseconds ?? 0))
            #expect(try Self.exchange(second, [], lately: .seconds(3600), &connection).counts.count == 3)
        }
    }

    @Test func `counts a gateway as alive for six seconds, and only if it says so`() async throws {
        try await StoreDatabase.with { database in
            var connection = try database.connect(.gateway)
            var superuser = try database.connect()
            let (first, second) = (Self.gateway(1), Self.gateway(2))
            _ = try Self.exchange(first, [], beats: false, &connection)
            #expect(try Self.exchange(second, [], beats: false, &connection).presence.gateways == [])
            _ = try Self.exchange(first, [], &connection)
            try superuser.run("UPDATE postern.gateways SET seen_at = now() - interval '5 seconds'")
            #expect(try ShareTable.beat(second, &connection, within: StoreDatabase.deadline).gateways.count == 2)
            try superuser.run(
                "UPDATE postern.gateways SET seen_at = now() - interval '6 seconds' WHERE identity = 'host/1'"
            )
            #expect(try Self.exchange(second, [], &connection).presence.gateways == [second.id])
            // Heard of again, it is back, with what it can use now.
            let back = try ShareTable.beat(
                Self.gateway(1, shares: "redis"),
                &connection,
                within: StoreDatabase.deadline
            )
            #expect(back.shares == ["redis", "postgres"])
            #expect(try superuser.number("SELECT count(*) FROM postern.gateways WHERE started_at < seen_at") == 2)
        }
    }

    @Test func `leaves at once, and what it counted stays`() async throws {
        try await StoreDatabase.with { database in
            var connection = try database.connect(.gateway)
            _ = try Self.exchange(Self.gateway(1), [Self.count(1, 5)], &connection)
            try ShareTable.leave(Self.gateway(1), [Self.count(1, 7)], &connection, within: StoreDatabase.deadline)
            let told = try Self.exchange(Self.gateway(2), [], &connection)
            #expect(told.presence.gateways == [Self.gateway(2).id])
            #expect(told.counts.map(\.admitted) == [7])
        }
    }
}
