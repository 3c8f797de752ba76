package import PosternModel
package import PosternPostgres

/// Reads the requests that events came of, for destinations that want those.
///
/// Blocking: connection threads only.
package enum OriginalRequests {
    // Without the lane: with it, the planner reads a lane's whole day in the primary key beside the BRIN index.
    private static let read = Statement(
        "delivery_original",
        """
        SELECT headers, body FROM postern.deliveries
        WHERE id = $1 AND stored_at >= $2 AND stored_at < $3 LIMIT 1
        """,
        [.uuid, .timestamp, .timestamp]
    )

    private static let slack = Duration.seconds(86_400)
    private static let end = Timestamp(seconds: 253_402_300_799)

    /// Reads requests with one round trip, each through a BRIN index over the days around its arrival.
    ///
    /// The identifier carries the time of arrival. A request that was let out of quarantine is stored long after it, so
    /// those that are not there are looked for in all later days, with a second round trip.
    ///
    /// - Parameters:
    ///   - deliveries: which; ask for few, their bodies come whole.
    ///   - connection: where to ask.
    ///   - within: the deadline for each of at most two reads.
    /// - Returns: those that are there; retention may have taken others.
    /// - Throws: any ``PostgresError``.
    package static func read(
        _ deliveries: [DeliveryID],
        _ connection: inout Connection,
        within: Duration
    ) throws(PostgresError) -> [DeliveryID: StoredRequest] {
        var requests: [DeliveryID: StoredRequest] = [:]
        let deliveries = Set(deliveries)
        try Self.read(deliveries, upTo: Self.slack, into: &requests, &connection, within: within)
        try Self.read(deliveries.subtracting(requests.keys), upTo: nil, into: &requests, &connection, within: within)
        return requests
    }

    private static func read(
        _ deliveries: Set<DeliveryID>,
        upTo distance: Duration?,
        into requests: inout [DeliveryID: StoredRequest],
        _ connection: inout Connection,
        within: Duration
    ) throws(PostgresError) {
        guard !deliveries.isEmpty else { return }
        let deliveries = deliveries.sorted()
        let results = try connection.pipeline(within: within) { pipeline throws(PostgresError) in
            var parameters = ParameterBuffer()
            for delivery in deliveries {
                let arrival = delivery.id.embeddedTime
                parameters.removeAll()
                parameters.append(delivery)
                parameters.append(arrival.advanced(by: .zero - Self.slack))
                parameters.append(distance.map { arrival.advanced(by: $0) } ?? Self.end)
                try pipeline.send(Self.read, parameters)
            }
        }
        for (delivery, rows) in zip(deliveries, results) where rows.count == 1 {
            requests[delivery] = StoredRequest(headers: try rows.bytes(0, 0), body: try rows.bytes(0, 1))
        }
    }
}
