package import PosternModel
package import PosternPostgres

/// Who owns which lane.
///
/// Blocking: connection threads only.
///
/// One statement touches one lane, and where several are sent they go in the order of the lanes, as batches do: nobody
/// waits for the other way round.
package enum LaneLeases {
    private static let claim = Statement(
        "lane_claim",
        """
        UPDATE postern.lanes SET owner = $2, fence = fence + 1, leased_until = now() + $3 * interval '1 microsecond'
        WHERE lane = $1 AND (owner IS NULL OR owner = $2 OR leased_until < now())
        RETURNING fence
        """,
        [.int32, .uuid, .int64]
    )

    private static let renew = Statement(
        "lane_renew",
        """
        UPDATE postern.lanes SET leased_until = now() + $4 * interval '1 microsecond'
        WHERE lane = $1 AND owner = $2 AND fence = $3
        """,
        [.int32, .uuid, .int64, .int64]
    )

    private static let release = Statement(
        "lane_release",
        """
        UPDATE postern.lanes SET owner = NULL, leased_until = '-infinity'
        WHERE lane = $1 AND owner = $2 AND fence = $3
        """,
        [.int32, .uuid, .int64]
    )

    /// Takes a lane that nobody holds (or that we are said to hold), and raises its fence.
    ///
    /// - Returns: the lease, or `nil` when somebody was faster.
    package static func claim(
        _ lane: Lane,
        for consumer: ConsumerID,
        lease: Duration,
        _ connection: inout Connection,
        within: Duration
    ) throws(PostgresError) -> LeasedLane? {
        var parameters = ParameterBuffer()
        parameters.append(lane.number)
        parameters.append(consumer)
        parameters.append(lease.inMicroseconds)
        let rows = try connection.query(Self.claim, parameters, within: within)
        return rows.count == 1 ? LeasedLane(lane: lane, fence: try rows.int64(0, 0)) : nil
    }

    /// Makes leases last for another `lease` from now.
    ///
    /// - Returns: those that were still ours.
    package static func renew(
        _ lanes: [LeasedLane],
        of consumer: ConsumerID,
        lease: Duration,
        _ connection: inout Connection,
        within: Duration
    ) throws(PostgresError) -> Set<LeasedLane> {
        let lanes = lanes.sorted()
        let results = try connection.pipeline(within: within) { pipeline throws(PostgresError) in
            var parameters = ParameterBuffer()
            for each in lanes {
                parameters.removeAll()
                parameters.append(each.lane.number)
                parameters.append(consumer)
                parameters.append(each.fence)
                parameters.append(lease.inMicroseconds)
                try pipeline.send(Self.renew, parameters)
            }
        }
        return Set(zip(lanes, results).filter { $0.1.affected == 1 }.map(\.0))
    }

    /// Gives lanes back, so that others need not wait for the leases to end; those no longer ours stay as they are.
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
