package import PosternModel
package import PosternPostgres

/// What goes by age and not by whole days.
///
/// Blocking: connection threads only.
package enum Expiry {
    private static let eventKeys = Statement(
        "event_keys_expire",
        """
        DELETE FROM postern.event_keys WHERE lane = $1 AND ctid = ANY (ARRAY(
            SELECT ctid FROM postern.event_keys WHERE lane = $1 AND seen_at < $2 ORDER BY seen_at LIMIT $3))
        """,
        [.int32, .timestamp, .int64]
    )

    /// Forgets event keys of one lane that were seen before `time`, oldest first, and gives how many went.
    ///
    /// Only the owner of the lane calls it, so nobody touches the same rows. Fewer than `atMost` means that none is
    /// left. Runs in its own transaction or in the caller's.
    package static func eventKeys(
        of lane: Lane,
        seenBefore time: Timestamp,
        atMost: Int64 = 1000,
        _ connection: inout Connection,
        within: Duration
    ) throws(PostgresError) -> Int {
        var parameters = ParameterBuffer()
        parameters.append(lane.number)
        parameters.append(time)
        parameters.append(atMost)
        return try connection.query(Self.eventKeys, parameters, within: within).affected
    }

    private static let writers = Statement(
        "writers_drop",
        "SELECT postern.drop_writers($1, $2)",
        [.int32, .int32]
    )

    /// Forgets writers that were drained more than `keepDays` (at least 1) days ago, and gives how many went.
    package static func writers(
        keepDays: Int32,
        atMost: Int32 = 1000,
        _ connection: inout Connection,
        within: Duration
    ) throws(PostgresError) -> Int {
        var parameters = ParameterBuffer()
        parameters.append(keepDays)
        parameters.append(atMost)
        return Int(try connection.query(Self.writers, parameters, within: within).int32(0, 0))
    }
}
