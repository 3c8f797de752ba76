package import PosternModel
package import PosternPostgres

/// Reads the remembered refusals of an endpoint.
///
/// For the operator, and for an organization within its own transaction. Blocking: connection threads only.
package enum RejectionReader {
    private static let newest = Statement(
        "rejections_newest",
        """
        SELECT id, at, reason, address, method, headers FROM postern.rejections
        WHERE endpoint_id = $1 ORDER BY id DESC LIMIT $2
        """,
        [.uuid, .int64]
    )

    /// Reads the newest refusals, newest first.
    ///
    /// - Parameters:
    ///   - endpoint: whose.
    ///   - limit: at most how many; 0 gives none.
    ///   - session: where to ask.
    ///   - within: the deadline.
    /// - Returns: the refusals.
    /// - Throws: any ``PostgresError``.
    package static func read<Session: QuerySession & ~Copyable>(
        _ endpoint: EndpointID,
        limit: Int = RejectionLog.keptPerEndpoint,
        _ session: inout Session,
        within: Duration
    ) throws(PostgresError) -> [RejectionRecord] {
        var parameters = ParameterBuffer()
        parameters.append(endpoint)
        parameters.append(Int64(max(0, limit)))
        let rows = try session.query(Self.newest, parameters, within: within)
        var records: [RejectionRecord] = []
        records.reserveCapacity(rows.count)
        for row in 0..<rows.count {
            records.append(
                RejectionRecord(
                    id: try rows.uuid(row, 0),
                    at: try rows.timestamp(row, 1),
                    reason: try rows.text(row, 2),
                    address: try rows.text(row, 3),
                    method: try rows.text(row, 4),
                    headers: try rows.bytes(row, 5)
                )
            )
        }
        return records
    }
}
