package import PosternModel
package import PosternPostgres

/// Reads a day of the log of deliveries and what became of each.
///
/// For a session of the operator, in a transaction begun with ``AccountingPeriod/opening``. Blocking: connection threads
/// only.
package enum DeliveryAccounts {
    /// What one pass over a day counts.
    package struct Day: Sendable {
        package let organizations: [DeliveryCount]
        /// By the writer's number.
        package let writers: [Int64: NumberedRun]
    }

    // A cursor is deleted when its writer is closed and read to the end: no cursor means read.
    private static let count = Statement(
        "accounting_count",
        """
        SELECT d.org_id, d.writer, count(*), count(*) FILTER (WHERE c.seq IS NULL OR d.seq <= c.seq),
            min(d.seq), max(d.seq)
        FROM postern.deliveries d LEFT JOIN postern.cursors c ON c.lane = d.lane AND c.writer = d.writer
        WHERE d.stored_at >= $1 AND d.stored_at < $2 AND ($3::uuid IS NULL OR d.org_id = $3)
        GROUP BY GROUPING SETS ((d.org_id), (d.writer))
        """,
        [.timestamp, .timestamp, .uuid]
    )

    // Events come within a day of their delivery, or are looked for one by one. No index leads from a delivery to its
    // events: the join hashes a day's of them on the server.
    private static let declare = Statement(
        "accounting_declare",
        """
        DECLARE accounting_read NO SCROLL CURSOR FOR
        SELECT d.lane, d.writer, d.seq, d.stored_at, d.id, d.org_id, d.endpoint_id,
            octet_length(d.headers) + octet_length(d.body), q.webhook_id IS NOT NULL, l.state
        FROM postern.deliveries d
        LEFT JOIN postern.cursors c ON c.lane = d.lane AND c.writer = d.writer
        LEFT JOIN (SELECT DISTINCT lane, webhook_id FROM postern.webhook_retry_queue WHERE destination_id IS NULL) q
            ON q.lane = d.lane AND q.webhook_id = d.id
        LEFT JOIN (
            SELECT lane, webhook_id, min(CASE review_state
                WHEN 'resolved' THEN 1 WHEN 'discarded' THEN 2 ELSE 3 END) AS state
            FROM postern.webhook_dead_letter_queue WHERE destination_id IS NULL GROUP BY lane, webhook_id) l
            ON l.lane = d.lane AND l.webhook_id = d.id
        WHERE d.stored_at >= $1 AND d.stored_at < $2 AND ($3::uuid IS NULL OR d.org_id = $3)
            AND (c.seq IS NULL OR d.seq <= c.seq)
            AND NOT EXISTS (
                SELECT FROM postern.events e
                WHERE e.lane = d.lane AND e.delivery_id = d.id
                    AND e.stored_at >= $1 - interval '1 hour' AND e.stored_at < $2 + interval '1 day')
        """,
        [.timestamp, .timestamp, .uuid]
    )

    private static let fetch = Statement("accounting_fetch", "FETCH FORWARD 1000 FROM accounting_read")

    private static let content = Statement(
        "accounting_content",
        """
        SELECT platform, headers, body FROM postern.deliveries
        WHERE lane = $1 AND writer = $2 AND seq = $3 AND stored_at = $4
        """,
        [.int32, .int64, .int64, .timestamp]
    )

    /// Counts the deliveries of a day.
    ///
    /// - Parameters:
    ///   - day: which.
    ///   - organization: whose; `nil` for all.
    ///   - connection: where to ask.
    ///   - within: the deadline.
    /// - Returns: the counts; of writers, only those of the organization's deliveries.
    /// - Throws: any ``PostgresError``.
    package static func count(
        _ day: AccountedDay,
        of organization: OrganizationID?,
        _ connection: inout Connection,
        within: Duration
    ) throws(PostgresError) -> Day {
        let rows = try connection.query(Self.count, Self.parameters(day, organization), within: within)
        var organizations: [DeliveryCount] = []
        var writers: [Int64: NumberedRun] = [:]
        for row in 0..<rows.count {
            let stored = try rows.int64(row, 2)
            let read = try rows.int64(row, 3)
            if let writer = try rows.int64OrNil(row, 1) {
                writers[writer] = NumberedRun(
                    first: try rows.int64(row, 4),
                    last: try rows.int64(row, 5),
                    count: stored,
                    read: read
                )
            } else {
                organizations.append(
                    DeliveryCount(organization: try rows.id(row, 0), stored: stored, inFlight: stored - read)
                )
            }
        }
        return Day(organizations: organizations, writers: writers)
    }

    /// Gives the deliveries of a day that were read and have no events near their time, a thousand at a time.
    ///
    /// - Parameters:
    ///   - day: which.
    ///   - organization: whose; `nil` for all.
    ///   - connection: where to ask; the body may ask there, too.
    ///   - within: the deadline of each page.
    ///   - body: called for each page.
    /// - Throws: any ``PostgresError``.
    package static func read(
        _ day: AccountedDay,
        of organization: OrganizationID?,
        _ connection: inout Connection,
        within: Duration,
        _ body: ([ReadDelivery], inout Connection) throws(PostgresError) -> Void
    ) throws(PostgresError) {
        // A day that nobody has analyzed since it was empty is taken for one row, and a nested loop over two such days is
        // quadratic: a hundred thousand deliveries took longer than two minutes. The plan is made here and stays.
        try connection.script("SET LOCAL enable_nestloop = off", within: within)
        _ = try connection.query(Self.declare, Self.parameters(day, organization), within: within)
        try connection.script("SET LOCAL enable_nestloop = on", within: within)
        while true {
            let page = try Self.page(try connection.query(Self.fetch, within: within))
            if page.isEmpty { break }
            try body(page, &connection)
        }
        try connection.script("CLOSE accounting_read", within: within)
    }

    /// Reads what these deliveries hold, in their order; one that is gone is left out.
    package static func contents(
        of deliveries: [ReadDelivery],
        _ connection: inout Connection,
        within: Duration
    ) throws(PostgresError) -> [DeliveryContent] {
        let results = try connection.pipeline(within: within) { pipeline throws(PostgresError) in
            var parameters = ParameterBuffer()
            for delivery in deliveries {
                parameters.removeAll()
                parameters.append(delivery.head.lane.number)
                parameters.append(delivery.head.writer)
                parameters.append(delivery.head.sequence)
                parameters.append(delivery.head.storedAt)
                try pipeline.send(Self.content, parameters)
            }
        }
        var contents: [DeliveryContent] = []
        for (delivery, rows) in zip(deliveries, results) where rows.count == 1 {
            contents.append(
                DeliveryContent(
                    lane: delivery.head.lane,
                    id: delivery.id,
                    organization: delivery.organization,
                    endpoint: delivery.endpoint,
                    platform: try rows.text(0, 0),
                    headers: try rows.bytes(0, 1),
                    body: try rows.bytes(0, 2)
                )
            )
        }
        return contents
    }

    private static func parameters(_ day: AccountedDay, _ organization: OrganizationID?) -> ParameterBuffer {
        var parameters = ParameterBuffer()
        parameters.append(day.start)
        parameters.append(day.end)
        parameters.append(organization)
        return parameters
    }

    private static func page(_ rows: Rows) throws(PostgresError) -> [ReadDelivery] {
        var deliveries: [ReadDelivery] = []
        deliveries.reserveCapacity(rows.count)
        for row in 0..<rows.count {
            let fate: ReadDelivery.Fate =
                switch (try rows.bool(row, 8), try rows.int32OrNil(row, 9)) {
                case (true, _): .retrying
                case (false, 1?): .resolved
                case (false, 2?): .discarded
                case (false, .some): .deadLettered
                case (false, nil): .unexplained
                }
            deliveries.append(
                ReadDelivery(
                    head: DeliveryHead(
                        lane: Lane(try rows.int32(row, 0)),
                        writer: try rows.int64(row, 1),
                        sequence: try rows.int64(row, 2),
                        storedAt: try rows.timestamp(row, 3)
                    ),
                    id: try rows.id(row, 4),
                    organization: try rows.id(row, 5),
                    endpoint: try rows.id(row, 6),
                    bytes: Int(try rows.int32(row, 7)),
                    fate: fate
                )
            )
        }
        return deliveries
    }
}
