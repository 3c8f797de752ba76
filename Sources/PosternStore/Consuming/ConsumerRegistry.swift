package import PosternModel
package import PosternPostgres

/// Who consumes: one row for each running consumer.
///
/// Blocking: connection threads only.
package enum ConsumerRegistry {
    private static let heartbeat = Statement(
        "consumer_heartbeat",
        """
        INSERT INTO postern.consumers (id, host) VALUES ($1, $2)
        ON CONFLICT (id) DO UPDATE SET seen_at = now()
        """,
        [.uuid, .text]
    )

    private static let live = Statement(
        "consumers_live",
        "SELECT count(*) FROM postern.consumers WHERE seen_at > now() - $1 * interval '1 microsecond'",
        [.int64]
    )

    private static let leave = Statement("consumer_leave", "DELETE FROM postern.consumers WHERE id = $1", [.uuid])

    private static let forget = Statement(
        "consumers_forget",
        "DELETE FROM postern.consumers WHERE seen_at < now() - $1 * interval '1 microsecond'",
        [.int64]
    )

    private static let survey = Statement(
        "lanes_survey",
        "SELECT lane, owner, leased_until < now() FROM postern.lanes ORDER BY lane"
    )

    /// Says that we are alive, and looks at who else is and who holds which lane: three statements, one round trip.
    ///
    /// - Parameters:
    ///   - consumer: who we are.
    ///   - host: for the people who read `consumers`.
    ///   - lease: a consumer that was not seen for this long does not count.
    ///   - connection: where to ask.
    ///   - within: the deadline.
    /// - Returns: who shares the lanes.
    /// - Throws: any ``PostgresError``.
    package static func appear(
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
            try pipeline.send(Self.heartbeat, parameters)
            parameters.removeAll()
            parameters.append(lease.inMicroseconds)
            try pipeline.send(Self.live, parameters)
            try pipeline.send(Self.survey)
        }
        let lanes = results[2]
        var free: [Lane] = []
        var own: [Lane] = []
        for row in 0..<lanes.count {
            let lane = Lane(try lanes.int32(row, 0))
            let owner: ConsumerID? = try lanes.idOrNil(row, 1)
            if owner == consumer {
                own.append(lane)
            } else if try lanes.bool(row, 2) || owner == nil {
                free.append(lane)
            }
        }
        return LaneSurvey(
            lanes: lanes.count,
            consumers: Int(try results[1].int64(0, 0)),
            free: free,
            own: own
        )
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
