package import PosternModel
package import PosternPostgres

extension Administration {
    private static let standing = Statement(
        "dead_letter_standing",
        """
        SELECT lane, review_state, replay_id IS NOT NULL, destination_id IS NULL FROM postern.webhook_dead_letter_queue
        WHERE review_state = ANY ($1) AND id = $2 FOR UPDATE
        """,
        [.textArray, .uuid]
    )

    /// Puts a dead letter back on its way: to its destination, or to be normalized again when it has none.
    ///
    /// The letter stays in its state until the replay has ended: it is resolved then, or open with the new reason.
    ///
    /// - Parameters:
    ///   - letter: which; open or acknowledged, and not being replayed.
    ///   - payload: what to send in place of what was kept; the letter keeps the original beside it.
    ///   - destination: another one of the organization to send the event to; `nil` for its own.
    ///   - connection: a session of the operator.
    ///   - within: the deadline.
    /// - Returns: the row of the retry queue.
    /// - Throws: ``ConfigurationError``: `review` or `database`.
    @discardableResult
    package func replay(
        _ letter: DeadLetterID,
        payload: [UInt8]? = nil,
        to destination: DestinationID? = nil,
        _ connection: inout Connection,
        within: Duration
    ) throws(ConfigurationError) -> RetryID {
        try self.act(&connection, subject: "\(letter)", within: within) { connection throws(ConfigurationError) in
            let found = try Self.run(Self.standing, &connection, within: within) { parameters in
                parameters.append(DeadLetterState.allCases.map(\.rawValue))
                parameters.append(letter)
            }
            guard found.count > 0 else { throw .review(.notFound(letter)) }
            let (lane, word, isReplaying, isDelivery) = try Self.read { () throws(PostgresError) in
                (try found.int32(0, 0), try found.text(0, 1), try found.bool(0, 2), try found.bool(0, 3))
            }
            if isDelivery, destination != nil { throw .review(.notAnEvent(letter)) }
            if isReplaying { throw .review(.replaying(letter)) }
            let state = DeadLetterState(rawValue: word) ?? .open
            guard DeadLetterState.unsettled.contains(state) else { throw .review(.wrongState(letter, state)) }
            let retry = RetryID.fresh(at: .now())
            let rows = try Self.run(ReplayStatements.replay, &connection, within: within) { parameters in
                parameters.append([lane])
                parameters.append([letter])
                parameters.append([retry])
                parameters.append(bytes: payload)
                parameters.appendNull()
                parameters.append(destination)
            }
            guard rows.count > 0 else {
                if let destination { throw .review(.otherDestinationUnavailable(letter, destination)) }
                throw .review(.destinationUnavailable(letter))
            }
            let organization: OrganizationID = try Self.read { () throws(PostgresError) in try rows.id(0, 1) }
            var after = ["retry": "\(retry)"]
            if let payload { after["edited_bytes"] = String(payload.count) }
            if let destination { after["destination"] = "\(destination)" }
            try self.audit(
                .replayDeadLetter,
                of: "\(letter)",
                organization: organization,
                before: ["state": word],
                after: after,
                &connection,
                within: within
            )
            return retry
        }
    }
}
