package import PosternModel
package import PosternPostgres

/// Looks for what administrators should know: one bounded statement for each kind.
///
/// For a session of the consumer. Blocking: connection threads only.
package enum NotificationWatch {
    /// The most notifications that one look makes of one kind.
    package static let limit: Int64 = 1000

    // The index on state and id holds every column asked for, and an identifier begins with its time.
    private static let deadLetters = Statement(
        "watch_dead_letters",
        """
        SELECT l.org_id, l.fingerprint::text, date_trunc('hour', l.created_at), count(*), min(l.platform),
            min(l.event_type), min(l.failure_reason), min(t.name)
        FROM postern.webhook_dead_letter_queue l LEFT JOIN postern.destinations t ON t.id = l.destination_id
        WHERE l.review_state = 'open' AND l.id >= $1
        GROUP BY l.org_id, l.fingerprint, date_trunc('hour', l.created_at) ORDER BY count(*) DESC LIMIT $2
        """,
        [.uuid, .int64]
    )

    private static let circuits = Statement(
        "watch_circuits",
        """
        SELECT org_id, id::text, name, circuit_changed_at, circuit_openings, circuit_reason, circuit_until
        FROM postern.destinations
        WHERE circuit = 'open' AND circuit_changed_at >= $1 AND deleted_at IS NULL AND state = 'enabled'
        ORDER BY id LIMIT $2
        """,
        [.timestamp, .int64]
    )

    private static let disabled = Statement(
        "watch_disabled",
        """
        SELECT org_id, id::text, name, state_reason FROM postern.destinations
        WHERE state = 'disabled' AND state_reason IS NOT NULL AND deleted_at IS NULL ORDER BY id LIMIT $1
        """,
        [.int64]
    )

    private static let unread = Statement(
        "watch_unread",
        """
        SELECT d.org_id, min(d.stored_at) FROM postern.cursors c
        CROSS JOIN LATERAL (
            SELECT d.org_id, d.stored_at FROM postern.deliveries d
            WHERE d.lane = c.lane AND d.writer = c.writer AND d.seq > c.seq AND d.stored_at >= c.stored_at
            ORDER BY d.seq LIMIT 1) d
        WHERE d.stored_at < $1 GROUP BY d.org_id ORDER BY min(d.stored_at) LIMIT $2
        """,
        [.timestamp, .int64]
    )

    // Paused destinations wait because somebody wants it; disabled ones are told of by themselves.
    private static let undelivered = Statement(
        "watch_undelivered",
        """
        SELECT c.org_id, c.destination_id::text, t.name, min(e.stored_at)
        FROM postern.destination_cursors c
        JOIN postern.lanes l ON l.lane = c.lane AND l.event_number > c.number
        JOIN postern.destinations t ON t.id = c.destination_id AND t.state = 'enabled' AND t.deleted_at IS NULL
        CROSS JOIN LATERAL (
            SELECT e.stored_at FROM postern.events e
            WHERE e.lane = c.lane AND e.org_id = c.org_id AND e.number > c.number
                AND e.stored_at >= c.stored_at - interval '1 hour'
            ORDER BY e.number LIMIT 1) e
        WHERE e.stored_at < $1
        GROUP BY c.org_id, c.destination_id, t.name ORDER BY min(e.stored_at) LIMIT $2
        """,
        [.timestamp, .int64]
    )

    private static let signatures = Statement(
        "watch_signatures",
        """
        SELECT s.org_id, s.endpoint_id::text, e.name, s.platform, s.failures, s.requests
        FROM (
            SELECT org_id, endpoint_id, min(platform) AS platform,
                (coalesce(sum(count) FILTER (WHERE outcome = ANY ($2)), 0))::bigint AS failures,
                (coalesce(sum(count) FILTER (WHERE outcome = ANY ($2) OR outcome = 'accepted'), 0))::bigint AS requests
            FROM postern.traffic_minutes WHERE minute >= $1 GROUP BY org_id, endpoint_id) s
        JOIN postern.endpoints e ON e.id = s.endpoint_id AND e.state = 'enabled'
        WHERE s.requests >= $3 AND s.failures > $4 * s.requests ORDER BY s.failures DESC LIMIT $5
        """,
        [.timestamp, .textArray, .int64, .float64, .int64]
    )

    /// Finds fingerprints with new dead letters since the beginning of the hour of `time`.
    package static func deadLetters(
        since time: Timestamp,
        _ connection: inout Connection,
        within: Duration
    ) throws(PostgresError) -> [NewNotification] {
        var parameters = ParameterBuffer()
        let hour = max(0, time.seconds - time.seconds % 3600)
        parameters.append(UniqueID(high: UInt64(hour) * 1000 << 16, low: 0))
        parameters.append(Self.limit)
        let rows = try connection.query(Self.deadLetters, parameters, within: within)
        var found: [NewNotification] = []
        for row in 0..<rows.count {
            let type = try rows.textOrNil(row, 5).map { " \($0)" } ?? ""
            let goal = try rows.textOrNil(row, 7).map { " to destination \($0)" } ?? ""
            let platform = try rows.text(row, 4)
            let reason = try rows.text(row, 6)
            let count = try rows.int64(row, 3)
            found.append(
                NewNotification(
                    organization: try rows.id(row, 0),
                    kind: .deadLetters,
                    subject: try rows.text(row, 1),
                    at: try rows.timestamp(row, 2),
                    count: count,
                    message: "dead letters: \(platform)\(type)\(goal) failed (\(reason)); review them with "
                        + "'postern deadletter list'"
                )
            )
        }
        return found
    }

    /// Finds circuits that opened since `time`.
    package static func openedCircuits(
        since time: Timestamp,
        _ connection: inout Connection,
        within: Duration
    ) throws(PostgresError) -> [NewNotification] {
        var parameters = ParameterBuffer()
        parameters.append(time)
        parameters.append(Self.limit)
        let rows = try connection.query(Self.circuits, parameters, within: within)
        var found: [NewNotification] = []
        for row in 0..<rows.count {
            let name = try rows.text(row, 2)
            let reason = try rows.textOrNil(row, 5) ?? "unknown"
            let until = try rows.timestampOrNil(row, 6).map { ", probed at \($0)" } ?? ""
            found.append(
                NewNotification(
                    organization: try rows.id(row, 0),
                    kind: .circuitOpened,
                    subject: try rows.text(row, 1),
                    at: try rows.timestamp(row, 3),
                    count: Int64(try rows.int32(row, 4)),
                    message: "destination \(name) fails (\(reason)): deliveries to it are held back\(until); "
                        + "nothing is lost"
                )
            )
        }
        return found
    }

    /// Finds destinations that were disabled by what they answered.
    package static func disabledDestinations(
        at time: Timestamp,
        _ connection: inout Connection,
        within: Duration
    ) throws(PostgresError) -> [NewNotification] {
        var parameters = ParameterBuffer()
        parameters.append(Self.limit)
        let rows = try connection.query(Self.disabled, parameters, within: within)
        var found: [NewNotification] = []
        for row in 0..<rows.count {
            let name = try rows.text(row, 2)
            let reason = try rows.text(row, 3)
            found.append(
                NewNotification(
                    organization: try rows.id(row, 0),
                    kind: .destinationDisabled,
                    subject: try rows.text(row, 1),
                    at: time,
                    message: "destination \(name) is disabled (\(reason)): its events wait; correct it and say "
                        + "'postern destination resume'"
                )
            )
        }
        return found
    }

    /// Finds organizations with deliveries that nobody has read, and destinations with events they have not got, of
    /// before `bound`.
    package static func backlogs(
        storedBefore bound: Timestamp,
        at time: Timestamp,
        _ connection: inout Connection,
        within: Duration
    ) throws(PostgresError) -> [NewNotification] {
        var parameters = ParameterBuffer()
        parameters.append(bound)
        parameters.append(Self.limit)
        var found: [NewNotification] = []
        let unread = try connection.query(Self.unread, parameters, within: within)
        for row in 0..<unread.count {
            let oldest = try unread.timestamp(row, 1)
            found.append(
                NewNotification(
                    organization: try unread.id(row, 0),
                    kind: .backlog,
                    subject: "deliveries",
                    at: time,
                    message: "deliveries wait to be processed since \(oldest): are consumers running?"
                )
            )
        }
        let waiting = try connection.query(Self.undelivered, parameters, within: within)
        for row in 0..<waiting.count {
            let name = try waiting.text(row, 2)
            let oldest = try waiting.timestamp(row, 3)
            found.append(
                NewNotification(
                    organization: try waiting.id(row, 0),
                    kind: .backlog,
                    subject: try waiting.text(row, 1),
                    at: time,
                    message:
                        "events for destination \(name) wait since \(oldest): it fails, or takes less than comes in"
                )
            )
        }
        return found
    }

    /// Finds endpoints whose requests since `time` were mostly refused for their signature.
    ///
    /// - Parameters:
    ///   - time: the first minute that counts.
    ///   - requests: endpoints with fewer requests are left out.
    ///   - ratio: how large a part must have been refused, 0 to 1.
    ///   - now: what the notification is told for.
    ///   - connection: where to ask.
    ///   - within: the deadline.
    /// - Returns: one for each endpoint.
    /// - Throws: any ``PostgresError``.
    package static func signatureFailures(
        since time: Timestamp,
        requests: Int,
        ratio: Double,
        at now: Timestamp,
        _ connection: inout Connection,
        within: Duration
    ) throws(PostgresError) -> [NewNotification] {
        var parameters = ParameterBuffer()
        parameters.append(time)
        parameters.append(VerificationFailure.allCases.map { failure in TrafficOutcome(failure).text })
        parameters.append(Int64(requests))
        parameters.append(ratio)
        parameters.append(Self.limit)
        let rows = try connection.query(Self.signatures, parameters, within: within)
        var found: [NewNotification] = []
        for row in 0..<rows.count {
            let name = try rows.text(row, 2)
            let platform = try rows.text(row, 3)
            let failures = try rows.int64(row, 4)
            let all = try rows.int64(row, 5)
            found.append(
                NewNotification(
                    organization: try rows.id(row, 0),
                    kind: .signatureFailures,
                    subject: try rows.text(row, 1),
                    at: now,
                    count: failures,
                    message:
                        "endpoint \(name) (\(platform)) refused \(failures) of \(all) requests for their signature: "
                        + "is its secret right? See 'postern endpoint rejections'"
                )
            )
        }
        return found
    }
}
