internal import PosternPostgres

/// What ``PipelineStatus`` asks.
enum PipelineStatements {
    /// Stored minus read, and the oldest unread delivery of each lane, in one snapshot.
    ///
    /// A writer numbers its deliveries 1, 2, 3 … over all lanes, so its highest number is how many it stored. The
    /// highest is found among the rows behind its cursors (a probe from the end of the index), its cursors, and
    /// `last_seq`, which keeps what deleted cursors had reached. Read are the cursors' `consumed` and the writer's,
    /// which keeps what deleted cursors had read. The times in the probes leave out days before the cursor.
    static let backlog = Statement(
        "status_backlog",
        """
        WITH reading AS (
            SELECT c.lane, c.writer, c.consumed, oldest.stored_at AS oldest, coalesce(newest.seq, c.seq) AS last_seq
            FROM postern.cursors c
            LEFT JOIN LATERAL (
                SELECT d.stored_at FROM postern.deliveries d
                WHERE d.lane = c.lane AND d.writer = c.writer AND d.seq > c.seq AND d.stored_at >= c.stored_at
                ORDER BY d.seq LIMIT 1) AS oldest ON true
            LEFT JOIN LATERAL (
                SELECT d.seq FROM postern.deliveries d
                WHERE oldest.stored_at IS NOT NULL
                    AND d.lane = c.lane AND d.writer = c.writer AND d.seq > c.seq AND d.stored_at >= oldest.stored_at
                ORDER BY d.seq DESC LIMIT 1) AS newest ON true
        ), unread AS (
            SELECT greatest(w.last_seq, max(r.last_seq)) - w.consumed - sum(r.consumed) AS pending
            FROM reading r JOIN postern.writers w ON w.id = r.writer GROUP BY w.id
        ), behind AS (
            SELECT lane, min(oldest) AS oldest FROM reading WHERE oldest IS NOT NULL GROUP BY lane
        )
        SELECT coalesce((SELECT sum(pending) FROM unread), 0)::bigint,
            ARRAY(SELECT lane FROM behind ORDER BY lane), ARRAY(SELECT oldest FROM behind ORDER BY lane)
        """
    )

    /// The bound is `BoundedCount.bound` and one, to tell that there are more.
    static let queues = Statement(
        "status_queues",
        """
        SELECT (SELECT count(*)::integer FROM postern.lanes l WHERE NOT EXISTS (
                SELECT FROM postern.consumers c WHERE c.id = l.owner AND c.leased_until >= now())),
            (SELECT count(*) FROM (SELECT FROM postern.webhook_retry_queue LIMIT 10001) AS few),
            (SELECT count(*) FROM (SELECT FROM postern.webhook_dead_letter_queue
                WHERE review_state IN ('open', 'acknowledged') LIMIT 10001) AS few)
        """
    )

    static let snapshot = Statement(
        "status_snapshot",
        "SELECT transactions, seconds, complete FROM postern.oldest_snapshot()"
    )
}
