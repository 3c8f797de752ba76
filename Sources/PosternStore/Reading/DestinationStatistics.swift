package import PosternModel
package import PosternPostgres

/// Reads how destinations do: from counters by the minute, and from cursors; no attempt is counted.
///
/// For a session of the consumer or the operator. Blocking: connection threads only.
package enum DestinationStatistics {
    /// How many destinations there are in each state.
    package struct Counts: Sendable, Equatable {
        package let all: Int64
        package let paused: Int64
        package let disabled: Int64
        /// Circuits that are open or half-open.
        package let openCircuits: Int64
    }

    /// The most destinations that are told of: those that fail come first, then those that lag.
    package static let limit: Int64 = 200

    private static let counts = Statement(
        "destination_counts",
        """
        SELECT count(*), count(*) FILTER (WHERE state = 'paused'), count(*) FILTER (WHERE state = 'disabled'),
            count(*) FILTER (WHERE circuit <> 'closed')
        FROM postern.destinations WHERE deleted_at IS NULL AND kind <> 'alert'
        """
    )

    // Counting stops at 10,000 (and one, to tell that there are more); the oldest event is a probe for each lane.
    private static let destinations = Statement(
        "destination_figures",
        """
        SELECT t.id, t.org_id, o.name, t.name, t.kind, t.state, t.circuit, t.circuit_until,
            (SELECT min(e.stored_at) FROM postern.destination_cursors c
                JOIN postern.lanes l ON l.lane = c.lane AND l.event_number > c.number
                CROSS JOIN LATERAL (
                    SELECT e.stored_at FROM postern.events e
                    WHERE e.lane = c.lane AND e.org_id = c.org_id AND e.number > c.number
                        AND e.stored_at >= c.stored_at - interval '1 hour'
                    ORDER BY e.number LIMIT 1) e
                WHERE c.destination_id = t.id) AS oldest,
            (SELECT count(*) FROM (
                SELECT FROM postern.destination_cursors c
                JOIN postern.lanes l ON l.lane = c.lane AND l.event_number > c.number
                CROSS JOIN LATERAL (
                    SELECT FROM postern.events e
                    WHERE e.lane = c.lane AND e.org_id = c.org_id AND e.number > c.number
                        AND e.stored_at >= c.stored_at - interval '1 hour') e
                WHERE c.destination_id = t.id LIMIT 10001) AS few),
            (SELECT count(*) FROM (
                SELECT FROM postern.destination_cursors c
                JOIN postern.webhook_retry_queue q ON q.lane = c.lane AND q.destination_id = c.destination_id
                WHERE c.destination_id = t.id LIMIT 10001) AS few),
            s.recovered, s.exhausted, t.timeout_ms
        FROM postern.destinations t
        JOIN postern.organizations o ON o.id = t.org_id
        CROSS JOIN LATERAL (
            SELECT coalesce(sum(c.recovered), 0)::bigint AS recovered, coalesce(sum(c.exhausted), 0)::bigint AS exhausted,
                coalesce(sum(l.event_number - c.number), 0) AS distance
            FROM postern.destination_cursors c JOIN postern.lanes l ON l.lane = c.lane
            WHERE c.destination_id = t.id) s
        WHERE t.deleted_at IS NULL AND t.kind <> 'alert'
        ORDER BY t.circuit <> 'closed' OR t.state = 'disabled' DESC, s.distance DESC, t.id LIMIT $1
        """,
        [.int64]
    )

    private static let minutes = Statement(
        "destination_sums",
        """
        SELECT destination_id, outcome, sum(count)::bigint, sum(retries)::bigint,
            ARRAY[sum(latencies[1])::bigint, sum(latencies[2])::bigint, sum(latencies[3])::bigint,
                sum(latencies[4])::bigint, sum(latencies[5])::bigint, sum(latencies[6])::bigint,
                sum(latencies[7])::bigint, sum(latencies[8])::bigint, sum(latencies[9])::bigint,
                sum(latencies[10])::bigint, sum(latencies[11])::bigint, sum(latencies[12])::bigint]
        FROM postern.destination_minutes
        WHERE minute >= $1 AND destination_id = ANY ($2) GROUP BY destination_id, outcome
        """,
        [.timestamp, .uuidArray]
    )

    /// Counts the destinations that get events, by state.
    package static func counts(_ connection: inout Connection, within: Duration) throws(PostgresError) -> Counts {
        let rows = try connection.query(Self.counts, within: within)
        return Counts(
            all: try rows.int64(0, 0),
            paused: try rows.int64(0, 1),
            disabled: try rows.int64(0, 2),
            openCircuits: try rows.int64(0, 3)
        )
    }

    /// Reads the figures of the destinations that get events, ``limit`` at most.
    ///
    /// - Parameters:
    ///   - start: the first minute of the window.
    ///   - connection: where to ask.
    ///   - within: the deadline of each of two statements.
    /// - Returns: those that fail or are disabled first, then those farthest behind.
    /// - Throws: any ``PostgresError``.
    package static func load(
        from start: Timestamp,
        _ connection: inout Connection,
        within: Duration
    ) throws(PostgresError) -> [DestinationStanding] {
        var parameters = ParameterBuffer()
        parameters.append(Self.limit)
        let rows = try connection.query(Self.destinations, parameters, within: within)
        var figures: [DestinationStanding] = []
        var places: [DestinationID: Int] = [:]
        for row in 0..<rows.count {
            // A word of a newer program is not ours to show.
            guard let one = try Self.figures(rows, row) else { continue }
            places[one.id] = figures.count
            figures.append(one)
        }
        guard !figures.isEmpty else { return [] }
        parameters.removeAll()
        parameters.append(start)
        parameters.append(figures.map(\.id))
        let sums = try connection.query(Self.minutes, parameters, within: within)
        for row in 0..<sums.count {
            guard let place = places[try sums.id(row, 0)] else { continue }
            let outcome = try sums.text(row, 1)
            let count = try sums.int64(row, 2)
            if outcome == "delivered" {
                figures[place].delivered += count
            } else {
                figures[place].failures[outcome, default: 0] += count
            }
            figures[place].retries += try sums.int64(row, 3)
            figures[place].latencies.add(try sums.int64s(row, 4))
        }
        return figures
    }

    private static func figures(_ rows: Rows, _ row: Int) throws(PostgresError) -> DestinationStanding? {
        guard let kind = DestinationKind(rawValue: try rows.text(row, 4)),
            let state = DestinationState(rawValue: try rows.text(row, 5)),
            let circuit = CircuitState(rawValue: try rows.text(row, 6))
        else { return nil }
        return DestinationStanding(
            id: try rows.id(row, 0),
            organization: try rows.id(row, 1),
            organizationName: try rows.text(row, 2),
            name: try rows.text(row, 3),
            kind: kind,
            state: state,
            circuit: circuit,
            circuitUntil: try rows.timestampOrNil(row, 7),
            timeout: .milliseconds(try rows.int32(row, 13)),
            behind: PipelineStatus.BoundedCount(try rows.int64(row, 9)),
            oldestBehind: try rows.timestampOrNil(row, 8),
            waiting: PipelineStatus.BoundedCount(try rows.int64(row, 10)),
            recovered: try rows.int64(row, 11),
            exhausted: try rows.int64(row, 12)
        )
    }
}
