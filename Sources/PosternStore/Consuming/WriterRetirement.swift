package import PosternModel
package import PosternPostgres

/// The end of a writer: closed when its session is gone, its cursors deleted when read to the end, then drained.
///
/// Blocking: connection threads only.
package enum WriterRetirement {
    // A session that lives holds its lock from the transaction that made its row; whoever gets the lock knows it is
    // gone, and everything it committed is visible by then. The minute is for sessions made by other means, such as by
    // hand.
    private static let dead = Statement(
        "writers_dead",
        """
        UPDATE postern.writers SET closed_at = now()
        WHERE id IN (
            SELECT id FROM postern.writers
            WHERE closed_at IS NULL AND drained_at IS NULL AND opened_at < now() - $1 * interval '1 microsecond'
            ORDER BY id
        ) AND closed_at IS NULL AND pg_try_advisory_xact_lock($2, id::integer)
        RETURNING id
        """,
        [.int64, .int32]
    )

    // One snapshot sees that the writer is closed and that nothing lies beyond the cursor.
    private static let drainedCursors = Statement(
        "cursors_delete_drained",
        """
        DELETE FROM postern.cursors c USING postern.writers w
        WHERE c.lane = ANY ($1) AND w.id = c.writer AND w.closed_at IS NOT NULL
            AND NOT EXISTS (
                SELECT FROM postern.deliveries d
                WHERE d.lane = c.lane AND d.writer = c.writer AND d.seq > c.seq
                    AND d.stored_at >= c.stored_at - interval '1 hour')
        """,
        [.int32Array]
    )

    private static let waiting = Statement(
        "writers_not_drained",
        """
        SELECT id FROM postern.writers
        WHERE drained_at IS NULL AND closed_at < now() - $1 * interval '1 microsecond' ORDER BY id
        """,
        [.int64]
    )

    private static let withCursors = Statement(
        "writers_with_cursors",
        "SELECT DISTINCT writer FROM postern.cursors WHERE writer = ANY ($1)",
        [.int64Array]
    )

    private static let drained = Statement(
        "writers_drained",
        """
        UPDATE postern.writers SET drained_at = now()
        WHERE id = ANY ($1) AND closed_at IS NOT NULL AND drained_at IS NULL
        """,
        [.int64Array]
    )

    /// Closes the writers whose session is gone without having said so, and gives their numbers.
    ///
    /// Writers younger than `age` are left alone.
    package static func closeDead(
        olderThan age: Duration,
        _ connection: inout Connection,
        within: Duration
    ) throws(PostgresError) -> [Int64] {
        var parameters = ParameterBuffer()
        parameters.append(age.inMicroseconds)
        parameters.append(WriterSession.lockClass)
        let rows = try connection.query(Self.dead, parameters, within: within)
        var writers: [Int64] = []
        for row in 0..<rows.count { writers.append(try rows.int64(row, 0)) }
        return writers.sorted()
    }

    /// Deletes the cursors of closed writers that `lanes` have read to the end, and gives how many went.
    package static func deleteDrainedCursors(
        of lanes: [Lane],
        _ connection: inout Connection,
        within: Duration
    ) throws(PostgresError) -> Int {
        var parameters = ParameterBuffer()
        parameters.append(lanes.map(\.number))
        return try connection.query(Self.drainedCursors, parameters, within: within).affected
    }

    /// Notes which writers, closed for at least `age`, no lane reads any more, and gives how many that are.
    package static func markDrained(
        closedFor age: Duration,
        _ connection: inout Connection,
        within: Duration
    ) throws(PostgresError) -> Int {
        var parameters = ParameterBuffer()
        parameters.append(age.inMicroseconds)
        let waiting = try Self.numbers(try connection.query(Self.waiting, parameters, within: within))
        guard !waiting.isEmpty else { return 0 }
        parameters.removeAll()
        parameters.append(waiting)
        let busy = Set(try Self.numbers(try connection.query(Self.withCursors, parameters, within: within)))
        let done = waiting.filter { !busy.contains($0) }
        guard !done.isEmpty else { return 0 }
        parameters.removeAll()
        parameters.append(done)
        return try connection.query(Self.drained, parameters, within: within).affected
    }

    private static func numbers(_ rows: Rows) throws(PostgresError) -> [Int64] {
        var numbers: [Int64] = []
        for row in 0..<rows.count { numbers.append(try rows.int64(row, 0)) }
        return numbers
    }
}
