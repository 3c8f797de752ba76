package import PosternModel
package import PosternPostgres

/// Reads how the two logs are numbered: deliveries by writer, events by lane.
///
/// For a session of the operator, in a transaction begun with ``AccountingPeriod/opening``. Blocking: connection threads
/// only.
package enum LogNumbering {
    /// What is known of a writer besides its deliveries.
    package struct Writer: Sendable, Equatable {
        package let number: Int64
        /// The highest sequence that a cursor of it has reached, deleted ones included.
        package let reached: Int64
        /// How many of its deliveries cursors have read, deleted ones included.
        package let consumed: Int64
        /// A lane in which it may write and nobody would read; `nil` when there is none.
        package let unreadLane: Lane?
    }

    /// Two neighbors in a log whose numbers do not follow each other.
    package struct Gap: Sendable, Equatable {
        package let before: Int64
        package let after: Int64

        /// Joins the two numbers.
        package init(before: Int64, after: Int64) {
            self.before = before
            self.after = after
        }
    }

    private static let writers = Statement(
        "accounting_writers",
        """
        SELECT w.id, greatest(w.last_seq, coalesce(max(c.seq), 0)), (w.consumed + coalesce(sum(c.consumed), 0))::bigint,
            CASE WHEN w.closed_at IS NULL THEN (
                SELECT min(l.lane) FROM postern.lanes l WHERE NOT EXISTS (
                    SELECT FROM postern.cursors n WHERE n.writer = w.id AND n.lane = l.lane)) END
        FROM postern.writers w LEFT JOIN postern.cursors c ON c.writer = w.id
        GROUP BY w.id ORDER BY w.id
        """
    )

    private static let lanes = Statement(
        "accounting_lanes",
        "SELECT lane, event_number FROM postern.lanes ORDER BY lane"
    )

    private static let events = Statement(
        "accounting_events",
        """
        SELECT lane, min(number), max(number), count(*) FROM postern.events
        WHERE stored_at >= $1 AND stored_at < $2 GROUP BY lane
        """,
        [.timestamp, .timestamp]
    )

    private static let eventGaps = Statement(
        "accounting_event_gaps",
        """
        SELECT before, number FROM (
            SELECT number, lag(number) OVER (ORDER BY number) AS before FROM postern.events
            WHERE lane = $1 AND stored_at >= $2) AS n
        WHERE number <> before + 1 ORDER BY number LIMIT $3
        """,
        [.int32, .timestamp, .int64]
    )

    private static let deliveryGaps = Statement(
        "accounting_delivery_gaps",
        """
        SELECT before, seq FROM (
            SELECT seq, lag(seq) OVER (ORDER BY seq) AS before FROM postern.deliveries
            WHERE writer = $1 AND stored_at >= $2) AS n
        WHERE seq <> before + 1 ORDER BY seq LIMIT $3
        """,
        [.int64, .timestamp, .int64]
    )

    /// Reads all writers that are remembered.
    package static func writers(_ connection: inout Connection, within: Duration) throws(PostgresError) -> [Writer] {
        let rows = try connection.query(Self.writers, within: within)
        var writers: [Writer] = []
        writers.reserveCapacity(rows.count)
        for row in 0..<rows.count {
            writers.append(
                Writer(
                    number: try rows.int64(row, 0),
                    reached: try rows.int64(row, 1),
                    consumed: try rows.int64(row, 2),
                    unreadLane: try rows.int32OrNil(row, 3).map { Lane($0) }
                )
            )
        }
        return writers
    }

    /// Reads the number of the last event of each lane.
    package static func lastEvents(
        _ connection: inout Connection,
        within: Duration
    ) throws(PostgresError) -> [(lane: Lane, number: Int64)] {
        let rows = try connection.query(Self.lanes, within: within)
        var lanes: [(lane: Lane, number: Int64)] = []
        for row in 0..<rows.count { lanes.append((Lane(try rows.int32(row, 0)), try rows.int64(row, 1))) }
        return lanes
    }

    /// Reads how the events of a day are numbered, lane by lane.
    package static func events(
        _ day: AccountedDay,
        _ connection: inout Connection,
        within: Duration
    ) throws(PostgresError) -> [Lane: NumberedRun] {
        var parameters = ParameterBuffer()
        parameters.append(day.start)
        parameters.append(day.end)
        let rows = try connection.query(Self.events, parameters, within: within)
        var runs: [Lane: NumberedRun] = [:]
        for row in 0..<rows.count {
            runs[Lane(try rows.int32(row, 0))] = NumberedRun(
                first: try rows.int64(row, 1),
                last: try rows.int64(row, 2),
                count: try rows.int64(row, 3)
            )
        }
        return runs
    }

    /// Finds the first `limit` places where events of a lane, stored at `time` or later, do not follow each other.
    package static func gaps(
        in lane: Lane,
        since time: Timestamp,
        limit: Int,
        _ connection: inout Connection,
        within: Duration
    ) throws(PostgresError) -> [Gap] {
        var parameters = ParameterBuffer()
        parameters.append(lane.number)
        parameters.append(time)
        parameters.append(Int64(limit))
        return try Self.gaps(try connection.query(Self.eventGaps, parameters, within: within))
    }

    /// Finds the first `limit` places where deliveries of a writer, stored at `time` or later, do not follow each other.
    package static func gaps(
        ofWriter writer: Int64,
        since time: Timestamp,
        limit: Int,
        _ connection: inout Connection,
        within: Duration
    ) throws(PostgresError) -> [Gap] {
        var parameters = ParameterBuffer()
        parameters.append(writer)
        parameters.append(time)
        parameters.append(Int64(limit))
        return try Self.gaps(try connection.query(Self.deliveryGaps, parameters, within: within))
    }

    private static func gaps(_ rows: Rows) throws(PostgresError) -> [Gap] {
        var gaps: [Gap] = []
        for row in 0..<rows.count { gaps.append(Gap(before: try rows.int64(row, 0), after: try rows.int64(row, 1))) }
        return gaps
    }
}
