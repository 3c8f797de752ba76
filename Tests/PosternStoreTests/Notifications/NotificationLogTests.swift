import PosternModel
import PosternPostgres
import PosternStore
import Testing

@Suite struct NotificationLogTests {
    private static let organization = OrganizationID(UniqueID(high: 1, low: 1))
    private static let hour = Timestamp(seconds: 1_795_219_200)

    private static func notification(
        _ subject: String = "s",
        hours: Int64 = 0,
        count: Int64 = 1,
        kind: NotificationKind = .circuitOpened
    ) -> NewNotification {
        NewNotification(
            organization: Self.organization,
            kind: kind,
            subject: subject,
            at: Self.hour.advanced(by: .seconds(3600 * hours + 59)),
            count: count,
            message: "m"
        )
    }

    private static func note(
        _ notifications: [NewNotification],
        pauseHours: Int64 = 1,
        _ connection: inout Connection
    ) throws -> [String] {
        try NotificationLog.note(
            notifications,
            pause: { _ in .seconds(3600 * pauseHours) },
            &connection,
            within: StoreDatabase.deadline
        ).map(\.subject)
    }

    @Test func `what was told in the same hour is counted and not told again`() async throws {
        try await StoreDatabase.with { database in
            var consumer = try database.connect(.consumer)
            #expect(try Self.note([Self.notification(), Self.notification("t")], &consumer).sorted() == ["s", "t"])
            #expect(try Self.note([Self.notification(count: 7), Self.notification("u")], &consumer) == ["u"])
            #expect(try Self.note([Self.notification(count: 3)], &consumer).isEmpty)
            var root = try database.connect()
            #expect(try root.texts("SELECT count FROM postern.notifications ORDER BY subject") == ["7", "1", "1"])
        }
    }

    @Test func `what was told lately is not told again before its pause is over`() async throws {
        try await StoreDatabase.with { database in
            var consumer = try database.connect(.consumer)
            #expect(try Self.note([Self.notification()], pauseHours: 24, &consumer) == ["s"])
            #expect(try Self.note([Self.notification(hours: 23)], pauseHours: 24, &consumer).isEmpty)
            #expect(try Self.note([Self.notification(hours: 24)], pauseHours: 24, &consumer) == ["s"])
            let other = Self.notification(hours: 1, kind: .backlog)
            #expect(try Self.note([other], pauseHours: 24, &consumer) == ["s"])
        }
    }

    @Test func `an attempt is taken by one, and what is delivered waits no more`() async throws {
        try await StoreDatabase.with { database in
            var consumer = try database.connect(.consumer)
            _ = try Self.note([Self.notification()], &consumer)
            func pending(_ connection: inout Connection) throws -> [StoredNotification] {
                try NotificationLog.pending(
                    triedLessThan: 2,
                    madeSince: Timestamp.now().advanced(by: .seconds(-60)),
                    limit: 10,
                    &connection,
                    within: StoreDatabase.deadline
                )
            }
            let first = try #require(try pending(&consumer).first)
            #expect(try NotificationLog.claim(first, &consumer, within: StoreDatabase.deadline))
            #expect(!(try NotificationLog.claim(first, &consumer, within: StoreDatabase.deadline)))
            let second = try #require(try pending(&consumer).first)
            #expect(second.attempts == 1 && second.organizationName == "\(Self.organization)")
            try NotificationLog.delivered(second, &consumer, within: StoreDatabase.deadline)
            #expect(try pending(&consumer).isEmpty)
            #expect(!(try NotificationLog.claim(second, &consumer, within: StoreDatabase.deadline)))
        }
    }

    @Test func `one session leads until it ends`() async throws {
        try await StoreDatabase.with { database in
            var first: Connection? = try database.connect(.consumer)
            var second = try database.connect(.consumer)
            for _ in 0..<3 {
                #expect(try first?.leads() == true)
                #expect(try !second.leads())
            }
            first = nil
            let end = ContinuousClock.now.advanced(by: StoreDatabase.deadline)
            // The server needs a moment to see that the session is gone.
            while try !second.leads() { try #require(ContinuousClock.now < end) }
        }
    }

    @Test func `text that PostgreSQL cannot hold is replaced`() {
        let notification = NewNotification(
            organization: Self.organization,
            kind: .backlog,
            subject: "s",
            at: Self.hour,
            message: "a\0b"
        )
        #expect(notification.message == "a\u{FFFD}b")
    }
}

extension Connection {
    fileprivate mutating func leads() throws(PostgresError) -> Bool {
        try NotificationLog.leads(&self, within: StoreDatabase.deadline)
    }
}
