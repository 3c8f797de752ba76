package import PosternModel
package import PosternPostgres

/// Finds secrets that will expire and are still needed.
///
/// One that is replaced already and no longer used may expire in silence: that is what rotation is. For a session of the
/// consumer. Blocking: connection threads only.
package enum ExpiringSecrets {
    // Needed: no other secret of its purpose outlives it, or it has proved a request within a day.
    private static let ofEndpoints = Statement(
        "watch_endpoint_secrets",
        """
        SELECT s.org_id, s.id::text, e.name, s.kind, s.expires_at
        FROM postern.endpoint_secrets s JOIN postern.endpoints e ON e.id = s.endpoint_id AND e.state = 'enabled'
        WHERE s.revoked_at IS NULL AND s.expires_at > $1 AND s.expires_at <= $2
            AND (NOT EXISTS (
                    SELECT FROM postern.endpoint_secrets o
                    WHERE o.endpoint_id = s.endpoint_id AND o.kind = s.kind AND o.id <> s.id AND o.revoked_at IS NULL
                        AND (o.expires_at IS NULL OR o.expires_at > s.expires_at))
                OR EXISTS (
                    SELECT FROM postern.secret_matches m
                    WHERE m.secret_id = s.id AND m.hour >= $1 - interval '1 day'))
        ORDER BY s.expires_at LIMIT $3
        """,
        [.timestamp, .timestamp, .int64]
    )

    private static let ofDestinations = Statement(
        "watch_destination_secrets",
        """
        SELECT s.org_id, s.id::text, t.name, coalesce(s.name, s.kind), s.expires_at
        FROM postern.destination_secrets s
        JOIN postern.destinations t ON t.id = s.destination_id AND t.deleted_at IS NULL
        WHERE s.revoked_at IS NULL AND s.expires_at > $1 AND s.expires_at <= $2
            AND NOT EXISTS (
                SELECT FROM postern.destination_secrets o
                WHERE o.destination_id = s.destination_id AND o.kind = s.kind AND o.name IS NOT DISTINCT FROM s.name
                    AND o.id <> s.id AND o.revoked_at IS NULL
                    AND (o.expires_at IS NULL OR o.expires_at > s.expires_at))
        ORDER BY s.expires_at LIMIT $3
        """,
        [.timestamp, .timestamp, .int64]
    )

    /// Finds the secrets that expire within a span from `time`; each is told once for the span.
    ///
    /// - Parameters:
    ///   - span: how long before the end it is told.
    ///   - time: now.
    ///   - connection: where to ask.
    ///   - within: the deadline of each of two statements.
    /// - Returns: one for each secret.
    /// - Throws: any ``PostgresError``.
    package static func find(
        within span: Duration,
        of time: Timestamp,
        _ connection: inout Connection,
        within: Duration
    ) throws(PostgresError) -> [NewNotification] {
        var parameters = ParameterBuffer()
        parameters.append(time)
        parameters.append(time.advanced(by: span))
        parameters.append(NotificationWatch.limit)
        let (seconds, _) = span.components
        var found: [NewNotification] = []
        for (statement, noun) in [(Self.ofEndpoints, "endpoint"), (Self.ofDestinations, "destination")] {
            let rows = try connection.query(statement, parameters, within: within)
            for row in 0..<rows.count {
                let owner = try rows.text(row, 2)
                let purpose = try rows.text(row, 3)
                let end = try rows.timestamp(row, 4)
                found.append(
                    NewNotification(
                        organization: try rows.id(row, 0),
                        kind: .secretExpiring,
                        subject: "\(try rows.text(row, 1)) \(seconds)",
                        at: end,
                        message: "the \(purpose) secret of \(noun) \(owner) expires at \(end) and is still needed: "
                            + "add another before"
                    )
                )
            }
        }
        return found
    }
}
