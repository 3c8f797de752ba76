package import PosternModel
package import PosternPostgres

/// Learns from `traffic_minutes` how regularly requests come to endpoints, lane by lane.
///
/// The cost is reading the lane's minutes of the days asked for: look at few lanes at a time. For a session of the
/// consumer. Blocking: connection threads only.
package enum EndpointRhythms {
    private static let lanes = Statement("watch_lanes", "SELECT lane FROM postern.lanes ORDER BY lane")

    private static let learn = Statement(
        "watch_rhythms",
        """
        SELECT e.org_id, e.id, e.name, e.platform, g.first, g.last, g.minutes, g.gap
        FROM (
            SELECT endpoint_id, min(minute) AS first, max(minute) AS last, count(*) AS minutes,
                (coalesce(max(extract(epoch FROM minute - before)), 0))::bigint AS gap
            FROM (
                SELECT endpoint_id, minute, lag(minute) OVER (PARTITION BY endpoint_id ORDER BY minute) AS before
                FROM postern.traffic_minutes
                WHERE lane = $1 AND minute >= $2 AND outcome = 'accepted') AS m
            GROUP BY endpoint_id) AS g
        JOIN postern.endpoints e ON e.id = g.endpoint_id AND e.state = 'enabled'
        WHERE g.minutes >= $3 ORDER BY e.id
        """,
        [.int32, .timestamp, .int64]
    )

    /// Reads which lanes there are.
    package static func lanes(_ connection: inout Connection, within: Duration) throws(PostgresError) -> [Lane] {
        let rows = try connection.query(Self.lanes, within: within)
        var lanes: [Lane] = []
        for row in 0..<rows.count { lanes.append(Lane(try rows.int32(row, 0))) }
        return lanes
    }

    /// Learns the rhythms of the endpoints of one lane.
    ///
    /// - Parameters:
    ///   - lane: which.
    ///   - time: the first minute that counts.
    ///   - minutes: endpoints with fewer minutes that had a request are left out.
    ///   - connection: where to ask.
    ///   - within: the deadline.
    /// - Returns: one for each enabled endpoint with so much of a history.
    /// - Throws: any ``PostgresError``.
    package static func learn(
        of lane: Lane,
        since time: Timestamp,
        minutes: Int,
        _ connection: inout Connection,
        within: Duration
    ) throws(PostgresError) -> [EndpointRhythm] {
        var parameters = ParameterBuffer()
        parameters.append(lane.number)
        parameters.append(time)
        parameters.append(Int64(minutes))
        let rows = try connection.query(Self.learn, parameters, within: within)
        var rhythms: [EndpointRhythm] = []
        for row in 0..<rows.count {
            rhythms.append(
                EndpointRhythm(
                    organization: try rows.id(row, 0),
                    endpoint: try rows.id(row, 1),
                    name: try rows.text(row, 2),
                    platform: try rows.text(row, 3),
                    first: try rows.timestamp(row, 4),
                    last: try rows.timestamp(row, 5),
                    minutes: try rows.int64(row, 6),
                    longestGap: .seconds(try rows.int64(row, 7))
                )
            )
        }
        return rhythms
    }
}
