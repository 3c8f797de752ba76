package import Logging
package import PosternCrypto
package import PosternModel
package import PosternPostgres
internal import PosternStore
internal import PosternTelemetry

/// Looks for what administrators should know, notes it, and takes it to them.
///
/// Of all consumers' desks one works, whose session holds a lock; what two do at once is harmless all the same, for each
/// notification is made once. One look after another. A watch that fails is logged and done again next time.
package struct NotificationDesk: Sendable {
    /// Where a notification has arrived, when it is for several places and some of them fail.
    struct Arrival: Hashable {
        let organization: OrganizationID
        let kind: String
        let subject: String
        let hour: Timestamp
        let destination: DestinationID
    }

    let configuration: NotificationConfiguration
    let keyring: SealingKeyring
    let sender: any AlertSender
    let logger: Logger
    /// Of notifications that have not arrived everywhere.
    var arrivals: Set<Arrival> = []
    /// When the last look began in which every watch could look.
    private var watchedAt: Timestamp?
    private var nextLane = 0
    private var nextExpiry: Timestamp?
    private let arrivalLimit = 10_000
    private static let expiryInterval: Duration = .seconds(3600)

    /// Prepares a desk; nothing is looked at yet.
    ///
    /// - Parameters:
    ///   - configuration: what to tell, and how often.
    ///   - keyring: opens the alert destinations' headers and signing secrets.
    ///   - sender: takes alerts to them.
    ///   - logger: hears of every notification, too.
    package init(
        configuration: NotificationConfiguration,
        opening keyring: SealingKeyring,
        sender: any AlertSender,
        logger: Logger
    ) {
        self.configuration = configuration
        self.keyring = keyring
        self.sender = sender
        self.logger = logger
    }

    /// Looks once, and delivers what waits.
    ///
    /// - Parameters:
    ///   - now: the time to go by.
    ///   - database: of one connection, which is this desk's alone: the lock is its session's.
    package mutating func look(at now: Timestamp, _ database: Database) async {
        let limit = self.configuration.databaseLimit
        let leads = await self.chore("notifications not watched", database) { connection throws(PostgresError) in
            try NotificationLog.leads(&connection, within: limit)
        }
        guard leads == true else { return }
        var found = await self.watch(at: now, database)
        found += await self.listen(at: now, database)
        await self.note(found, database)
        await self.deliver(at: now, database)
        await self.forget(at: now, database)
        if self.arrivals.count > self.arrivalLimit { self.arrivals.removeAll() }
    }

    private mutating func watch(at now: Timestamp, _ database: Database) async -> [NewNotification] {
        let round = NotificationRound(configuration: self.configuration, now: now, before: self.watchedAt)
        var found: [NewNotification] = []
        var isComplete = true
        for watch in round.watches {
            let more = await self.chore("not everything was watched", database) { connection throws(PostgresError) in
                try round.find(watch, &connection)
            }
            if let more { found += more } else { isComplete = false }
        }
        if isComplete { self.watchedAt = now }
        return found
    }

    /// Looks for silent endpoints in as many lanes as there is time for, at least one.
    private mutating func listen(at now: Timestamp, _ database: Database) async -> [NewNotification] {
        let rule = self.configuration.silence
        let limit = self.configuration.databaseLimit
        let lanes = await self.chore("silent endpoints not looked for", database) { connection throws(PostgresError) in
            try EndpointRhythms.lanes(&connection, within: limit)
        }
        guard let lanes, !lanes.isEmpty else { return [] }
        let start = ContinuousClock.now
        var found: [NewNotification] = []
        for _ in lanes.indices {
            let lane = lanes[self.nextLane % lanes.count]
            self.nextLane = (self.nextLane + 1) % lanes.count
            let rhythms = await self.chore("silent endpoints not looked for", database) {
                connection throws(PostgresError) in
                try EndpointRhythms.learn(
                    of: lane,
                    since: now.advanced(by: .zero - rule.history),
                    minutes: rule.minutes,
                    &connection,
                    within: limit
                )
            }
            for rhythm in rhythms ?? [] {
                if let notification = rule.notification(of: rhythm, at: now) { found.append(notification) }
            }
            if rhythms == nil || ContinuousClock.now - start >= self.configuration.silenceBudget { break }
        }
        return found
    }

    private func note(_ found: [NewNotification], _ database: Database) async {
        guard !found.isEmpty else { return }
        let configuration = self.configuration
        let new = await self.chore("notifications not noted", level: .error, database) {
            connection throws(PostgresError) in
            try NotificationLog.note(
                found,
                pause: { configuration.pause(after: $0) },
                &connection,
                within: configuration.databaseLimit
            )
        }
        // The message names what a tenant has named; the log keeps to identifiers.
        for notification in new ?? [] {
            self.logger.notice(
                "administrators notified",
                metadata: .keys([
                    .reason: "\(notification.kind.rawValue)", .organization: "\(notification.organization)",
                    .outcome: "\(notification.subject)", .count: "\(notification.count)",
                ])
            )
        }
    }

    private mutating func forget(at now: Timestamp, _ database: Database) async {
        if let next = self.nextExpiry, now < next { return }
        let configuration = self.configuration
        let gone = await self.chore("notifications not forgotten", database) { connection throws(PostgresError) in
            try NotificationLog.expire(
                madeBefore: now.advanced(by: .zero - configuration.memory),
                &connection,
                within: configuration.databaseLimit
            )
        }
        if gone != nil { self.nextExpiry = now.advanced(by: Self.expiryInterval) }
    }

    /// Does one chore; `nil` when it failed, which is logged unless the database is away: that is said elsewhere.
    func chore<Value: Sendable>(
        _ failure: Logger.Message,
        level: Logger.Level = .warning,
        _ database: Database,
        _ work: @escaping @Sendable (inout Connection) throws(PostgresError) -> Value
    ) async -> Value? {
        do throws(PostgresError) {
            return try await database.run(within: self.configuration.databaseLimit, work)
        } catch {
            switch error {
            case .unreachable, .deadline: break
            case .retry, .conflict, .refused:
                self.logger.log(level: level, failure, metadata: .keys([.error: "\(error)"]))
            }
            return nil
        }
    }
}
