internal import PosternPostgres

/// The statements that start replays and review in bulk.
enum ReplayStatements {
    /// Takes letters that nobody replays and puts a row for each into the retry queue; gives those that were taken.
    ///
    /// The update of `replay_id` is the compare-and-set: of two that replay a letter, the second finds it taken. A letter
    /// without a destination is normalized again. Payloads do not leave the database.
    ///
    /// A row for a destination has headers only where an edited payload takes the place of the original request, which a
    /// destination of the form `raw` gets otherwise.
    static let replay = Statement(
        "dead_letter_replay",
        """
        WITH taken AS (
            UPDATE postern.webhook_dead_letter_queue d
            SET replay_id = r.retry, replayed_at = now(), edited_payload = $4,
                job_id = coalesce($5, d.job_id)
            FROM unnest($1::integer[], $2::uuid[], $3::uuid[]) AS r(lane, letter, retry)
            WHERE d.lane = r.lane AND d.id = r.letter AND d.replay_id IS NULL
                AND d.review_state IN ('open', 'acknowledged')
                AND CASE WHEN d.destination_id IS NULL THEN $6 IS NULL ELSE EXISTS (
                    SELECT FROM postern.destinations t
                    WHERE t.id = coalesce($6, d.destination_id) AND t.deleted_at IS NULL AND t.state <> 'disabled'
                        AND ($6 IS NULL OR t.org_id = d.org_id AND t.kind <> 'alert')) END
            RETURNING d.*
        )
        INSERT INTO postern.webhook_retry_queue (lane, id, webhook_id, org_id, endpoint_id, platform, headers, payload,
            attempt_number, scheduled_at, failure_reason, failure_detail, created_at, destination_id, event_id,
            event_number, event, dead_letter_id, job_id)
        SELECT lane, replay_id, webhook_id, org_id, endpoint_id, platform,
            CASE WHEN destination_id IS NULL THEN headers
                WHEN edited_payload IS NULL THEN ''::bytea
                ELSE convert_to(E'content-type: application/json\\n', 'UTF8') END,
            coalesce(edited_payload, payload), 1, now(), failure_reason, failure_detail, now(),
            coalesce($6, destination_id), event_id, event_number, event, id, job_id
        FROM taken
        RETURNING dead_letter_id, org_id, id
        """,
        [.int32Array, .uuidArray, .uuidArray, .bytes, .uuid, .uuid]
    )

    /// Moves letters that nobody replays from some states to another; gives those that were.
    static let review = Statement(
        "dead_letters_review",
        """
        UPDATE postern.webhook_dead_letter_queue d
        SET review_state = $6, requires_manual_review = $6 <> 'discarded', review_note = $3, reviewed_by = $4,
            reviewed_at = now(), job_id = $5
        FROM unnest($1::integer[], $2::uuid[]) AS r(lane, letter)
        WHERE d.lane = r.lane AND d.id = r.letter AND d.replay_id IS NULL AND d.review_state = ANY ($7)
        RETURNING d.id, d.org_id
        """,
        [.int32Array, .uuidArray, .text, .text, .uuid, .text, .textArray]
    )

    /// Tells why letters were left: how many of them are under replay, and how many are in other states than these.
    ///
    /// The rest are those whose destination takes nothing.
    static let left = Statement(
        "dead_letters_left",
        """
        SELECT count(*) FILTER (WHERE d.replay_id IS NOT NULL),
            count(*) FILTER (WHERE d.replay_id IS NULL AND d.review_state <> ALL ($3))
        FROM unnest($1::integer[], $2::uuid[]) AS r(lane, letter)
        JOIN postern.webhook_dead_letter_queue d ON d.lane = r.lane AND d.id = r.letter
        """,
        [.int32Array, .uuidArray, .textArray]
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
