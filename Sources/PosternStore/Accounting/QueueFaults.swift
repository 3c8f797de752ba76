package import PosternModel
package import PosternPostgres

/// Finds rows of the retry queue and dead letters that are about nothing, or wait for nothing.
///
/// For a session of the operator. Blocking: connection threads only.
package enum QueueFaults {
    /// Two rows that point to each other, and the like: one statement for each rule.
    ///
    /// Each gives organization, lane, the row's id, and what the row is about; its parameters are the organization and
    /// the most rows.
    private static let checks: [(rule: AccountingRule, subject: String, detail: String, statement: Statement)] = [
        (
            .retryDelivery, "retry", "the delivery is not in the log:",
            Statement(
                "accounting_retry_delivery",
                """
                SELECT q.org_id, q.lane, q.id, q.webhook_id FROM postern.webhook_retry_queue q
                WHERE q.destination_id IS NULL AND ($1::uuid IS NULL OR q.org_id = $1)
                    -- An identifier begins with the milliseconds of its arrival: what came before the oldest day may
                    -- be gone.
                    AND ('x' || translate(left(q.webhook_id::text, 13), '-', ''))::bit(48)::bigint >= (
                        SELECT extract(epoch FROM min(to_date(right(c.relname, 8), 'YYYYMMDD'))) * 1000
                        FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhrelid
                        WHERE i.inhparent = 'postern.deliveries'::regclass AND c.relname ~ '^deliveries_[0-9]{8}$')
                    AND NOT EXISTS (
                        SELECT FROM postern.deliveries d WHERE d.lane = q.lane AND d.id = q.webhook_id)
                ORDER BY q.lane, q.id LIMIT $2
                """,
                [.uuid, .int64]
            )
        ),
        (
            .retryEvent, "retry", "the event is not in the log:",
            Statement(
                "accounting_retry_event",
                """
                WITH oldest AS (
                    SELECT l.lane, (SELECT min(e.number) FROM postern.events e WHERE e.lane = l.lane) AS number
                    FROM postern.lanes l)
                SELECT q.org_id, q.lane, q.id, q.event_id FROM postern.webhook_retry_queue q
                JOIN oldest o ON o.lane = q.lane
                WHERE q.event_id IS NOT NULL AND ($1::uuid IS NULL OR q.org_id = $1)
                    AND (o.number IS NULL OR q.event_number >= o.number)
                    AND NOT EXISTS (
                        SELECT FROM postern.events e
                        WHERE e.lane = q.lane AND e.number = q.event_number AND e.id = q.event_id
                            AND e.org_id = q.org_id)
                ORDER BY q.lane, q.id LIMIT $2
                """,
                [.uuid, .int64]
            )
        ),
        (
            .retryDestination, "retry", "the organization has no such destination:",
            Statement(
                "accounting_retry_destination",
                """
                SELECT q.org_id, q.lane, q.id, q.destination_id FROM postern.webhook_retry_queue q
                WHERE q.destination_id IS NOT NULL AND ($1::uuid IS NULL OR q.org_id = $1)
                    AND NOT EXISTS (
                        SELECT FROM postern.destinations t
                        WHERE t.id = q.destination_id AND t.org_id = q.org_id AND t.deleted_at IS NULL)
                ORDER BY q.lane, q.id LIMIT $2
                """,
                [.uuid, .int64]
            )
        ),
        (
            .retryStuck, "retry", "it waits for an earlier event of its account, and none is in the queue; its event:",
            Statement(
                "accounting_retry_stuck",
                """
                SELECT q.org_id, q.lane, q.id, q.event_id FROM postern.webhook_retry_queue q
                WHERE q.scheduled_at = 'infinity' AND ($1::uuid IS NULL OR q.org_id = $1)
                    AND NOT EXISTS (
                        SELECT FROM postern.webhook_retry_queue h
                        WHERE h.lane = q.lane AND h.destination_id = q.destination_id AND h.account = q.account
                            AND h.event_number < q.event_number)
                ORDER BY q.lane, q.id LIMIT $2
                """,
                [.uuid, .int64]
            )
        ),
        (
            .retryOutOfOrder, "retry", "an earlier event of its account is still in the queue; its event:",
            Statement(
                "accounting_retry_order",
                """
                SELECT q.org_id, q.lane, q.id, q.event_id FROM postern.webhook_retry_queue q
                WHERE q.account IS NOT NULL AND q.scheduled_at < 'infinity' AND ($1::uuid IS NULL OR q.org_id = $1)
                    AND EXISTS (
                        SELECT FROM postern.webhook_retry_queue h
                        WHERE h.lane = q.lane AND h.destination_id = q.destination_id AND h.account = q.account
                            AND h.event_number < q.event_number)
                ORDER BY q.lane, q.id LIMIT $2
                """,
                [.uuid, .int64]
            )
        ),
        (
            .replayWithoutLetter, "retry", "the dead letter it replays is not there, or not under replay by it:",
            Statement(
                "accounting_replay_letter",
                """
                SELECT q.org_id, q.lane, q.id, q.dead_letter_id FROM postern.webhook_retry_queue q
                WHERE q.dead_letter_id IS NOT NULL AND ($1::uuid IS NULL OR q.org_id = $1)
                    AND NOT EXISTS (
                        SELECT FROM postern.webhook_dead_letter_queue l
                        WHERE l.lane = q.lane AND l.id = q.dead_letter_id AND l.replay_id = q.id
                            AND l.org_id = q.org_id)
                ORDER BY q.lane, q.id LIMIT $2
                """,
                [.uuid, .int64]
            )
        ),
        (
            .letterWithoutReplay, "dead letter", "its replay is not in the retry queue:",
            Statement(
                "accounting_letter_replay",
                """
                SELECT l.org_id, l.lane, l.id, l.replay_id FROM postern.webhook_dead_letter_queue l
                WHERE l.replay_id IS NOT NULL AND ($1::uuid IS NULL OR l.org_id = $1)
                    AND NOT EXISTS (
                        SELECT FROM postern.webhook_retry_queue q
                        WHERE q.lane = l.lane AND q.id = l.replay_id AND q.dead_letter_id = l.id)
                ORDER BY l.lane, l.id LIMIT $2
                """,
                [.uuid, .int64]
            )
        ),
        (
            .letterEvent, "dead letter", "the event is not in the log:",
            Statement(
                "accounting_letter_event",
                """
                WITH oldest AS (
                    SELECT l.lane, (SELECT min(e.number) FROM postern.events e WHERE e.lane = l.lane) AS number
                    FROM postern.lanes l)
                SELECT q.org_id, q.lane, q.id, q.event_id FROM postern.webhook_dead_letter_queue q
                JOIN oldest o ON o.lane = q.lane
                WHERE q.event_id IS NOT NULL AND ($1::uuid IS NULL OR q.org_id = $1)
                    AND (o.number IS NULL OR q.event_number >= o.number)
                    AND NOT EXISTS (
                        SELECT FROM postern.events e
                        WHERE e.lane = q.lane AND e.number = q.event_number AND e.id = q.event_id)
                ORDER BY q.lane, q.id LIMIT $2
                """,
                [.uuid, .int64]
            )
        ),
    ]

    /// Finds what is wrong.
    ///
    /// - Parameters:
    ///   - organization: whose; `nil` for all.
    ///   - limit: the most rows of each rule.
    ///   - connection: where to ask.
    ///   - within: the deadline of each statement.
    /// - Returns: the faults, rule by rule.
    /// - Throws: any ``PostgresError``.
    package static func find(
        of organization: OrganizationID?,
        limit: Int,
        _ connection: inout Connection,
        within: Duration
    ) throws(PostgresError) -> [AccountingFault] {
        var faults: [AccountingFault] = []
        for check in Self.checks {
            var parameters = ParameterBuffer()
            parameters.append(organization)
            parameters.append(Int64(limit))
            let rows = try connection.query(check.statement, parameters, within: within)
            for row in 0..<rows.count {
                faults.append(
                    AccountingFault(
                        check.rule,
                        organization: try rows.id(row, 0),
                        lane: Lane(try rows.int32(row, 1)),
                        subject: "\(check.subject) \(try rows.uuid(row, 2))",
                        detail: "\(check.detail) \(try rows.uuid(row, 3))"
                    )
                )
            }
        }
        return faults
    }
}
