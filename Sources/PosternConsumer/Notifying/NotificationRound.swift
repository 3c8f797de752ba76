internal import PosternModel
internal import PosternPostgres
internal import PosternStore

/// The watches of one look: each is a bounded question to the database.
struct NotificationRound: Sendable {
    /// What is looked for.
    enum Watch: Sendable {
        case deadLetters
        case circuits
        case disabledDestinations
        case backlogs
        case signatureFailures
        case expiringSecrets(within: Duration)
    }

    let configuration: NotificationConfiguration
    /// The time to go by.
    let now: Timestamp
    /// When the look before this one began; what came after it is looked for however long that look took.
    let before: Timestamp?

    /// All that is looked for each time.
    var watches: [Watch] {
        [.deadLetters, .circuits, .disabledDestinations, .backlogs, .signatureFailures]
            + self.configuration.secretSpans.map { span in .expiringSecrets(within: span) }
    }

    /// Looks for one thing.
    ///
    /// Blocking: connection threads only.
    func find(_ watch: Watch, _ connection: inout Connection) throws(PostgresError) -> [NewNotification] {
        let limit = self.configuration.databaseLimit
        let lookback = self.now.advanced(by: .zero - self.configuration.lookback)
        let since = min(lookback, self.before ?? lookback)
        switch watch {
        case .deadLetters: return try NotificationWatch.deadLetters(since: since, &connection, within: limit)
        case .circuits: return try NotificationWatch.openedCircuits(since: since, &connection, within: limit)
        case .disabledDestinations:
            return try NotificationWatch.disabledDestinations(at: self.now, &connection, within: limit)
        case .backlogs:
            return try NotificationWatch.backlogs(
                storedBefore: self.now.advanced(by: .zero - self.configuration.backlogAge),
                at: self.now,
                &connection,
                within: limit
            )
        case .signatureFailures:
            return try NotificationWatch.signatureFailures(
                since: self.now.advanced(by: .zero - self.configuration.signatureWindow),
                requests: self.configuration.signatureRequests,
                ratio: self.configuration.signatureRatio,
                at: self.now,
                &connection,
                within: limit
            )
        case .expiringSecrets(let span):
            return try ExpiringSecrets.find(within: span, of: self.now, &connection, within: limit)
        }
    }
}
