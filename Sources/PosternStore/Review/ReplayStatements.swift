internal import PosternPostgres

/// The statements that start replays and discard in bulk.
enum ReplayStatements {
    /// Takes letters that nobody replays and puts a row for each into the retry queue; gives those that were taken.
    ///
    /// The update of `replay_id` is the compare-and-set: of two that replay a letter, the second finds it taken. A letter
    /// without a destination is normalized again. Payloads do not leave the database.
    static let replay = Statement(
        "dead_letter_replay",
        """
        WITH taken AS (
            UPDATE postern.webhook_dead_letter_queue d
            SET replay_id = r.retry, replayed_at = now(), edited_payload = $4, job_id = $5
            FROM unnest($1::integer[], $2::uuid[], $3::uuid[]) AS r(lane, letter, retry)
            WHERE d.lane = r.lane AND d.id = r.letter AND d.replay_id IS NULL
                AND d.review_state IN ('open', 'acknowledged')
                AND (d.destination_id IS NULL OR EXISTS (
                    SELECT FROM postern.destinations t
                    WHERE t.id = d.destination_id AND t.deleted_at IS NULL AND t.state <> 'disabled'))
            RETURNING d.*
        )
        INSERT INTO postern.webhook_retry_queue (lane, id, webhook_id, org_id, endpoint_id, platform, headers, payload,
            attempt_number, scheduled_at, failure_reason, failure_detail, created_at, destination_id, event_id,
            event_number, event, dead_letter_id, job_id)
        SELECT lane, replay_id, webhook_id, org_id, endpoint_id, platform, headers, coalesce(edited_payload, payload),
            1, now(), failure_reason, failure_detail, now(), destination_id, event_id, event_number, event, id, job_id
        FROM taken
        RETURNING dead_letter_id, org_id, id
        """,
        [.int32Array, .uuidArray, .uuidArray, .bytes, .uuid]
    )

    /// Discards letters that wait for somebody and that nobody replays; gives those that were.
    static let discard = Statement(
        "dead_letters_discard",
        """
        UPDATE postern.webhook_dead_letter_queue d
        SET review_state = 'discarded', requires_manual_review = false, review_note = $3, reviewed_by = $4,
            reviewed_at = now(), job_id = $5
        FROM unnest($1::integer[], $2::uuid[]) AS r(lane, letter)
        WHERE d.lane = r.lane AND d.id = r.letter AND d.replay_id IS NULL
            AND d.review_state IN ('open', 'acknowledged')
        RETURNING d.id, d.org_id
        """,
        [.int32Array, .uuidArray, .text, .text, .uuid]
    )

    /// Writes one line of the audit log for each letter.
    static let audit = Statement(
        "dead_letters_audit",
        """
        INSERT INTO postern.audit_log (id, org_id, who, origin, act, subject, after)
        SELECT l.id, l.org, $4, $5, $6, l.letter::text, jsonb_build_object('job', $7::uuid)
        FROM unnest($1::uuid[], $2::uuid[], $3::uuid[]) AS l(id, org, letter)
        """,
        [.uuidArray, .uuidArray, .uuidArray, .text, .text, .text, .uuid]
    )
}
