internal import PosternPostgres

/// The statements of a consumer's batch.
///
/// Each names its lane, and touches one lane or rows that begin with it.
enum BatchStatements {
    static let ledger = BatchStatement(
        "batch_ledger",
        insertInto: "postern.event_keys (lane, org_id, key, delivery_id, seen_at)",
        [.int32, .uuid, .uuid, .uuid, .timestamp],
        suffix: "ON CONFLICT (lane, org_id, key) DO NOTHING RETURNING lane, org_id, key"
    )

    static let lane = Statement(
        "batch_lane",
        """
        UPDATE postern.lanes SET event_number = event_number + $5
        WHERE lane = $1 AND owner = $2 AND fence = $3 AND event_number = $4
        """,
        [.int32, .uuid, .int64, .int64, .int64]
    )

    static let cursor = Statement(
        "batch_cursor",
        """
        UPDATE postern.cursors SET seq = $4, stored_at = $5, consumed = consumed + $6
        WHERE lane = $1 AND writer = $2 AND seq = $3
        """,
        [.int32, .int64, .int64, .int64, .timestamp, .int64]
    )

    static let events = BatchStatement(
        "batch_events",
        insertInto: """
            postern.events (lane, number, stored_at, id, org_id, endpoint_id, delivery_id, platform, \
            definition_version, type, source, subject, account, time, key, data)
            """,
        [
            .int32, .int64, .timestamp, .uuid, .uuid, .uuid, .uuid, .text, .int32, .text, .text, .text, .text,
            .timestamp, .text, .text,
        ],
        casts: [15: "json"]
    )

    static let retries = BatchStatement(
        "batch_retries",
        insertInto: """
            postern.webhook_retry_queue (lane, id, webhook_id, org_id, endpoint_id, platform, headers, payload, \
            attempt_number, scheduled_at, failure_reason, failure_detail, created_at)
            """,
        [
            .int32, .uuid, .uuid, .uuid, .uuid, .text, .bytes, .bytes, .int32, .timestamp, .text, .text, .timestamp,
        ]
    )

    static let deadLetters = BatchStatement(
        "batch_dead_letters",
        insertInto: """
            postern.webhook_dead_letter_queue (lane, id, webhook_id, org_id, endpoint_id, platform, headers, payload, \
            failure_reason, failure_detail, attempts_made, definition_version, created_at)
            """,
        [
            .int32, .uuid, .uuid, .uuid, .uuid, .text, .bytes, .bytes, .text, .text, .int32, .int32, .timestamp,
        ]
    )

    static let finishRetry = Statement(
        "batch_retry_finish",
        "DELETE FROM postern.webhook_retry_queue WHERE lane = $1 AND id = $2",
        [.int32, .uuid]
    )

    static let postponeRetry = Statement(
        "batch_retry_postpone",
        """
        UPDATE postern.webhook_retry_queue
        SET attempt_number = $3, scheduled_at = $4, failure_reason = $5, failure_detail = $6
        WHERE lane = $1 AND id = $2
        """,
        [.int32, .uuid, .int32, .timestamp, .text, .text]
    )

    static let resolveLetter = Statement(
        "batch_letter_resolve",
        """
        UPDATE postern.webhook_dead_letter_queue
        SET review_state = 'resolved', requires_manual_review = false, replay_id = NULL, replayed_events = $4,
            replayed_duplicates = $5
        WHERE lane = $1 AND id = $2 AND replay_id = $3
        """,
        [.int32, .uuid, .uuid, .int32, .int32]
    )

    static let reopenLetter = Statement(
        "batch_letter_reopen",
        """
        UPDATE postern.webhook_dead_letter_queue
        SET review_state = 'open', requires_manual_review = true, replay_id = NULL, failure_reason = $4,
            failure_detail = $5, attempts_made = attempts_made + $6, definition_version = $7, failed_at = $8
        WHERE lane = $1 AND id = $2 AND replay_id = $3
        """,
        [.int32, .uuid, .uuid, .text, .text, .int32, .int32, .timestamp]
    )
}
