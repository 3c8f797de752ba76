package import PosternModel
package import PosternPostgres

/// Who owns which lane.
///
/// A lane stays with its owner for as long as that one's lease lasts (``ConsumerRegistry``). Blocking: connection threads
/// only.
///
/// One statement touches one lane, and where several are sent they go in the order of the lanes, as batches do: nobody
/// waits for the other way round.
package enum LaneLeases {
    // Whoever's lease is over gets nothing, late as the wish may come. A lease that is renewed while this statement waits
    // for the lane's row is not seen; then the fence stops the one who had the lane.
    private static let claim = Statement(
        "lane_claim",
        """
        UPDATE postern.lanes l SET owner = $2, fence = fence + 1
        WHERE l.lane = $1
            AND EXISTS (SELECT FROM postern.consumers c WHERE c.id = $2 AND c.leased_until >= now())
            AND (l.owner IS NULL OR l.owner = $2 OR NOT EXISTS (
                SELECT FROM postern.consumers c WHERE c.id = l.owner AND c.leased_until >= now()))
        RETURNING l.fence
        """,
        [.int32, .uuid]
    )

    private static let release = Statement(
        "lane_release",
        "UPDATE postern.lanes SET owner = NULL WHERE lane = $1 AND owner = $2 AND fence = $3",
        [.int32, .uuid, .int64]
    )

    /// Takes a lane that nobody holds (or that we are said to hold), and raises its fence.
    ///
    /// - Returns: the lane, or `nil` when somebody was faster or our own lease is over.
    package static func claim(
        _ lane: Lane,
        for consumer: ConsumerID,
        _ connection: inout Connection,
        within: Duration
    ) throws(PostgresError) -> LeasedLane? {
        var parameters = ParameterBuffer()
        parameters.append(lane.number)
        parameters.append(consumer)
        let rows = try connection.query(Self.claim, parameters, within: within)
        return rows.count == 1 ? LeasedLane(lane: lane, fence: try rows.int64(0, 0)) : nil
    }

    /// Gives lanes back, so that others need not wait for our lease to end; those no longer ours stay as they are.
    package static func release(
        _ lanes: [LeasedLane],
        of consumer: ConsumerID,
        _ connection: inout Connection,
        within: Duration
    ) throws(PostgresError) {
        guard !lanes.isEmpty else { return }
        _ = try connection.pipeline(within: within) { pipeline throws(PostgresError) in
            var parameters = ParameterBuffer()
            for each in lanes.sorted() {
                parameters.removeAll()
                parameters.append(each.lane.number)
                parameters.append(consumer)
                parameters.append(each.fence)
                try pipeline.send(Self.release, parameters)
            }
        }
    }
}
