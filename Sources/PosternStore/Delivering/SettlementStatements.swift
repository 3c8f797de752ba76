internal import PosternPostgres

/// The statements of a settlement.
///
/// Each but the first names its lane, and touches one lane or rows that begin with it.
enum SettlementStatements {
    static let leases = Statement(
        "delivery_leases",
        """
        SELECT count(*) FROM postern.lanes l
        JOIN unnest($1::integer[], $2::bigint[]) AS p(lane, fence) ON p.lane = l.lane AND p.fence = l.fence
        WHERE l.lane = ANY ($1) AND l.owner = $3
        """,
        [.int32Array, .int64Array, .uuid]
    )

    static let move = Statement(
        "delivery_move",
        """
        UPDATE postern.destination_cursors c
        SET number = $6, stored_at = $7, delivered = c.delivered + $8, handed = c.handed + $9,
            buried = c.buried + $10, unsubscribed = c.unsubscribed + $11, recovered = c.recovered + $12,
            exhausted = c.exhausted + $13
        FROM postern.lanes l
        WHERE c.lane = $1 AND c.destination_id = $2 AND c.number = $5
            AND l.lane = c.lane AND l.owner = $3 AND l.fence = $4
        """,
        [
            .int32, .uuid, .uuid, .int64, .int64, .int64, .timestamp, .int64, .int64, .int64, .int64, .int64, .int64,
        ]
    )

    static let count = Statement(
        "delivery_count",
        """
        UPDATE postern.destination_cursors c SET recovered = c.recovered + $5, exhausted = c.exhausted + $6
        FROM postern.lanes l
        WHERE c.lane = $1 AND c.destination_id = $2 AND l.lane = c.lane AND l.owner = $3 AND l.fence = $4
        """,
        [.int32, .uuid, .uuid, .int64, .int64, .int64]
    )

    static let finish = Statement(
        "delivery_retry_finish",
        "DELETE FROM postern.webhook_retry_queue WHERE lane = $1 AND id = $2 AND attempt_number = $3",
        [.int32, .uuid, .int32]
    )

    static let postpone = Statement(
        "delivery_retry_postpone",
        """
        UPDATE postern.webhook_retry_queue
        SET attempt_number = $4, scheduled_at = $5, failure_reason = $6, failure_detail = $7
        WHERE lane = $1 AND id = $2 AND attempt_number = $3
        """,
        [.int32, .uuid, .int32, .int32, .timestamp, .text, .text]
    )

    static let retries = BatchStatement(
        "delivery_retries",
        insertInto: """
            postern.webhook_retry_queue (lane, id, webhook_id, org_id, endpoint_id, platform, destination_id, event_id, \
            event_number, event, headers, payload, attempt_number, scheduled_at, account, failure_reason, \
            failure_detail, created_at)
            """,
        [
            .int32, .uuid, .uuid, .uuid, .uuid, .text, .uuid, .uuid, .int64, .text, .bytes, .bytes, .int32, .text,
            .text, .text, .text, .timestamp,
        ],
        casts: [9: "json", 13: "timestamptz"],
        // A settlement that is stored already is found out by what it moves, not by a row that is there.
        suffix: "ON CONFLICT DO NOTHING"
    )

    /// Makes the first event of an account due, if it waits for its turn.
    static let wake = Statement(
        "delivery_retry_wake",
        """
        UPDATE postern.webhook_retry_queue SET scheduled_at = $4
        WHERE lane = $1 AND scheduled_at = 'infinity' AND id = (
            SELECT id FROM postern.webhook_retry_queue
            WHERE lane = $1 AND destination_id = $2 AND account = $3 ORDER BY event_number LIMIT 1)
        """,
        [.int32, .uuid, .text, .timestamp]
    )

    static let deadLetters = BatchStatement(
        "delivery_dead_letters",
        insertInto: """
            postern.webhook_dead_letter_queue (lane, id, webhook_id, org_id, endpoint_id, platform, destination_id, \
            event_id, event_number, event, headers, payload, event_type, definition_version, attempts_made, \
            failure_reason, failure_detail, answer_status, answer, failed_at, created_at, job_id)
            """,
        [
            .int32, .uuid, .uuid, .uuid, .uuid, .text, .uuid, .uuid, .int64, .text, .bytes, .bytes, .text, .int32,
            .int32, .text, .text, .int32, .text, .timestamp, .timestamp, .uuid,
        ],
        casts: [9: "json"]
    )

    static let resolve = Statement(
        "delivery_letter_resolve",
        """
        UPDATE postern.webhook_dead_letter_queue
        SET review_state = 'resolved', requires_manual_review = false, replay_id = NULL, replayed_events = 1,
            replayed_duplicates = 0
        WHERE lane = $1 AND id = $2 AND replay_id = $3
        """,
        [.int32, .uuid, .uuid]
    )

    static let reopen = Statement(
        "delivery_letter_reopen",
        """
        UPDATE postern.webhook_dead_letter_queue
        SET review_state = 'open', requires_manual_review = true, replay_id = NULL, failure_reason = $4,
            failure_detail = $5, answer_status = $6, answer = $7, failed_at = $8, attempts_made = attempts_made + $9
        WHERE lane = $1 AND id = $2 AND replay_id = $3
        """,
        [.int32, .uuid, .uuid, .text, .text, .int32, .text, .timestamp, .int32]
    )

    static let attempts = BatchStatement(
        "delivery_attempts",
        insertInto: """
            postern.attempts (lane, started_at, id, org_id, destination_id, event_id, attempt_number, duration, \
            outcome, status, answer, error)
            """,
        [
            .int32, .timestamp, .uuid, .uuid, .uuid, .uuid, .int32, .text, .text, .int32, .text, .text,
        ],
        casts: [7: "interval"]
    )

    static let minutes = BatchStatement(
        "delivery_minutes",
        insertInto: """
            postern.destination_minutes (minute, destination_id, org_id, outcome, count, retries, latencies)
            """,
        [.timestamp, .uuid, .uuid, .text, .int64, .int64, .int64Array],
        suffix: """
            ON CONFLICT (minute, destination_id, outcome) DO UPDATE
            SET count = destination_minutes.count + excluded.count,
                retries = destination_minutes.retries + excluded.retries,
                latencies = ARRAY(
                    SELECT a + b FROM unnest(destination_minutes.latencies, excluded.latencies)
                        WITH ORDINALITY AS s(a, b, place) ORDER BY place)
            """
    )

    static let announce = Statement(
        "delivery_announce",
        "SELECT pg_notify(channel, event) FROM unnest($1::text[], $2::text[]) AS a(channel, event)",
        [.textArray, .textArray]
    )
}
