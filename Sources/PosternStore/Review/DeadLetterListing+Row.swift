internal import PosternModel
internal import PosternPostgres

extension DeadLetterListing {
    /// The columns ``read(_:_:)`` expects, of a table or alias `d`.
    static let columns = """
        d.id, d.lane, d.webhook_id, d.org_id, d.endpoint_id, d.platform, d.event_type, d.destination_id, d.event_id,
        d.fingerprint, d.failure_reason, d.failure_detail, d.attempts_made, d.requires_manual_review, d.review_state,
        d.replay_id, octet_length(d.payload)::bigint, d.created_at, coalesce(d.failed_at, d.created_at)
        """

    /// How many columns those are.
    static let columnCount = 19

    /// Reads a row of ``columns``.
    static func read(_ rows: Rows, _ row: Int) throws(PostgresError) -> DeadLetterListing {
        let word = try rows.text(row, 14)
        // The table's own check names the same four.
        guard let state = DeadLetterState(rawValue: word) else {
            throw .refused(sqlstate: "22P02", message: "a dead letter is in the unknown state '\(word)'")
        }
        return DeadLetterListing(
            id: try rows.id(row, 0),
            lane: Lane(try rows.int32(row, 1)),
            delivery: try rows.id(row, 2),
            organization: try rows.id(row, 3),
            endpoint: try rows.id(row, 4),
            platform: try rows.text(row, 5),
            type: try rows.textOrNil(row, 6),
            destination: try rows.idOrNil(row, 7),
            event: try rows.idOrNil(row, 8),
            fingerprint: try rows.uuid(row, 9),
            reason: try rows.text(row, 10),
            detail: try rows.text(row, 11),
            attempts: try rows.int32(row, 12),
            requiresManualReview: try rows.bool(row, 13),
            state: state,
            replay: try rows.idOrNil(row, 15),
            payloadBytes: try rows.int64(row, 16),
            createdAt: try rows.timestamp(row, 17),
            failedAt: try rows.timestamp(row, 18)
        )
    }
}
