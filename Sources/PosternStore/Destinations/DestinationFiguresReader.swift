package import PosternModel
package import PosternPostgres

/// Reads how destinations do: four statements for any number.
///
/// For a session of the operator or a transaction of the organization. Blocking: connection threads only.
package enum DestinationFiguresReader {
    // Lanes at their end, which is most, cost a look at the cursor and no more. The hour is the one readers of the
    // log forgive the clocks of consumers.
    private static let lag = Statement(
        "destination_lag",
        """
        SELECT c.destination_id, sum(least(b.events, $2))::bigint, bool_or(b.events > $2), min(b.oldest)
        FROM postern.destination_cursors c
        JOIN postern.lanes l ON l.lane = c.lane AND l.event_number > c.number
        CROSS JOIN LATERAL (
            SELECT count(*) AS events, min(e.stored_at) AS oldest
            FROM (
                SELECT e.stored_at FROM postern.events e
                WHERE e.lane = c.lane AND e.org_id = c.org_id AND e.number > c.number
                    AND e.stored_at >= c.stored_at - interval '1 hour'
                ORDER BY e.number LIMIT $2 + 1
            ) e
        ) b
        WHERE c.destination_id = ANY ($1) AND b.events > 0
        GROUP BY c.destination_id
        """,
        [.uuidArray, .int64]
    )

    private static let retries = Statement(
        "destination_retries",
        """
        SELECT r.destination_id, count(*), nullif(min(r.scheduled_at), 'infinity')
        FROM postern.lanes l JOIN postern.webhook_retry_queue r ON r.lane = l.lane
        WHERE r.destination_id = ANY ($1) GROUP BY r.destination_id
        """,
        [.uuidArray]
    )

    private static let deadLetters = Statement(
        "destination_dead_letters",
        """
        SELECT destination_id, count(*) FROM postern.webhook_dead_letter_queue
        WHERE review_state = 'open' AND destination_id = ANY ($1) GROUP BY destination_id
        """,
        [.uuidArray]
    )

    private static let minutes = Statement(
        "destination_minutes_read",
        """
        SELECT m.destination_id, m.minute, m.org_id, m.outcome, m.count, m.retries, m.latencies, t.timeout_ms
        FROM postern.destination_minutes m LEFT JOIN postern.destinations t ON t.id = m.destination_id
        WHERE m.destination_id = ANY ($1) AND m.minute >= $2 ORDER BY m.destination_id, m.minute, m.outcome
        """,
        [.uuidArray, .timestamp]
    )

    /// Reads the figures of these destinations, in their order.
    ///
    /// - Parameters:
    ///   - destinations: which; what the session does not see has zeros.
    ///   - since: the first minute whose attempts are brought.
    ///   - session: where to ask.
    ///   - within: the deadline of each statement.
    /// - Returns: one for each.
    /// - Throws: any ``PostgresError``.
    package static func read<Session: QuerySession & ~Copyable>(
        _ destinations: [DestinationID],
        since: Timestamp,
        _ session: inout Session,
        within: Duration
    ) throws(PostgresError) -> [DestinationFigures] {
        if destinations.isEmpty { return [] }
        var figures: [DestinationID: DestinationFigures] = [:]
        for id in destinations { figures[id] = DestinationFigures(destination: id) }
        var parameters = ParameterBuffer()
        parameters.append(destinations)
        let retries = try session.query(Self.retries, parameters, within: within)
        for row in 0..<retries.count {
            let id: DestinationID = try retries.id(row, 0)
            figures[id]?.retries = try retries.int64(row, 1)
            figures[id]?.nextRetryAt = try retries.timestampOrNil(row, 2)
        }
        let letters = try session.query(Self.deadLetters, parameters, within: within)
        for row in 0..<letters.count { figures[try letters.id(row, 0)]?.openDeadLetters = try letters.int64(row, 1) }
        parameters.append(DestinationFigures.lagLimitOfLane)
        let lag = try session.query(Self.lag, parameters, within: within)
        for row in 0..<lag.count {
            let id: DestinationID = try lag.id(row, 0)
            figures[id]?.lag = try lag.int64(row, 1)
            figures[id]?.isLagCut = try lag.bool(row, 2)
            figures[id]?.oldestAt = try lag.timestampOrNil(row, 3)
        }
        try Self.addMinutes(of: destinations, since: since, to: &figures, &session, within: within)
        return destinations.map { id in figures[id] ?? DestinationFigures(destination: id) }
    }

    private static func addMinutes<Session: QuerySession & ~Copyable>(
        of destinations: [DestinationID],
        since: Timestamp,
        to figures: inout [DestinationID: DestinationFigures],
        _ session: inout Session,
        within: Duration
    ) throws(PostgresError) {
        var parameters = ParameterBuffer()
        parameters.append(destinations)
        parameters.append(since)
        let rows = try session.query(Self.minutes, parameters, within: within)
        for row in 0..<rows.count {
            let minute = DestinationMinute(
                minute: try rows.timestamp(row, 1),
                destination: try rows.id(row, 0),
                organization: try rows.id(row, 2),
                outcome: try rows.text(row, 3),
                count: try rows.int64(row, 4),
                retries: try rows.int64(row, 5),
                latencies: try rows.int64s(row, 6)
            )
            figures[minute.destination]?.minutes.append(minute)
            figures[minute.destination]?.timeout = try rows.int32OrNil(row, 7).map { .milliseconds($0) }
        }
    }
}
