package import PosternModel
package import PosternPostgres

/// Reads on in the log, all lanes of a consumer with one statement.
///
/// Each cursor gives at most its share, so no lane waits for another's backlog. Bodies above ``inlineBytes`` are left
/// out and read one by one by whoever has room for them: that bounds what a look brings in at hardly any cost (a
/// running sum in the statement doubled it). The statement takes about 5 µs for a cursor without news and 2 to 3 µs a
/// row. It wants `enable_memoize = off` and `plan_cache_mode = force_generic_plan` on its connection
/// (``ConsumerSession``): every cursor is different, so remembering rows only copies them, and planning anew costs more
/// than reading.
///
/// Blocking: connection threads only.
package enum LogReader {
    /// What one look may take.
    package struct Limits: Sendable, Equatable {
        /// The most rows of one cursor.
        package let rowsPerCursor: Int
        /// The most rows of all cursors.
        package let rowsInAll: Int

        /// Joins the limits, each at least 1.
        package init(rowsPerCursor: Int, rowsInAll: Int) {
            self.rowsPerCursor = rowsPerCursor
            self.rowsInAll = rowsInAll
        }
    }

    /// The longest body that comes with its row.
    package static let inlineBytes = 16_384

    // The hour below the cursor's time costs nothing (partitions are days) and forgives a gateway whose clock stands
    // behind the one that made the cursor. The bound above keeps the empty partitions of coming days out of the plan.
    private static let read = Statement(
        "deliveries_read",
        """
        SELECT r.lane, r.event_number, r.writer, r.seq, d.seq, d.stored_at, d.id, d.org_id, d.endpoint_id, d.platform,
            d.headers, d.size, d.body
        FROM (
            SELECT c.lane, c.writer, c.seq, c.stored_at, l.event_number
            FROM postern.lanes l JOIN postern.cursors c ON c.lane = l.lane
            WHERE l.lane = ANY ($1) AND l.owner = $2
            ORDER BY c.lane, c.writer
        ) r
        CROSS JOIN LATERAL (
            SELECT d.seq, d.stored_at, d.id, d.org_id, d.endpoint_id, d.platform, d.headers,
                octet_length(d.body) AS size, CASE WHEN octet_length(d.body) <= $5 THEN d.body END AS body
            FROM postern.deliveries d
            WHERE d.lane = r.lane AND d.writer = r.writer AND d.seq > r.seq
                AND d.stored_at >= r.stored_at - interval '1 hour' AND d.stored_at < $3
            ORDER BY d.seq LIMIT $4
        ) d
        LIMIT $6
        """,
        [.int32Array, .uuid, .timestamp, .int64, .int64, .int64]
    )

    private static let body = Statement(
        "delivery_body",
        """
        SELECT body FROM postern.deliveries WHERE lane = $1 AND writer = $2 AND seq = $3 AND stored_at = $4
        """,
        [.int32, .int64, .int64, .timestamp]
    )

    /// Reads what came after the cursors of `lanes`.
    ///
    /// - Parameters:
    ///   - lanes: those to read; lanes that another consumer owns by now give nothing.
    ///   - owner: who we are.
    ///   - before: rows stored at this time or later are left for another look.
    ///   - limits: how much to take.
    ///   - connection: where to ask.
    ///   - within: the deadline.
    /// - Returns: the deliveries, and whether there may be more.
    /// - Throws: any ``PostgresError``.
    package static func read(
        _ lanes: [Lane],
        owner: ConsumerID,
        storedBefore before: Timestamp,
        limits: Limits,
        _ connection: inout Connection,
        within: Duration
    ) throws(PostgresError) -> DeliveryPage {
        var parameters = ParameterBuffer()
        parameters.append(lanes.map(\.number))
        parameters.append(owner)
        parameters.append(before)
        parameters.append(Int64(limits.rowsPerCursor))
        parameters.append(Int64(Self.inlineBytes))
        // One more than wanted tells a look that was cut from one that came to its end.
        parameters.append(Int64(limits.rowsInAll) + 1)
        let rows = try connection.query(Self.read, parameters, within: within)
        return try Self.page(rows, limits)
    }

    /// Reads the bodies that were left out; a delivery that is gone is not among the answers.
    package static func bodies(
        of heads: [DeliveryHead],
        _ connection: inout Connection,
        within: Duration
    ) throws(PostgresError) -> [DeliveryHead: [UInt8]] {
        let results = try connection.pipeline(within: within) { pipeline throws(PostgresError) in
            var parameters = ParameterBuffer()
            for head in heads {
                parameters.removeAll()
                parameters.append(head.lane.number)
                parameters.append(head.writer)
                parameters.append(head.sequence)
                parameters.append(head.storedAt)
                try pipeline.send(Self.body, parameters)
            }
        }
        var bodies: [DeliveryHead: [UInt8]] = [:]
        for (head, rows) in zip(heads, results) where rows.count == 1 { bodies[head] = try rows.bytes(0, 0) }
        return bodies
    }

    private static func page(_ rows: Rows, _ limits: Limits) throws(PostgresError) -> DeliveryPage {
        var deliveries: [StoredDelivery] = []
        deliveries.reserveCapacity(rows.count)
        var eventNumbers: [Lane: Int64] = [:]
        // Neighbors mostly have the same name, and reading it anew costs more than comparing.
        var platform: (text: String, name: PlatformName?) = ("", nil)
        for row in 0..<rows.count {
            let lane = Lane(try rows.int32(row, 0))
            if deliveries.last?.head.lane != lane { eventNumbers[lane] = try rows.int64(row, 1) }
            let text = try rows.text(row, 9)
            if text != platform.text { platform = (text, PlatformName(text)) }
            let body = try rows.bytesOrNil(row, 12)
            let content = DeliveryContent(
                lane: lane,
                id: try rows.id(row, 6),
                organization: try rows.id(row, 7),
                endpoint: try rows.id(row, 8),
                platform: platform,
                headers: try rows.bytes(row, 10),
                body: body ?? []
            )
            let head = DeliveryHead(
                lane: lane,
                writer: try rows.int64(row, 2),
                sequence: try rows.int64(row, 4),
                storedAt: try rows.timestamp(row, 5)
            )
            deliveries.append(
                StoredDelivery(
                    head: head,
                    cursor: try rows.int64(row, 3),
                    content: content,
                    missingBytes: body == nil ? Int(try rows.int32(row, 11)) : 0
                )
            )
        }
        return DeliveryPage(
            deliveries: deliveries,
            eventNumbers: eventNumbers,
            isCut: deliveries.count > limits.rowsInAll
        )
    }
}
