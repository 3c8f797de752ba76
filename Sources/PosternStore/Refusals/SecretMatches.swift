package import PosternModel
package import PosternPostgres

/// Counts how often each secret proved a request, so that an old one can be seen to be out of use.
///
/// Blocking: connection threads only.
package enum SecretMatches {
    private static let upsert = BatchStatement(
        "secret_matches_add",
        insertInto: "postern.secret_matches (secret_id, hour, org_id, endpoint_id, count, last_at)",
        [.uuid, .timestamp, .uuid, .uuid, .int64, .timestamp],
        suffix: """
            ON CONFLICT (secret_id, hour) DO UPDATE SET count = secret_matches.count + excluded.count,
                last_at = greatest(secret_matches.last_at, excluded.last_at)
            """
    )

    /// Adds matches, in one transaction; for the gateway.
    ///
    /// Rows are sorted by their key, so that gateways that add to the same rows wait for each other in one order;
    /// matches of the same hour are joined, because one statement may touch a row once.
    package static func add(
        _ matches: [SecretMatch],
        _ connection: inout Connection,
        within: Duration
    ) throws(PostgresError) {
        guard !matches.isEmpty else { return }
        let rows = Self.joined(matches)
        var buffer = ParameterBuffer()
        _ = try connection.pipeline(within: within) { pipeline throws(PostgresError) in
            try Self.upsert.send(rows: rows.count, to: &pipeline, using: &buffer) { index, buffer in
                let row = rows[index]
                buffer.append(row.secret)
                buffer.append(row.hour)
                buffer.append(row.organization)
                buffer.append(row.endpoint)
                buffer.append(row.count)
                buffer.append(row.lastAt)
            }
        }
    }

    private static func joined(_ matches: [SecretMatch]) -> [SecretMatch] {
        var rows: [SecretMatch] = []
        rows.reserveCapacity(matches.count)
        for match in matches.sorted(by: { ($0.secret, $0.hour) < ($1.secret, $1.hour) }) {
            if let last = rows.indices.last, rows[last].secret == match.secret, rows[last].hour == match.hour {
                rows[last].count += match.count
                rows[last].lastAt = max(rows[last].lastAt, match.lastAt)
            } else {
                rows.append(match)
            }
        }
        return rows
    }

    private static let uses = Statement(
        "secret_uses",
        """
        SELECT s.id, s.kind, s.created_at, s.expires_at, s.revoked_at, m.last_at, m.count
        FROM postern.endpoint_secrets s CROSS JOIN LATERAL (
            SELECT max(m.last_at) AS last_at,
                coalesce(sum(m.count) FILTER (WHERE m.hour > now() - interval '25 hours'), 0)::bigint AS count
            FROM postern.secret_matches m WHERE m.secret_id = s.id
        ) m
        WHERE s.endpoint_id = $1 AND s.revoked_at IS NULL ORDER BY s.created_at DESC, s.id DESC
        """,
        [.uuid]
    )

    /// Reads the secrets of an endpoint that were not revoked, newest first, with their use.
    ///
    /// For the operator, and for an organization within its own transaction.
    package static func read<Session: QuerySession & ~Copyable>(
        _ endpoint: EndpointID,
        _ session: inout Session,
        within: Duration
    ) throws(PostgresError) -> [SecretUse] {
        var parameters = ParameterBuffer()
        parameters.append(endpoint)
        let rows = try session.query(Self.uses, parameters, within: within)
        var uses: [SecretUse] = []
        for row in 0..<rows.count {
            uses.append(
                SecretUse(
                    id: try rows.id(row, 0),
                    kind: try rows.text(row, 1),
                    createdAt: try rows.timestamp(row, 2),
                    expiresAt: try rows.timestampOrNil(row, 3),
                    revokedAt: try rows.timestampOrNil(row, 4),
                    lastMatchedAt: try rows.timestampOrNil(row, 5),
                    matchesIn24Hours: try rows.int64(row, 6)
                )
            )
        }
        return uses
    }
}
