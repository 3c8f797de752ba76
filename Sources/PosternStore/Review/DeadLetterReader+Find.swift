package import PosternModel
package import PosternPostgres

extension DeadLetterReader {
    /// More attempts than these are not shown; the newest are.
    private static let attemptsShown: Int64 = 200

    // By state and id, because that index is there; the four states are four probes.
    private static let find = Statement(
        "dead_letter_find",
        """
        SELECT \(DeadLetterListing.columns), d.review_note, d.reviewed_by, d.reviewed_at, d.definition_version,
            d.event_number, d.event::text, d.headers, d.payload, d.edited_payload, d.answer_status, d.answer,
            d.replayed_at, d.replayed_events, d.replayed_duplicates, d.job_id
        FROM postern.webhook_dead_letter_queue d WHERE d.review_state = ANY ($1) AND d.id = $2
        """,
        [.textArray, .uuid]
    )

    private static let attempts = Statement(
        "dead_letter_attempts",
        """
        SELECT started_at, attempt_number, (extract(epoch FROM duration) * 1000000)::bigint, outcome, status, answer,
            error
        FROM postern.attempts WHERE lane = $1 AND event_id = $2 AND destination_id = $3
        ORDER BY started_at DESC, id DESC LIMIT $4
        """,
        [.int32, .uuid, .uuid, .int64]
    )

    /// Reads one dead letter with its attempts; `nil` when the session sees none with this identifier.
    ///
    /// - Throws: any ``PostgresError``.
    package static func find<Session: QuerySession & ~Copyable>(
        _ letter: DeadLetterID,
        _ session: inout Session,
        within: Duration
    ) throws(PostgresError) -> DeadLetterRecord? {
        var parameters = ParameterBuffer()
        parameters.append(DeadLetterState.allCases.map(\.rawValue))
        parameters.append(letter)
        let rows = try session.query(Self.find, parameters, within: within)
        guard rows.count > 0 else { return nil }
        let listing = try DeadLetterListing.read(rows, 0)
        let first = DeadLetterListing.columnCount
        return DeadLetterRecord(
            listing: listing,
            note: try rows.textOrNil(0, first),
            reviewedBy: try rows.textOrNil(0, first + 1),
            reviewedAt: try rows.timestampOrNil(0, first + 2),
            definitionVersion: try rows.int32OrNil(0, first + 3),
            eventNumber: try rows.int64OrNil(0, first + 4),
            attributes: try rows.bytesOrNil(0, first + 5),
            headers: try rows.bytes(0, first + 6),
            payload: try rows.bytes(0, first + 7),
            editedPayload: try rows.bytesOrNil(0, first + 8),
            answerStatus: try rows.int32OrNil(0, first + 9),
            answer: try rows.textOrNil(0, first + 10),
            replayedAt: try rows.timestampOrNil(0, first + 11),
            replayedEvents: try rows.int32OrNil(0, first + 12),
            replayedDuplicates: try rows.int32OrNil(0, first + 13),
            job: try rows.idOrNil(0, first + 14),
            attempts: try Self.attempts(of: listing, &session, within: within)
        )
    }

    private static func attempts<Session: QuerySession & ~Copyable>(
        of letter: DeadLetterListing,
        _ session: inout Session,
        within: Duration
    ) throws(PostgresError) -> [DeadLetterAttempt] {
        guard let event = letter.event, let destination = letter.destination else { return [] }
        var parameters = ParameterBuffer()
        parameters.append(letter.lane.number)
        parameters.append(event)
        parameters.append(destination)
        parameters.append(Self.attemptsShown)
        let rows = try session.query(Self.attempts, parameters, within: within)
        var attempts: [DeadLetterAttempt] = []
        for row in (0..<rows.count).reversed() {
            attempts.append(
                DeadLetterAttempt(
                    startedAt: try rows.timestamp(row, 0),
                    number: try rows.int32(row, 1),
                    duration: .microseconds(try rows.int64(row, 2)),
                    outcome: try rows.text(row, 3),
                    status: try rows.int32OrNil(row, 4),
                    answer: try rows.textOrNil(row, 5),
                    error: try rows.textOrNil(row, 6)
                )
            )
        }
        return attempts
    }

    private static let history = Statement(
        "dead_letter_history",
        """
        SELECT at, who, origin, act, before::text, after::text FROM postern.audit_log
        WHERE subject = $1 ORDER BY id LIMIT 1000
        """,
        [.text]
    )

    /// Reads what people and jobs did to a dead letter, oldest first; for the operator or a tenant's own session.
    ///
    /// - Throws: any ``PostgresError``.
    package static func history<Session: QuerySession & ~Copyable>(
        of letter: DeadLetterID,
        _ session: inout Session,
        within: Duration
    ) throws(PostgresError) -> [ReviewEntry] {
        var parameters = ParameterBuffer()
        parameters.append("\(letter)")
        let rows = try session.query(Self.history, parameters, within: within)
        var entries: [ReviewEntry] = []
        for row in 0..<rows.count {
            entries.append(
                ReviewEntry(
                    at: try rows.timestamp(row, 0),
                    who: try rows.text(row, 1),
                    origin: try rows.text(row, 2),
                    act: try rows.text(row, 3),
                    before: try rows.textOrNil(row, 4),
                    after: try rows.textOrNil(row, 5)
                )
            )
        }
        return entries
    }
}
