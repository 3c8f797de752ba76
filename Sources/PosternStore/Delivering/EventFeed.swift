package import PosternModel
package import PosternPostgres

/// Reads on in the events, all destinations and lanes of a consumer with one statement.
///
/// Each request gets at most its share, in the order of the numbers. Blocking: connection threads only.
package enum EventFeed {
    // Bounds that are known before the statement runs ($7 and the database's clock) keep days out of the plan as a
    // whole; the bound of each request keeps others from being looked at. The day on either side forgives consumers
    // whose clocks differ: what the bounds hide is passed over with the lane's head, and lost to the destination.
    // Equality in lane and organization and an open end of numbers are what the planner estimates well: comparisons of
    // pairs made it read every event of the organization for each request once it had statistics (20,000 events/s fell
    // to 300). Where it believes that there is one organization, it may take the primary key; then a request costs what
    // the lane holds within the span, and no more. A request without news gives a row of NULLs; one whose news found no
    // room, none.
    private static let read = Statement(
        "delivery_feed",
        """
        SELECT \(EventRecord.columns), e.request, e.owned, e.head, now(), e.reach
        FROM (
            SELECT e.*, r.request, r.lane AS owned, r.head, r.reach,
                sum(e.size) OVER (ROWS UNBOUNDED PRECEDING) - e.size AS before
            FROM (
                SELECT p.request, p.org_id, p.number, p.since, p.wanted, l.lane, l.event_number AS head,
                    least(l.event_number, p.number + $9) AS reach
                FROM unnest($1::integer[], $2::uuid[], $3::bigint[], $4::timestamptz[], $5::bigint[])
                    WITH ORDINALITY AS p(lane, org_id, number, since, wanted, request)
                JOIN postern.lanes l ON l.lane = p.lane AND l.owner = $6
                ORDER BY p.request
            ) r
            LEFT JOIN LATERAL (
                SELECT e.*, octet_length(e.data::text) AS size
                FROM postern.events e
                WHERE e.lane = r.lane
                    AND e.org_id = r.org_id AND e.number > r.number AND e.number <= r.reach
                    AND e.stored_at >= r.since AND e.stored_at >= $7 AND e.stored_at < now() + interval '1 day'
                ORDER BY e.number LIMIT r.wanted
            ) e ON true
        ) e
        WHERE e.before IS NULL OR e.before < $8
        """,
        [.int32Array, .uuidArray, .int64Array, .timestampArray, .int64Array, .uuid, .timestamp, .int64, .int64]
    )

    /// How many numbers of its lane a request looks at, at most.
    private static let span: Int64 = 100_000

    private static let slack = Duration.seconds(-86_400)

    /// Reads what came after each request's number.
    ///
    /// - Parameters:
    ///   - requests: what to read; lanes that another consumer owns by now give nothing.
    ///   - owner: who we are.
    ///   - bytesInAll: the most bytes of data; one event more than that is read at most. Earlier requests come first.
    ///   - connection: where to ask.
    ///   - within: the deadline.
    /// - Returns: the events, and how far the lanes went at that moment.
    /// - Throws: any ``PostgresError``.
    package static func read(
        _ requests: [FeedRequest],
        owner: ConsumerID,
        bytesInAll: Int,
        _ connection: inout Connection,
        within: Duration
    ) throws(PostgresError) -> FeedPage {
        var oldest: Timestamp?
        for request in requests { oldest = min(oldest ?? request.since, request.since) }
        guard let oldest else { return FeedPage(events: [], isCut: [], reach: [], heads: [:], time: nil) }
        var parameters = ParameterBuffer()
        parameters.append(requests.map(\.lane.number))
        parameters.append(requests.map(\.organization))
        parameters.append(requests.map(\.after))
        parameters.append(requests.map { $0.since.advanced(by: Self.slack) })
        parameters.append(requests.map { Int64($0.limit) })
        parameters.append(owner)
        parameters.append(oldest.advanced(by: Self.slack))
        parameters.append(Int64(bytesInAll))
        parameters.append(Self.span)
        let rows = try connection.query(Self.read, parameters, within: within)
        return try Self.page(rows, requests, bytesInAll)
    }

    private static func page(
        _ rows: Rows,
        _ requests: [FeedRequest],
        _ bytesInAll: Int
    ) throws(PostgresError) -> FeedPage {
        var events = [[EventRecord]](repeating: [], count: requests.count)
        // Until a row says otherwise: a request without one found no room, or a lane that is not ours.
        var isCut = [Bool](repeating: true, count: requests.count)
        var reach = requests.map(\.after)
        var heads: [Lane: Int64] = [:]
        var last: Int?
        var bytes = 0
        for row in 0..<rows.count {
            let request = Int(try rows.int64(row, 16)) - 1
            heads[Lane(try rows.int32(row, 17))] = try rows.int64(row, 18)
            isCut[request] = false
            reach[request] = try rows.int64(row, 20)
            guard !rows.isNull(row, 0) else { continue }
            let event = try EventRecord(rows, row)
            events[request].append(event)
            bytes += event.data.count
            last = request
        }
        for (index, request) in requests.enumerated() where events[index].count >= request.limit {
            isCut[index] = true
        }
        // What was left out for want of room came behind the last event that was not.
        if let last, bytes >= bytesInAll { isCut[last] = true }
        return FeedPage(
            events: events,
            isCut: isCut,
            reach: reach,
            heads: heads,
            time: rows.count > 0 ? try rows.timestamp(0, 19) : nil
        )
    }
}
