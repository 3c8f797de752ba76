internal import PosternModel
package import PosternPostgres

/// Adds counts to `traffic_minutes`.
///
/// Blocking: connection threads only.
package enum TrafficCounts {
    private static let upsert = BatchStatement(
        "traffic_add",
        insertInto: "postern.traffic_minutes (lane, minute, org_id, endpoint_id, platform, outcome, count)",
        [.int32, .timestamp, .uuid, .uuid, .text, .text, .int64],
        suffix: """
            ON CONFLICT (lane, minute, org_id, endpoint_id, outcome)
            DO UPDATE SET count = traffic_minutes.count + excluded.count
            """
    )

    /// Sends the counts; they are added with the pipeline's transaction.
    ///
    /// Rows are sorted by their key, so that processes that add to the same rows wait for each other in one order;
    /// counts for the same row are joined, because one statement may touch a row once.
    package static func add(
        _ counts: [TrafficCount],
        to pipeline: inout Pipeline,
        using buffer: inout ParameterBuffer
    ) throws(PostgresError) {
        let rows = Self.joined(counts)
        try Self.upsert.send(rows: rows.count, to: &pipeline, using: &buffer) { index, buffer in
            let row = rows[index]
            buffer.append(row.lane.number)
            buffer.append(row.minute)
            buffer.append(row.organization)
            buffer.append(row.endpoint)
            buffer.append(row.platform.text)
            buffer.append(row.outcome.text)
            buffer.append(row.count)
        }
    }

    /// Adds the counts in a transaction of their own.
    package static func add(
        _ counts: [TrafficCount],
        _ connection: inout Connection,
        within: Duration
    ) throws(PostgresError) {
        guard !counts.isEmpty else { return }
        var buffer = ParameterBuffer()
        _ = try connection.pipeline(within: within) { pipeline throws(PostgresError) in
            try Self.add(counts, to: &pipeline, using: &buffer)
        }
    }

    private static func joined(_ counts: [TrafficCount]) -> [TrafficCount] {
        var rows: [TrafficCount] = []
        rows.reserveCapacity(counts.count)
        for count in counts.sorted(by: TrafficCount.precedes) {
            if let last = rows.indices.last, rows[last].sharesRow(with: count) {
                rows[last].count += count.count
            } else {
                rows.append(count)
            }
        }
        return rows
    }
}
