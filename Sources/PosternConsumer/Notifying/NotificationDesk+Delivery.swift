internal import Logging
internal import PosternModel
internal import PosternPostgres
internal import PosternStore
internal import PosternTelemetry

extension NotificationDesk {
    /// How many notifications are on their way at once: one alert destination that hangs holds up few others.
    private static let concurrency = 8

    /// What came of one notification's attempt.
    private struct Outcome: Sendable {
        let notification: StoredNotification
        let arrived: [DestinationID]
        let failures: [(destination: DestinationID, reason: String)]
    }

    /// Takes what waits to the alert destinations of its organization.
    mutating func deliver(at now: Timestamp, _ database: Database) async {
        let configuration = self.configuration
        let pending = await self.chore("notifications not delivered", database) { connection throws(PostgresError) in
            try NotificationLog.pending(
                triedLessThan: configuration.attempts,
                madeSince: now.advanced(by: .seconds(-86_400)),
                limit: configuration.deliveriesAtOnce,
                &connection,
                within: configuration.databaseLimit
            )
        }
        guard let pending, !pending.isEmpty, let contents = await self.destinations(for: pending, database) else {
            return
        }
        var start = 0
        while start < pending.count {
            let batch = Array(pending[start..<min(start + Self.concurrency, pending.count)])
            start += batch.count
            var claimed: [StoredNotification] = []
            for notification in batch where await self.claim(notification, database) { claimed.append(notification) }
            for outcome in await self.post(claimed, to: contents) { await self.settle(outcome, database) }
        }
    }

    /// The alert destinations of the organizations.
    private func destinations(
        for pending: [StoredNotification],
        _ database: Database
    ) async -> DestinationContents? {
        let organizations = Set(pending.map(\.organization))
        let limit = self.configuration.databaseLimit
        let keyring = self.keyring
        return await self.chore("alert destinations not read", database) { connection throws(PostgresError) in
            var contents = DestinationContents()
            let ids = try NotificationLog.alertDestinations(of: organizations, &connection, within: limit)
            for id in ids {
                let one = try DestinationReader.opened(id, opening: keyring, &connection, within: limit)
                contents.destinations += one?.destinations ?? []
                contents.faults += one?.faults ?? []
            }
            return contents
        }
    }

    private func claim(_ notification: StoredNotification, _ database: Database) async -> Bool {
        let limit = self.configuration.databaseLimit
        return await self.chore("notification not delivered", database) { connection throws(PostgresError) in
            try NotificationLog.claim(notification, &connection, within: limit)
        } ?? false
    }

    private func post(
        _ notifications: [StoredNotification],
        to contents: DestinationContents
    ) async -> [Outcome] {
        let destinations = Dictionary(grouping: contents.destinations) { destination in destination.organization }
        let faults = Dictionary(grouping: contents.faults) { fault in fault.organization }
        let sender = self.sender
        let arrivals = self.arrivals
        return await withTaskGroup(of: Outcome.self) { group in
            for notification in notifications {
                let wanted = (destinations[notification.organization] ?? []).filter { destination in
                    !arrivals.contains(Arrival(notification, destination.id))
                }
                // One that cannot be used fails like one that does not answer.
                let unusable = (faults[notification.organization] ?? []).map { fault in
                    (destination: fault.destination, reason: "\(fault)")
                }
                group.addTask {
                    var arrived: [DestinationID] = []
                    var failures = unusable
                    for destination in wanted {
                        let body = AlertBody(notification, form: destination.form)
                        let failure = await sender.post(
                            body.bytes,
                            contentType: AlertBody.contentType,
                            to: destination
                        )
                        if let failure {
                            failures.append((destination.id, failure))
                        } else {
                            arrived.append(destination.id)
                        }
                    }
                    return Outcome(notification: notification, arrived: arrived, failures: failures)
                }
            }
            var outcomes: [Outcome] = []
            for await outcome in group { outcomes.append(outcome) }
            return outcomes
        }
    }

    private mutating func settle(_ outcome: Outcome, _ database: Database) async {
        let notification = outcome.notification
        guard !outcome.failures.isEmpty else {
            let limit = self.configuration.databaseLimit
            _ = await self.chore("notification not settled", level: .error, database) {
                connection throws(PostgresError) in
                try NotificationLog.delivered(notification, &connection, within: limit)
            }
            self.arrivals = self.arrivals.filter { arrival in !arrival.isOf(notification) }
            return
        }
        for destination in outcome.arrived { self.arrivals.insert(Arrival(notification, destination)) }
        let isLast = notification.attempts + 1 >= self.configuration.attempts
        for failure in outcome.failures {
            self.logger.warning(
                isLast ? "alert not delivered, and not tried again" : "alert not delivered",
                metadata: .keys([
                    .destination: "\(failure.destination)", .organization: "\(notification.organization)",
                    .reason: "\(failure.reason)", .attempt: "\(notification.attempts + 1)",
                ])
            )
        }
    }
}

extension NotificationDesk.Arrival {
    /// Where a notification has arrived.
    init(_ notification: StoredNotification, _ destination: DestinationID) {
        self.init(
            organization: notification.organization,
            kind: notification.kind,
            subject: notification.subject,
            hour: notification.hour,
            destination: destination
        )
    }

    /// Whether it is of this notification.
    func isOf(_ notification: StoredNotification) -> Bool {
        self == Self(notification, self.destination)
    }
}
