package import PosternModel
package import PosternPostgres

/// Who consumes: one row for each running consumer, with the lease on its lanes.
///
/// Blocking: connection threads only.
package enum ConsumerRegistry {
    private static let renew = Statement(
        "consumer_renew",
        """
        INSERT INTO postern.consumers (id, host, leased_until) VALUES ($1, $2, now() + $3 * interval '1 microsecond')
        ON CONFLICT (id) DO UPDATE SET seen_at = now(), leased_until = excluded.leased_until
        """,
        [.uuid, .text, .int64]
    )

    private static let live = Statement(
        "consumers_live",
        "SELECT count(*) FROM postern.consumers WHERE leased_until >= now()"
    )

    private static let leave = Statement("consumer_leave", "DELETE FROM postern.consumers WHERE id = $1", [.uuid])

    private static let forget = Statement(
        "consumers_forget",
        "DELETE FROM postern.consumers WHERE seen_at < now() - $1 * interval '1 microsecond'",
        [.int64]
    )

    private static let survey = Statement(
        "lanes_survey",
        """
        SELECT l.lane, l.fence, l.owner, c.id IS NULL
        FROM postern.lanes l LEFT JOIN postern.consumers c ON c.id = l.owner AND c.leased_until >= now()
        ORDER BY l.lane
        """
    )

    /// Makes our lease last for another `lease` from now, and looks at who shares the lanes: one round trip.
    ///
    /// - Parameters:
    ///   - consumer: who we are.
    ///   - host: for the people who read `consumers`.
    ///   - lease: how long the lanes stay ours without another renewal.
    ///   - connection: where to ask.
    ///   - within: the deadline.
    /// - Returns: who shares the lanes; those it says are ours stay so for `lease`.
    /// - Throws: any ``PostgresError``.
    package static func renew(
        _ consumer: ConsumerID,
        host: String,
        lease: Duration,
        _ connection: inout Connection,
        within: Duration
    ) throws(PostgresError) -> LaneSurvey {
        let results = try connection.pipeline(within: within) { pipeline throws(PostgresError) in
            var parameters = ParameterBuffer()
            parameters.append(consumer)
            parameters.append(host)
            parameters.append(lease.inMicroseconds)
            try pipeline.send(Self.renew, parameters)
            try pipeline.send(Self.live)
            try pipeline.send(Self.survey)
        }
        return try Self.survey(consumer, live: results[1], lanes: results[2])
    }

    /// Looks at who shares the lanes, without a renewal and so without a write.
    ///
    /// - Throws: any ``PostgresError``.
    package static func survey(
        _ consumer: ConsumerID,
        _ connection: inout Connection,
        within: Duration
    ) throws(PostgresError) -> LaneSurvey {
        let results = try connection.pipeline(within: within) { pipeline throws(PostgresError) in
            try pipeline.send(Self.live)
            try pipeline.send(Self.survey)
        }
        return try Self.survey(consumer, live: results[0], lanes: results[1])
    }

    private static func survey(_ consumer: ConsumerID, live: Rows, lanes: Rows) throws(PostgresError) -> LaneSurvey {
        var free: [Lane] = []
        var own: [LeasedLane] = []
        for row in 0..<lanes.count {
            let lane = Lane(try lanes.int32(row, 0))
            let owner: ConsumerID? = try lanes.idOrNil(row, 2)
            if owner == consumer {
                own.append(LeasedLane(lane: lane, fence: try lanes.int64(row, 1)))
            } else if try lanes.bool(row, 3) {
                free.append(lane)
            }
        }
        return LaneSurvey(lanes: lanes.count, consumers: Int(try live.int64(0, 0)), free: free, own: own)
    }

    /// Takes us off the registry, so that the others count one less at once.
    package static func leave(
        _ consumer: ConsumerID,
        _ connection: inout Connection,
        within: Duration
    ) throws(PostgresError) {
        var parameters = ParameterBuffer()
        parameters.append(consumer)
        _ = try connection.query(Self.leave, parameters, within: within)
    }

    /// Forgets consumers that were not seen for `silence`, and gives how many went.
    package static func forget(
        silentFor silence: Duration,
        _ connection: inout Connection,
        within: Duration
    ) throws(PostgresError) -> Int {
        var parameters = ParameterBuffer()
        parameters.append(silence.inMicroseconds)
        return try connection.query(Self.forget, parameters, within: within).affected
    }
}
