internal import PosternModel
package import PosternPostgres

/// Remembers the newest refusals of each endpoint.
///
/// For the gateway. Blocking: connection threads only.
package enum RejectionLog {
    /// How many refusals of one endpoint are kept.
    package static let keptPerEndpoint = 100

    private static let insert = BatchStatement(
        "rejections_add",
        insertInto: "postern.rejections (org_id, endpoint_id, id, at, reason, address, method, headers)",
        [.uuid, .uuid, .uuid, .timestamp, .text, .text, .text, .bytes],
        // A batch whose commit was not confirmed is sent again.
        suffix: "ON CONFLICT DO NOTHING"
    )

    private static let trim = Statement(
        "rejections_trim",
        """
        DELETE FROM postern.rejections WHERE endpoint_id = $1 AND id < (
            SELECT id FROM postern.rejections WHERE endpoint_id = $1 ORDER BY id DESC OFFSET $2 - 1 LIMIT 1)
        """,
        [.uuid, .int64]
    )

    /// Adds refusals and deletes what is beyond ``keptPerEndpoint`` of their endpoints, in one transaction.
    ///
    /// Two gateways that add at the same moment may leave more, until the next refusal is added. Endpoints are taken in
    /// one order, so that gateways wait for each other and never in a circle.
    package static func append(
        _ samples: [RejectionSample],
        _ connection: inout Connection,
        within: Duration
    ) throws(PostgresError) {
        guard !samples.isEmpty else { return }
        let kept = Self.newest(samples)
        let endpoints = Set(samples.map(\.endpoint)).sorted()
        var buffer = ParameterBuffer()
        _ = try connection.pipeline(within: within) { pipeline throws(PostgresError) in
            for range in BatchSplit.ranges(of: kept.map(\.headers.count)) {
                try Self.insert.send(rows: range.count, to: &pipeline, using: &buffer) { row, buffer in
                    let sample = kept[range.lowerBound + row]
                    buffer.append(sample.organization)
                    buffer.append(sample.endpoint)
                    buffer.append(sample.id)
                    buffer.append(sample.at)
                    buffer.append(sample.reason)
                    buffer.append(sample.address)
                    buffer.append(sample.method)
                    buffer.append(bytes: sample.headers)
                }
            }
            for endpoint in endpoints {
                buffer.removeAll()
                buffer.append(endpoint)
                buffer.append(Int64(Self.keptPerEndpoint))
                try pipeline.send(Self.trim, buffer)
            }
        }
    }

    /// Those that would survive the trimming, by endpoint and age.
    private static func newest(_ samples: [RejectionSample]) -> [RejectionSample] {
        let sorted = samples.sorted { ($0.endpoint, $0.id) < ($1.endpoint, $1.id) }
        return sorted.indices.filter { index in
            let beyond = index + Self.keptPerEndpoint
            return beyond >= sorted.count || sorted[beyond].endpoint != sorted[index].endpoint
        }.map { sorted[$0] }
    }
}
