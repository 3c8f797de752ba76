package import PosternModel
package import PosternPostgres

extension Administration {
    // The letter's row is locked before it is looked at, so that what is said of it is what was.
    private static let review = Statement(
        "dead_letter_review",
        """
        WITH was AS (
            SELECT lane, id, org_id, review_state, replay_id FROM postern.webhook_dead_letter_queue
            WHERE review_state = ANY ($1) AND id = $2 FOR UPDATE
        ), done AS (
            UPDATE postern.webhook_dead_letter_queue d
            SET review_state = $4, requires_manual_review = $5, review_note = $6, reviewed_by = $7, reviewed_at = now()
            FROM was
            WHERE d.lane = was.lane AND d.id = was.id AND was.replay_id IS NULL AND was.review_state = ANY ($3)
            RETURNING d.id
        )
        SELECT was.org_id, was.review_state, was.replay_id, done.id IS NOT NULL FROM was LEFT JOIN done ON true
        """,
        [.textArray, .uuid, .textArray, .text, .bool, .text, .text]
    )

    /// Marks a dead letter as seen: it waits for what will become of it.
    ///
    /// - Throws: ``ConfigurationError``: `review` or `database`.
    package func acknowledge(
        _ letter: DeadLetterID,
        note: String? = nil,
        _ connection: inout Connection,
        within: Duration
    ) throws(ConfigurationError) {
        try self.review(
            letter,
            from: [.open],
            to: .acknowledged,
            .acknowledgeDeadLetter,
            note: note,
            &connection,
            within: within
        )
    }

    /// Gives a dead letter up.
    ///
    /// - Throws: ``ConfigurationError``: `review`, `invalid` for an empty reason, or `database`.
    package func discard(
        _ letter: DeadLetterID,
        reason: String,
        _ connection: inout Connection,
        within: Duration
    ) throws(ConfigurationError) {
        if reason.isEmpty { throw .invalid(field: "reason", reason: "say why it is discarded") }
        try self.review(
            letter,
            from: DeadLetterState.unsettled,
            to: .discarded,
            .discardDeadLetter,
            note: reason,
            &connection,
            within: within
        )
    }

    /// Opens a dead letter again that was acknowledged, discarded or resolved.
    ///
    /// - Throws: ``ConfigurationError``: `review` or `database`.
    package func reopen(
        _ letter: DeadLetterID,
        note: String? = nil,
        _ connection: inout Connection,
        within: Duration
    ) throws(ConfigurationError) {
        try self.review(
            letter,
            from: [.acknowledged, .discarded, .resolved],
            to: .open,
            .reopenDeadLetter,
            note: note,
            &connection,
            within: within
        )
    }

    private func review(
        _ letter: DeadLetterID,
        from states: [DeadLetterState],
        to state: DeadLetterState,
        _ act: AuditedAct,
        note: String?,
        _ connection: inout Connection,
        within: Duration
    ) throws(ConfigurationError) {
        try Self.requireText(note, "note")
        try self.act(&connection, subject: "\(letter)", within: within) { connection throws(ConfigurationError) in
            let rows = try Self.run(Self.review, &connection, within: within) { parameters in
                parameters.append(DeadLetterState.allCases.map(\.rawValue))
                parameters.append(letter)
                parameters.append(states.map(\.rawValue))
                parameters.append(state.rawValue)
                parameters.append(state != .discarded)
                parameters.append(note)
                parameters.append(self.author.who)
            }
            guard rows.count > 0 else { throw .review(.notFound(letter)) }
            let (organization, was, isReplaying, isDone): (OrganizationID, String, Bool, Bool) = try Self.read {
                () throws(PostgresError) in
                (try rows.id(0, 0), try rows.text(0, 1), !rows.isNull(0, 2), try rows.bool(0, 3))
            }
            guard isDone else {
                throw .review(
                    isReplaying ? .replaying(letter) : .wrongState(letter, DeadLetterState(rawValue: was) ?? .open)
                )
            }
            var after = ["state": state.rawValue]
            if let note { after["note"] = note }
            try self.audit(
                act,
                of: "\(letter)",
                organization: organization,
                before: ["state": was],
                after: after,
                &connection,
                within: within
            )
        }
    }

    /// Refuses text that is too long to keep beside a letter, or that PostgreSQL cannot hold.
    static func requireText(_ text: String?, _ field: String) throws(ConfigurationError) {
        guard let text else { return }
        if text.utf8.count > 1000 || text.utf8.contains(0) {
            throw .invalid(field: field, reason: "at most 1000 bytes, none of them zero")
        }
    }
}
