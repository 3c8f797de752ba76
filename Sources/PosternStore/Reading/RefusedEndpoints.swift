package import PosternModel
package import PosternPostgres

/// Finds endpoints whose requests we refuse, and since when.
///
/// For a session of the consumer or the operator. Blocking: connection threads only.
package enum RefusedEndpoints {
    /// The most endpoints that are told of: those with the most refusals.
    package static let limit: Int64 = 100

    // Of an endpoint that refuses everything, the last accepted request is looked for backward from now: the days before
    // it are not read.
    private static let find = Statement(
        "refused_endpoints",
        """
        SELECT r.org_id, r.endpoint_id, e.name, r.platform, r.last, r.refused, r.accepted,
            CASE WHEN r.accepted > 0 THEN r.first ELSE coalesce((
                SELECT min(m.minute) FROM postern.traffic_minutes m
                WHERE m.lane = r.lane AND m.org_id = r.org_id AND m.endpoint_id = r.endpoint_id
                    AND m.outcome LIKE 'rejected!_%' ESCAPE '!'
                    AND m.minute >= coalesce((
                        SELECT a.minute FROM postern.traffic_minutes a
                        WHERE a.lane = r.lane AND a.org_id = r.org_id AND a.endpoint_id = r.endpoint_id
                            AND a.outcome = 'accepted'
                        ORDER BY a.minute DESC LIMIT 1), '-infinity')), r.first) END
        FROM (
            SELECT lane, org_id, endpoint_id, min(platform) AS platform,
                min(minute) FILTER (WHERE outcome LIKE 'rejected!_%' ESCAPE '!') AS first,
                max(minute) FILTER (WHERE outcome LIKE 'rejected!_%' ESCAPE '!') AS last,
                (coalesce(sum(count) FILTER (WHERE outcome LIKE 'rejected!_%' ESCAPE '!'), 0))::bigint AS refused,
                (coalesce(sum(count) FILTER (WHERE outcome = 'accepted'), 0))::bigint AS accepted
            FROM postern.traffic_minutes WHERE minute >= $1 - interval '1 hour' AND minute <= $1
            GROUP BY lane, org_id, endpoint_id) r
        JOIN postern.endpoints e ON e.id = r.endpoint_id AND e.state = 'enabled'
        WHERE r.refused > 0 ORDER BY r.refused DESC, r.endpoint_id LIMIT $2
        """,
        [.timestamp, .int64]
    )

    /// Finds the endpoints that refused requests in the hour before `time`, ``limit`` at most.
    package static func find(
        at time: Timestamp,
        _ connection: inout Connection,
        within: Duration
    ) throws(PostgresError) -> [RefusedEndpoint] {
        var parameters = ParameterBuffer()
        parameters.append(time)
        parameters.append(Self.limit)
        let rows = try connection.query(Self.find, parameters, within: within)
        var endpoints: [RefusedEndpoint] = []
        for row in 0..<rows.count {
            guard let platform = PlatformName(try rows.text(row, 3)) else { continue }
            endpoints.append(
                RefusedEndpoint(
                    organization: try rows.id(row, 0),
                    endpoint: try rows.id(row, 1),
                    name: try rows.text(row, 2),
                    platform: platform,
                    since: try rows.timestamp(row, 7),
                    last: try rows.timestamp(row, 4),
                    refused: try rows.int64(row, 5),
                    accepted: try rows.int64(row, 6)
                )
            )
        }
        return endpoints
    }
}
