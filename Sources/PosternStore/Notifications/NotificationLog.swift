package import PosternModel
package import PosternPostgres

/// The notifications that were made, and which of them are still to be delivered.
///
/// Blocking: connection threads only.
package enum NotificationLog {
    // A session holds the lock once, however often it asks.
    private static let lock = Statement(
        "notifications_lock",
        """
        SELECT EXISTS (
            SELECT FROM pg_locks
            WHERE locktype = 'advisory' AND database = (SELECT oid FROM pg_database WHERE datname = current_database())
                AND classid = 1886614646 AND objid = 1 AND objsubid = 2 AND pid = pg_backend_pid() AND granted)
            OR pg_try_advisory_lock(1886614646, 1)
        """
    )

    private static let recent = Statement(
        "notifications_recent",
        """
        SELECT org_id, kind, subject, max(hour) FROM postern.notifications
        WHERE (org_id, kind, subject) IN (SELECT * FROM unnest($1::uuid[], $2::text[], $3::text[])) AND hour >= $4
        GROUP BY org_id, kind, subject
        """,
        [.uuidArray, .textArray, .textArray, .timestamp]
    )

    private static let insert = BatchStatement(
        "notifications_insert",
        insertInto: "postern.notifications (org_id, kind, subject, hour, count, message)",
        [.uuid, .text, .text, .timestamp, .int64, .text],
        suffix: """
            ON CONFLICT (org_id, kind, subject, hour) DO UPDATE SET count = excluded.count
            WHERE notifications.count < excluded.count
            RETURNING org_id, kind, subject, hour, xmax = 0
            """
    )

    private static let pending = Statement(
        "notifications_pending",
        """
        SELECT n.org_id, coalesce(o.name, n.org_id::text), n.kind, n.subject, n.hour, n.count, n.message, n.created_at,
            n.attempts
        FROM postern.notifications n LEFT JOIN postern.organizations o ON o.id = n.org_id
        WHERE n.delivered_at IS NULL AND n.attempts < $1 AND n.created_at > $2
        ORDER BY n.attempts, n.created_at LIMIT $3
        """,
        [.int32, .timestamp, .int64]
    )

    private static let claim = Statement(
        "notification_claim",
        """
        UPDATE postern.notifications SET attempts = attempts + 1
        WHERE org_id = $1 AND kind = $2 AND subject = $3 AND hour = $4 AND attempts = $5 AND delivered_at IS NULL
        """,
        [.uuid, .text, .text, .timestamp, .int32]
    )

    private static let delivered = Statement(
        "notification_delivered",
        """
        UPDATE postern.notifications SET delivered_at = now()
        WHERE org_id = $1 AND kind = $2 AND subject = $3 AND hour = $4 AND delivered_at IS NULL
        """,
        [.uuid, .text, .text, .timestamp]
    )

    private static let alerts = Statement(
        "notifications_alerts",
        """
        SELECT id FROM postern.destinations
        WHERE org_id = ANY ($1) AND kind = 'alert' AND state = 'enabled' AND deleted_at IS NULL ORDER BY id
        """,
        [.uuidArray]
    )

    private static let expire = Statement(
        "notifications_expire",
        "DELETE FROM postern.notifications WHERE created_at < $1",
        [.timestamp]
    )

    /// Tells whether this session is the one that watches, and makes it so if none is.
    ///
    /// The session stays it until it ends.
    package static func leads(_ connection: inout Connection, within: Duration) throws(PostgresError) -> Bool {
        try connection.query(Self.lock, within: within).bool(0, 0)
    }

    /// Notes what was found; what was told lately is left out, what was told in the same hour is counted there.
    ///
    /// - Parameters:
    ///   - notifications: as found.
    ///   - pause: how long after one notification the next on the same subject is made.
    ///   - connection: where to write.
    ///   - within: the deadline of each of two statements.
    /// - Returns: those that are new.
    /// - Throws: any ``PostgresError``.
    package static func note(
        _ notifications: [NewNotification],
        pause: (NotificationKind) -> Duration,
        _ connection: inout Connection,
        within: Duration
    ) throws(PostgresError) -> [NewNotification] {
        guard let oldest = notifications.map(\.hour).min() else { return [] }
        var subjects: [Key: NewNotification] = [:]
        for notification in notifications { subjects[Key(notification)] = notification }
        let longest = notifications.map { pause($0.kind) }.max() ?? .zero
        var parameters = ParameterBuffer()
        let all = subjects.values.sorted { Key($0) < Key($1) }
        parameters.append(all.map(\.organization))
        parameters.append(all.map(\.kind.rawValue))
        parameters.append(all.map(\.subject))
        parameters.append(oldest.advanced(by: .zero - longest))
        let rows = try connection.query(Self.recent, parameters, within: within)
        var told: [Subject: Timestamp] = [:]
        for row in 0..<rows.count {
            told[
                Subject(
                    organization: try rows.id(row, 0),
                    kind: try rows.text(row, 1),
                    subject: try rows.text(row, 2)
                )
            ] = try rows.timestamp(row, 3)
        }
        let wanted = all.filter { notification in
            guard let last = told[Key(notification).of], last != notification.hour else { return true }
            return last.advanced(by: pause(notification.kind)) <= notification.hour
        }
        return try Self.insert(wanted, subjects, &connection, within: within)
    }

    private struct Subject: Hashable {
        let organization: OrganizationID
        let kind: String
        let subject: String
    }

    private struct Key: Hashable, Comparable {
        let of: Subject
        let hour: Timestamp

        init(_ notification: NewNotification) {
            self.of = Subject(
                organization: notification.organization,
                kind: notification.kind.rawValue,
                subject: notification.subject
            )
            self.hour = notification.hour
        }

        init(_ rows: Rows, _ row: Int) throws(PostgresError) {
            self.of = Subject(
                organization: try rows.id(row, 0),
                kind: try rows.text(row, 1),
                subject: try rows.text(row, 2)
            )
            self.hour = try rows.timestamp(row, 3)
        }

        static func < (left: Key, right: Key) -> Bool {
            (left.of.organization, left.of.kind, left.of.subject, left.hour)
                < (right.of.organization, right.of.kind, right.of.subject, right.hour)
        }
    }

    private static func insert(
        _ notifications: [NewNotification],
        _ subjects: [Key: NewNotification],
        _ connection: inout Connection,
        within: Duration
    ) throws(PostgresError) -> [NewNotification] {
        guard !notifications.isEmpty else { return [] }
        var buffer = ParameterBuffer()
        let results = try connection.pipeline(within: within) { pipeline throws(PostgresError) in
            try Self.insert.send(rows: notifications.count, to: &pipeline, using: &buffer) { row, buffer in
                buffer.append(notifications[row].organization)
                buffer.append(notifications[row].kind.rawValue)
                buffer.append(notifications[row].subject)
                buffer.append(notifications[row].hour)
                buffer.append(notifications[row].count)
                buffer.append(notifications[row].message)
            }
        }
        var new: [NewNotification] = []
        for rows in results {
            for row in 0..<rows.count where try rows.bool(row, 4) {
                if let notification = subjects[try Key(rows, row)] { new.append(notification) }
            }
        }
        return new
    }

    /// Reads what is to be delivered, the least tried first.
    ///
    /// - Parameters:
    ///   - attempts: those tried so often are left out.
    ///   - time: those made before are left out.
    ///   - limit: the most of them.
    ///   - connection: where to ask.
    ///   - within: the deadline.
    /// - Returns: the notifications.
    /// - Throws: any ``PostgresError``.
    package static func pending(
        triedLessThan attempts: Int32,
        madeSince time: Timestamp,
        limit: Int,
        _ connection: inout Connection,
        within: Duration
    ) throws(PostgresError) -> [StoredNotification] {
        var parameters = ParameterBuffer()
        parameters.append(attempts)
        parameters.append(time)
        parameters.append(Int64(limit))
        let rows = try connection.query(Self.pending, parameters, within: within)
        var notifications: [StoredNotification] = []
        for row in 0..<rows.count {
            notifications.append(
                StoredNotification(
                    organization: try rows.id(row, 0),
                    organizationName: try rows.text(row, 1),
                    kind: try rows.text(row, 2),
                    subject: try rows.text(row, 3),
                    hour: try rows.timestamp(row, 4),
                    count: try rows.int64(row, 5),
                    message: try rows.text(row, 6),
                    createdAt: try rows.timestamp(row, 7),
                    attempts: try rows.int32(row, 8)
                )
            )
        }
        return notifications
    }

    /// Takes one attempt at delivering a notification; false when somebody else has taken it.
    package static func claim(
        _ notification: StoredNotification,
        _ connection: inout Connection,
        within: Duration
    ) throws(PostgresError) -> Bool {
        var parameters = Self.key(of: notification)
        parameters.append(notification.attempts)
        return try connection.query(Self.claim, parameters, within: within).affected == 1
    }

    /// Notes that a notification has reached everyone it is for.
    package static func delivered(
        _ notification: StoredNotification,
        _ connection: inout Connection,
        within: Duration
    ) throws(PostgresError) {
        _ = try connection.query(Self.delivered, Self.key(of: notification), within: within)
    }

    /// Finds the enabled destinations of kind `alert` of these organizations.
    package static func alertDestinations(
        of organizations: Set<OrganizationID>,
        _ connection: inout Connection,
        within: Duration
    ) throws(PostgresError) -> [DestinationID] {
        var parameters = ParameterBuffer()
        parameters.append(Array(organizations))
        let rows = try connection.query(Self.alerts, parameters, within: within)
        var destinations: [DestinationID] = []
        for row in 0..<rows.count { destinations.append(try rows.id(row, 0)) }
        return destinations
    }

    /// Deletes what was made before `time`, and gives how many that were.
    package static func expire(
        madeBefore time: Timestamp,
        _ connection: inout Connection,
        within: Duration
    ) throws(PostgresError) -> Int {
        var parameters = ParameterBuffer()
        parameters.append(time)
        return try connection.query(Self.expire, parameters, within: within).affected
    }

    private static func key(of notification: StoredNotification) -> ParameterBuffer {
        var parameters = ParameterBuffer()
        parameters.append(notification.organization)
        parameters.append(notification.kind)
        parameters.append(notification.subject)
        parameters.append(notification.hour)
        return parameters
    }
}
