package import PosternModel
package import PosternPostgres

/// Reads the books of destinations: what their cursors counted beside what the logs and queues hold.
///
/// For a session of the operator. Blocking: connection threads only.
package enum DestinationAccounts {
    /// How many lanes of destinations a page has.
    package static let pageSize = 1000

    /// Where a page ended.
    package struct Position: Sendable {
        fileprivate let lane: Int32
        fileprivate let destination: DestinationID
    }

    // The events of one organization in one lane are a range of an index; each destination reads its own.
    private static let page = Statement(
        "accounting_destinations",
        """
        SELECT c.lane, c.destination_id, c.org_id, t.name, c.first_number, c.number,
            c.delivered, c.handed, c.buried, c.unsubscribed, c.recovered, c.exhausted,
            (SELECT count(*) FROM postern.events e
                WHERE e.lane = c.lane AND e.org_id = c.org_id AND e.number > c.first_number AND e.number <= c.number),
            (SELECT count(*) FROM postern.events e
                WHERE e.lane = c.lane AND e.org_id = c.org_id AND e.number > c.number),
            (SELECT min(e.number) FROM postern.events e WHERE e.lane = c.lane),
            (SELECT count(*) FROM postern.webhook_retry_queue q
                WHERE q.lane = c.lane AND q.destination_id = c.destination_id
                    AND q.dead_letter_id IS NULL AND q.job_id IS NULL),
            coalesce(l.letters, 0), coalesce(l.without_job, 0), coalesce(l.open, 0), coalesce(l.discarded, 0),
            t.deleted_at IS NOT NULL
        FROM (
            SELECT * FROM postern.destination_cursors
            WHERE (lane, destination_id) > ($1, $2) AND ($3::uuid IS NULL OR org_id = $3)
            ORDER BY lane, destination_id LIMIT $4) c
        JOIN postern.destinations t ON t.id = c.destination_id
        LEFT JOIN (
            SELECT lane, destination_id, count(*) AS letters, count(*) FILTER (WHERE job_id IS NULL) AS without_job,
                count(*) FILTER (WHERE review_state IN ('open', 'acknowledged')) AS open,
                count(*) FILTER (WHERE review_state = 'discarded') AS discarded
            FROM postern.webhook_dead_letter_queue WHERE destination_id IS NOT NULL GROUP BY lane, destination_id) l
            ON l.lane = c.lane AND l.destination_id = c.destination_id
        ORDER BY c.lane, c.destination_id
        """,
        [.int32, .uuid, .uuid, .int64]
    )

    /// Reads the next page in the order of lanes.
    ///
    /// - Parameters:
    ///   - position: where the page before ended; `nil` for the first.
    ///   - organization: whose; `nil` for all.
    ///   - connection: where to ask.
    ///   - within: the deadline.
    /// - Returns: the books, and where to go on; `nil` at the end.
    /// - Throws: any ``PostgresError``.
    package static func page(
        after position: Position?,
        of organization: OrganizationID?,
        _ connection: inout Connection,
        within: Duration
    ) throws(PostgresError) -> (accounts: [DestinationAccount], next: Position?) {
        var parameters = ParameterBuffer()
        parameters.append(position?.lane ?? -1)
        parameters.append(position?.destination ?? DestinationID(UniqueID(high: 0, low: 0)))
        parameters.append(organization)
        parameters.append(Int64(Self.pageSize))
        let rows = try connection.query(Self.page, parameters, within: within)
        var accounts: [DestinationAccount] = []
        accounts.reserveCapacity(rows.count)
        for row in 0..<rows.count { accounts.append(try Self.account(rows, row)) }
        guard let last = accounts.last, accounts.count == Self.pageSize else { return (accounts, nil) }
        return (accounts, Position(lane: last.lane.number, destination: last.destination))
    }

    private static func account(_ rows: Rows, _ row: Int) throws(PostgresError) -> DestinationAccount {
        DestinationAccount(
            lane: Lane(try rows.int32(row, 0)),
            destination: try rows.id(row, 1),
            organization: try rows.id(row, 2),
            name: try rows.text(row, 3),
            firstNumber: try rows.int64(row, 4),
            number: try rows.int64(row, 5),
            delivered: try rows.int64(row, 6),
            handed: try rows.int64(row, 7),
            buried: try rows.int64(row, 8),
            unsubscribed: try rows.int64(row, 9),
            recovered: try rows.int64(row, 10),
            exhausted: try rows.int64(row, 11),
            passed: try rows.int64(row, 12),
            ahead: try rows.int64(row, 13),
            oldestNumber: try rows.int64OrNil(row, 14),
            waiting: try rows.int64(row, 15),
            letters: try rows.int64(row, 16),
            lettersWithoutJob: try rows.int64(row, 17),
            openLetters: try rows.int64(row, 18),
            discardedLetters: try rows.int64(row, 19),
            isDeleted: try rows.bool(row, 20)
        )
    }
}
