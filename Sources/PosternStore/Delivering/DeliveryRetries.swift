package import PosternModel
package import PosternPostgres

/// Reads what waits in the retry queue for destinations.
///
/// Lanes that another consumer owns by now give nothing. Blocking: connection threads only.
package enum DeliveryRetries {
    // A walk over the partial index from one pair of lane and destination to the next: what it costs goes with the
    // pairs and not with the rows. Rows that wait for their account's turn stand at infinity, behind all others.
    private static let waiting = Statement(
        "delivery_retries_waiting",
        """
        WITH RECURSIVE pairs AS (
            SELECT first.* FROM postern.lanes l
            CROSS JOIN LATERAL (
                SELECT q.lane, q.destination_id, q.scheduled_at FROM postern.webhook_retry_queue q
                WHERE q.lane = l.lane AND q.destination_id IS NOT NULL
                ORDER BY q.destination_id, q.scheduled_at LIMIT 1
            ) first
            WHERE l.lane = ANY ($1) AND l.owner = $2
            UNION ALL
            SELECT next.* FROM pairs p
            CROSS JOIN LATERAL (
                SELECT q.lane, q.destination_id, q.scheduled_at FROM postern.webhook_retry_queue q
                WHERE q.lane = p.lane AND q.destination_id > p.destination_id
                ORDER BY q.destination_id, q.scheduled_at LIMIT 1
            ) next
        )
        SELECT lane, destination_id, scheduled_at FROM pairs WHERE isfinite(scheduled_at) ORDER BY 1, 2
        """,
        [.int32Array, .uuid]
    )

    private static let blocked = Statement(
        "delivery_retries_blocked",
        """
        WITH RECURSIVE accounts AS (
            SELECT first.* FROM postern.lanes l
            CROSS JOIN LATERAL (
                SELECT q.lane, q.destination_id, q.account FROM postern.webhook_retry_queue q
                WHERE q.lane = l.lane AND q.account IS NOT NULL
                ORDER BY q.destination_id, q.account LIMIT 1
            ) first
            WHERE l.lane = ANY ($1) AND l.owner = $2
            UNION ALL
            SELECT next.* FROM accounts a
            CROSS JOIN LATERAL (
                SELECT q.lane, q.destination_id, q.account FROM postern.webhook_retry_queue q
                WHERE q.lane = a.lane AND (q.destination_id, q.account) > (a.destination_id, a.account)
                    AND q.account IS NOT NULL
                ORDER BY q.destination_id, q.account LIMIT 1
            ) next
        )
        SELECT lane, destination_id, account FROM accounts ORDER BY 1, 2, 3
        """,
        [.int32Array, .uuid]
    )

    private static let stillBlocked = Statement(
        "delivery_retries_still_blocked",
        """
        SELECT a.lane, a.destination_id, a.account
        FROM unnest($1::integer[], $2::uuid[], $3::text[]) AS a(lane, destination_id, account)
        WHERE EXISTS (
            SELECT FROM postern.webhook_retry_queue q
            WHERE q.lane = a.lane AND q.destination_id = a.destination_id AND q.account = a.account)
        """,
        [.int32Array, .uuidArray, .textArray]
    )

    private static let due = Statement(
        "delivery_retries_due",
        """
        SELECT lane, id, destination_id, attempt_number, account, dead_letter_id, job_id, org_id, endpoint_id,
            webhook_id, platform, event_id, event_number, event, headers, payload, scheduled_at
        FROM (
            SELECT q.*, sum(q.size) OVER (ROWS UNBOUNDED PRECEDING) - q.size AS before
            FROM (
                SELECT p.lane, p.destination_id, p.wanted
                FROM unnest($1::integer[], $2::uuid[], $3::bigint[]) WITH ORDINALITY
                    AS p(lane, destination_id, wanted, request)
                JOIN postern.lanes l ON l.lane = p.lane AND l.owner = $4
                ORDER BY p.request
            ) p
            CROSS JOIN LATERAL (
                SELECT q.*, octet_length(q.event::text) + octet_length(q.headers) + octet_length(q.payload) AS size
                FROM postern.webhook_retry_queue q
                WHERE q.lane = p.lane AND q.destination_id = p.destination_id AND q.scheduled_at <= $5
                    AND q.id <> ALL ($6)
                ORDER BY q.scheduled_at LIMIT p.wanted
            ) q
        ) page
        WHERE before < $7
        """,
        [.int32Array, .uuidArray, .int64Array, .uuid, .timestamp, .uuidArray, .int64]
    )

    /// Which destinations have retries waiting in which of the lanes, due or not.
    ///
    /// - Parameters:
    ///   - lanes: those to read.
    ///   - owner: who we are.
    ///   - connection: where to ask.
    ///   - within: the deadline.
    /// - Returns: one entry for each lane and destination, in that order.
    /// - Throws: any ``PostgresError``.
    package static func waiting(
        in lanes: [Lane],
        owner: ConsumerID,
        _ connection: inout Connection,
        within: Duration
    ) throws(PostgresError) -> [WaitingDeliveries] {
        let rows = try Self.ask(Self.waiting, lanes, owner, &connection, within: within)
        var pairs: [WaitingDeliveries] = []
        pairs.reserveCapacity(rows.count)
        for row in 0..<rows.count {
            pairs.append(
                WaitingDeliveries(
                    lane: Lane(try rows.int32(row, 0)),
                    destination: try rows.id(row, 1),
                    earliest: try rows.timestamp(row, 2)
                )
            )
        }
        return pairs
    }

    /// The accounts of ordered destinations that have events in the queue, in the order of lane and destination.
    ///
    /// - Parameters:
    ///   - lanes: those to read.
    ///   - owner: who we are.
    ///   - connection: where to ask.
    ///   - within: the deadline.
    /// - Returns: each account once.
    /// - Throws: any ``PostgresError``.
    package static func blockedAccounts(
        in lanes: [Lane],
        owner: ConsumerID,
        _ connection: inout Connection,
        within: Duration
    ) throws(PostgresError) -> [BlockedAccount] {
        try Self.accounts(Self.ask(Self.blocked, lanes, owner, &connection, within: within))
    }

    /// Which of some accounts have events in the queue still.
    package static func blockedAccounts(
        among accounts: [BlockedAccount],
        _ connection: inout Connection,
        within: Duration
    ) throws(PostgresError) -> [BlockedAccount] {
        var parameters = ParameterBuffer()
        parameters.append(accounts.map(\.lane.number))
        parameters.append(accounts.map(\.destination))
        parameters.append(accounts.map(\.account))
        return try Self.accounts(connection.query(Self.stillBlocked, parameters, within: within))
    }

    private static func accounts(_ rows: Rows) throws(PostgresError) -> [BlockedAccount] {
        var accounts: [BlockedAccount] = []
        accounts.reserveCapacity(rows.count)
        for row in 0..<rows.count {
            accounts.append(
                BlockedAccount(
                    lane: Lane(try rows.int32(row, 0)),
                    destination: try rows.id(row, 1),
                    account: try rows.text(row, 2)
                )
            )
        }
        return accounts
    }

    /// Reads what is due at `time`.
    ///
    /// - Parameters:
    ///   - requests: whose retries, and how many of each at most.
    ///   - owner: who we are.
    ///   - time: retries scheduled for later are left.
    ///   - excluded: rows that are left too: those being tried at this moment.
    ///   - bytesInAll: the most bytes of all rows; one row more than that is read at most.
    ///   - connection: where to ask.
    ///   - within: the deadline.
    /// - Returns: the retries in the order of the requests, the longest waiting of each first.
    /// - Throws: any ``PostgresError``.
    package static func due(
        _ requests: [DueRequest],
        owner: ConsumerID,
        at time: Timestamp,
        excluding excluded: [RetryID] = [],
        bytesInAll: Int,
        _ connection: inout Connection,
        within: Duration
    ) throws(PostgresError) -> [DueDelivery] {
        var parameters = ParameterBuffer()
        parameters.append(requests.map(\.lane.number))
        parameters.append(requests.map(\.destination))
        parameters.append(requests.map { Int64($0.limit) })
        parameters.append(owner)
        parameters.append(time)
        parameters.append(excluded)
        parameters.append(Int64(bytesInAll))
        let rows = try connection.query(Self.due, parameters, within: within)
        var deliveries: [DueDelivery] = []
        deliveries.reserveCapacity(rows.count)
        for row in 0..<rows.count { deliveries.append(try DueDelivery(rows, row)) }
        return deliveries
    }

    private static func ask(
        _ statement: Statement,
        _ lanes: [Lane],
        _ owner: ConsumerID,
        _ connection: inout Connection,
        within: Duration
    ) throws(PostgresError) -> Rows {
        var parameters = ParameterBuffer()
        parameters.append(lanes.map(\.number))
        parameters.append(owner)
        return try connection.query(statement, parameters, within: within)
    }
}

extension DueDelivery {
    /// Reads one row of the statement above.
    fileprivate init(_ rows: Rows, _ row: Int) throws(PostgresError) {
        let lane = Lane(try rows.int32(row, 0))
        let destination: DestinationID = try rows.id(row, 2)
        self.init(
            row: RetryRow(
                lane: lane,
                id: try rows.id(row, 1),
                destination: destination,
                attempt: try rows.int32(row, 3),
                account: try rows.textOrNil(row, 4),
                deadLetter: try rows.idOrNil(row, 5),
                job: try rows.idOrNil(row, 6)
            ),
            content: OutgoingEvent(
                lane: lane,
                destination: destination,
                organization: try rows.id(row, 7),
                endpoint: try rows.id(row, 8),
                delivery: try rows.id(row, 9),
                platform: try rows.text(row, 10),
                event: try rows.id(row, 11),
                number: try rows.int64(row, 12),
                attributes: try rows.bytes(row, 13),
                headers: try rows.bytes(row, 14),
                payload: try rows.bytes(row, 15)
            ),
            scheduledAt: try rows.timestamp(row, 16)
        )
    }
}
