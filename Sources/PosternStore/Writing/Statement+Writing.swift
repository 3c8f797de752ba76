internal import PosternPostgres

extension Statement {
    /// Registers a session; gives its writer number.
    static let registerWriter = Statement(
        "register_writer",
        "INSERT INTO postern.writers (gateway) VALUES ($1) RETURNING id",
        [.text]
    )

    /// Takes the lock that tells the living from the dead; it ends with the session.
    static let lockWriter = Statement("lock_writer", "SELECT pg_advisory_lock($1, $2)", [.int32, .int32])

    /// All lanes there are, as one array.
    static let lanes = Statement("lanes", "SELECT coalesce(array_agg(lane ORDER BY lane), '{}') FROM postern.lanes")

    /// Notes that a session ended on purpose.
    static let closeWriter = Statement(
        "close_writer",
        "UPDATE postern.writers SET closed_at = now() WHERE id = $1 AND closed_at IS NULL",
        [.int64]
    )
}

extension BatchStatement {
    /// A cursor of a new writer in a lane.
    static let newCursors = BatchStatement(
        "new_cursors",
        insertInto: "postern.cursors (lane, writer, stored_at)",
        [.int32, .int64, .timestamp]
    )

    /// Appends to the log.
    static let deliveries = BatchStatement(
        "deliveries",
        insertInto:
            "postern.deliveries (lane, writer, seq, stored_at, id, org_id, endpoint_id, secret_id, platform, headers, body)",
        [.int32, .int64, .int64, .timestamp, .uuid, .uuid, .uuid, .uuid, .text, .bytes, .bytes]
    )
}
