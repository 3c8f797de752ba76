package import PosternModel
package import PosternPostgres

/// Reads the retries whose time has come, all lanes of a consumer with one statement.
///
/// Each lane gives at most its share, the longest waiting first. Blocking: connection threads only.
package enum RetryReader {
    private static let due = Statement(
        "retries_due",
        """
        SELECT lane, event_number, id, webhook_id, org_id, endpoint_id, platform, headers, payload, attempt_number,
            dead_letter_id, job_id
        FROM (
            SELECT l.lane, l.event_number, q.*, sum(q.size) OVER (ROWS UNBOUNDED PRECEDING) - q.size AS before
            FROM (SELECT lane, event_number FROM postern.lanes WHERE lane = ANY ($1) AND owner = $2 ORDER BY lane) l
            CROSS JOIN LATERAL (
                SELECT q.id, q.webhook_id, q.org_id, q.endpoint_id, q.platform, q.headers, q.payload, q.attempt_number,
                    q.dead_letter_id, q.job_id, octet_length(q.headers) + octet_length(q.payload) AS size
                FROM postern.webhook_retry_queue q
                WHERE q.lane = l.lane AND q.destination_id IS NULL AND q.scheduled_at <= $3
                ORDER BY q.scheduled_at LIMIT $4
            ) q
        ) page
        WHERE before < $5
        """,
        [.int32Array, .uuid, .timestamp, .int64, .int64]
    )

    private static let waiting = Statement(
        "retries_waiting",
        """
        SELECT count(*) FROM (
            SELECT FROM postern.webhook_retry_queue WHERE lane = ANY ($1) AND destination_id IS NULL LIMIT $2
        ) q
        """,
        [.int32Array, .int64]
    )

    /// How many rows wait in these lanes, due or not; counts to `limit` and no further.
    package static func waiting(
        in lanes: [Lane],
        atMost limit: Int64,
        _ connection: inout Connection,
        within: Duration
    ) throws(PostgresError) -> Int {
        var parameters = ParameterBuffer()
        parameters.append(lanes.map(\.number))
        parameters.append(limit)
        return Int(try connection.query(Self.waiting, parameters, within: within).int64(0, 0))
    }

    /// Reads what is due at `time`.
    ///
    /// - Parameters:
    ///   - lanes: those to read; lanes that another consumer owns by now give nothing.
    ///   - owner: who we are.
    ///   - time: retries scheduled for later are left.
    ///   - rowsPerLane: the most rows of one lane.
    ///   - bytesInAll: the most bytes of headers and bodies; one row more than that is read at most.
    ///   - connection: where to ask.
    ///   - within: the deadline.
    /// - Returns: the retries, the longest waiting of each lane first.
    /// - Throws: any ``PostgresError``.
    package static func due(
        _ lanes: [Lane],
        owner: ConsumerID,
        at time: Timestamp,
        rowsPerLane: Int,
        bytesInAll: Int,
        _ connection: inout Connection,
        within: Duration
    ) throws(PostgresError) -> RetryPage {
        var parameters = ParameterBuffer()
        parameters.append(lanes.map(\.number))
        parameters.append(owner)
        parameters.append(time)
        parameters.append(Int64(rowsPerLane))
        parameters.append(Int64(bytesInAll))
        let rows = try connection.query(Self.due, parameters, within: within)
        var retries: [DueRetry] = []
        retries.reserveCapacity(rows.count)
        var eventNumbers: [Lane: Int64] = [:]
        for row in 0..<rows.count {
            let lane = Lane(try rows.int32(row, 0))
            eventNumbers[lane] = try rows.int64(row, 1)
            let content = DeliveryContent(
                lane: lane,
                id: try rows.id(row, 3),
                organization: try rows.id(row, 4),
                endpoint: try rows.id(row, 5),
                platform: try rows.text(row, 6),
                headers: try rows.bytes(row, 7),
                body: try rows.bytes(row, 8)
            )
            retries.append(
                DueRetry(
                    id: try rows.uuid(row, 2),
                    attempt: try rows.int32(row, 9),
                    content: content,
                    deadLetter: try rows.idOrNil(row, 10),
                    job: try rows.idOrNil(row, 11)
                )
            )
        }
        return RetryPage(retries: retries, eventNumbers: eventNumbers)
    }
}
