package import PosternModel
package import PosternPostgres

/// Finds one delivery by its identifier.
///
/// Blocking: connection threads only.
package enum DeliveryReader {
    private static let find = Statement(
        "delivery_find",
        """
        SELECT id, lane, writer, seq, stored_at, org_id, endpoint_id, secret_id, platform, headers, body
        FROM postern.deliveries
        WHERE id = $1 AND stored_at >= $2 AND stored_at < $3 AND ($4::uuid IS NULL OR org_id = $4) LIMIT 1
        """,
        [.uuid, .timestamp, .timestamp, .uuid]
    )

    /// Reads one delivery; `nil` when there is none, or it belongs to another organization.
    ///
    /// The identifier carries the time of arrival, so one or two days are looked at, through a BRIN index; only when it
    /// is not there, as after a clock was set back, all days are.
    ///
    /// - Parameters:
    ///   - delivery: which.
    ///   - organization: whose; `nil` for everything the session sees.
    ///   - session: a transaction of the organization, or a session of the operator.
    ///   - within: the deadline for each of at most two reads.
    /// - Returns: the delivery, if there is one.
    /// - Throws: any ``PostgresError``.
    package static func find<Session: QuerySession & ~Copyable>(
        _ delivery: DeliveryID,
        of organization: OrganizationID?,
        _ session: inout Session,
        within: Duration
    ) throws(PostgresError) -> DeliveryRecord? {
        let arrival = delivery.id.embeddedTime
        let windows = [
            (arrival.advanced(by: .seconds(-3600)), arrival.advanced(by: .seconds(3600))),
            (Timestamp(seconds: 0), Timestamp(seconds: 253_402_300_799)),
        ]
        for (start, end) in windows {
            var parameters = ParameterBuffer()
            parameters.append(delivery)
            parameters.append(start)
            parameters.append(end)
            parameters.append(organization)
            let rows = try session.query(Self.find, parameters, within: within)
            if rows.count > 0 { return try Self.read(rows) }
        }
        return nil
    }

    private static func read(_ rows: Rows) throws(PostgresError) -> DeliveryRecord {
        DeliveryRecord(
            id: try rows.id(0, 0),
            lane: Lane(try rows.int32(0, 1)),
            writer: try rows.int64(0, 2),
            sequence: try rows.int64(0, 3),
            storedAt: try rows.timestamp(0, 4),
            organization: try rows.id(0, 5),
            endpoint: try rows.id(0, 6),
            secret: try rows.idOrNil(0, 7),
            platform: try rows.text(0, 8),
            headers: try rows.bytes(0, 9),
            body: try rows.bytes(0, 10)
        )
    }
}
