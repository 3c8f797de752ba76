package import PosternModel
package import PosternPostgres

// What limits and refusals leave behind. Any consumer may call these; what two delete at once is deleted once.
extension Expiry {
    private static let quarantined = Statement(
        "quarantine_expire",
        """
        DELETE FROM postern.quarantined_requests WHERE id = ANY (ARRAY(
            SELECT id FROM postern.quarantined_requests WHERE expires_at <= now() ORDER BY expires_at LIMIT $1))
        """,
        [.int64]
    )

    /// Deletes quarantined requests whose time is up, oldest first, and gives how many went.
    ///
    /// Fewer than `atMost` means that none is left.
    package static func quarantinedRequests(
        atMost: Int64 = 1000,
        _ connection: inout Connection,
        within: Duration
    ) throws(PostgresError) -> Int {
        var parameters = ParameterBuffer()
        parameters.append(atMost)
        return try connection.query(Self.quarantined, parameters, within: within).affected
    }

    private static let counts = Statement(
        "limit_counts_expire",
        "DELETE FROM postern.limit_counts WHERE seen_at < $1",
        [.timestamp]
    )

    private static let gateways = Statement(
        "gateways_expire",
        "DELETE FROM postern.gateways WHERE seen_at < $1",
        [.timestamp]
    )

    /// Forgets gateways, and what gateways counted under a limit, not written since `time`; gives how many of both.
    ///
    /// Reads both tables whole: not every few seconds.
    package static func limitCounts(
        seenBefore time: Timestamp,
        _ connection: inout Connection,
        within: Duration
    ) throws(PostgresError) -> Int {
        var parameters = ParameterBuffer()
        parameters.append(time)
        let counts = try connection.query(Self.counts, parameters, within: within).affected
        return try counts + connection.query(Self.gateways, parameters, within: within).affected
    }

    private static let matches = Statement(
        "secret_matches_expire",
        """
        DELETE FROM postern.secret_matches WHERE (secret_id, hour) IN (
            SELECT secret_id, hour FROM postern.secret_matches WHERE hour < $1 ORDER BY hour LIMIT $2)
        """,
        [.timestamp, .int64]
    )

    /// Forgets matches of secrets in hours that began before `time`, oldest first, and gives how many went.
    ///
    /// Fewer than `atMost` means that none is left.
    package static func secretMatches(
        before time: Timestamp,
        atMost: Int64 = 1000,
        _ connection: inout Connection,
        within: Duration
    ) throws(PostgresError) -> Int {
        var parameters = ParameterBuffer()
        parameters.append(time)
        parameters.append(atMost)
        return try connection.query(Self.matches, parameters, within: within).affected
    }
}
