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
    //
    // Cursors count a letter unless it comes of a replay of events by a job, which names that job until another one
    // acts on the letter. So letters are put in order, the surest first, and as many as were counted are looked at.
    private static let page = Statement(
        "accounting_destinations",
        """
        WITH c AS (
            SELECT * FROM postern.destination_cursors
            WHERE (lane, destination_id) > ($1, $2) AND ($3::uuid IS NULL OR org_id = $3)
            ORDER BY lane, destination_id LIMIT $4
        ), letters AS (
            SELECT d.lane, d.destination_id, d.id, d.review_state, d.replay_id IS NOT NULL AS under_replay,
                d.job_id IS NULL AND d.replayed_at IS NULL AS of_cursor,
                coalesce(j.type = 'replay-events', false) AS of_replay, c.buried + c.exhausted AS counted
            FROM postern.webhook_dead_letter_queue d
            JOIN c ON c.lane = d.lane AND c.destination_id = d.destination_id
            LEFT JOIN postern.job_status j ON j.id = d.job_id
        ), places AS (
            SELECT *, counted >= row_number() OVER (
                PARTITION BY lane, destination_id ORDER BY of_replay, of_cursor DESC, id) AND NOT of_replay AS is_counted
            FROM letters
        ), sums AS (
            SELECT lane, destination_id, count(*) AS letters, count(*) FILTER (WHERE of_cursor) AS of_cursors,
                count(*) FILTER (WHERE of_replay) AS of_replays,
                count(*) FILTER (WHERE is_counted AND under_replay) AS replaying,
                count(*) FILTER (WHERE is_counted AND NOT under_replay
                    AND review_state IN ('open', 'acknowledged')) AS unsettled,
                count(*) FILTER (WHERE is_counted AND NOT under_replay AND review_state = 'discarded') AS discarded,
                count(*) FILTER (WHERE is_counted AND NOT under_replay AND review_state = 'resolved') AS resolved
            FROM places GROUP BY lane, destination_id
        )
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
            coalesce(s.letters, 0), coalesce(s.of_cursors, 0), coalesce(s.of_replays, 0), coalesce(s.replaying, 0),
            coalesce(s.unsettled, 0), coalesce(s.discarded, 0), coalesce(s.resolved, 0), t.deleted_at IS NOT NULL
        FROM c
        JOIN postern.destinations t ON t.id = c.destination_id
        LEFT JOIN sums s ON s.lane = c.lane AND s.destination_id = c.destination_id
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
            letters: DestinationLetters(
                all: try rows.int64(row, 16),
                ofCursors: try rows.int64(row, 17),
                ofReplays: try rows.int64(row, 18),
                replaying: try rows.int64(row, 19),
                unsettled: try rows.int64(row, 20),
                discarded: try rows.int64(row, 21),
                resolved: try rows.int64(row, 22)
            ),
            isDeleted: try rows.bool(row, 23)
        )
    }
}
