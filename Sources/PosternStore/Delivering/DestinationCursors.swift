package import PosternModel
package import PosternPostgres

/// Reads where destinations stand, and where the lanes end.
///
/// Blocking: connection threads only.
package enum DestinationCursors {
    private static let read = Statement(
        "delivery_cursors",
        """
        SELECT c.lane, c.destination_id, c.org_id, c.number, c.stored_at
        FROM postern.lanes l
        JOIN postern.destination_cursors c ON c.lane = l.lane
        JOIN postern.destinations d ON d.id = c.destination_id
        WHERE l.lane = ANY ($1) AND l.owner = $2 AND d.deleted_at IS NULL
        ORDER BY c.lane, c.destination_id
        """,
        [.int32Array, .uuid]
    )

    /// Reads the cursors of all destinations that are not deleted, in the order of lane and destination.
    ///
    /// - Parameters:
    ///   - lanes: those to read; lanes that another consumer owns by now give nothing.
    ///   - owner: who we are.
    ///   - connection: where to ask.
    ///   - within: the deadline.
    /// - Returns: the cursors; a lane and a destination have at most one together.
    /// - Throws: any ``PostgresError``.
    package static func read(
        _ lanes: [Lane],
        owner: ConsumerID,
        _ connection: inout Connection,
        within: Duration
    ) throws(PostgresError) -> [DestinationCursor] {
        var parameters = ParameterBuffer()
        parameters.append(lanes.map(\.number))
        parameters.append(owner)
        let rows = try connection.query(Self.read, parameters, within: within)
        var cursors: [DestinationCursor] = []
        cursors.reserveCapacity(rows.count)
        for row in 0..<rows.count {
            cursors.append(
                DestinationCursor(
                    lane: Lane(try rows.int32(row, 0)),
                    destination: try rows.id(row, 1),
                    organization: try rows.id(row, 2),
                    number: try rows.int64(row, 3),
                    storedAt: try rows.timestamp(row, 4)
                )
            )
        }
        return cursors
    }
}
