package import PosternModel
package import PosternPostgres

extension Administration {
    private static let delete = Statement(
        "destination_delete",
        """
        UPDATE postern.destinations SET deleted_at = now(), updated_at = now()
        WHERE id = $1 AND deleted_at IS NULL RETURNING org_id, name, kind, coalesce(url, channel)
        """,
        [.uuid]
    )

    private static let forget = Statement(
        "destination_forget_secrets",
        "UPDATE postern.destination_secrets SET revoked_at = now() WHERE destination_id = $1 AND revoked_at IS NULL",
        [.uuid]
    )

    private static let deleted = Statement(
        "destination_deleted_owner",
        "SELECT org_id FROM postern.destinations WHERE id = $1 AND deleted_at IS NOT NULL",
        [.uuid]
    )

    /// Deletes a destination: nothing is sent to it any more, and what waits to be sent becomes dead letters.
    ///
    /// The row stays, for the names in attempts and dead letters; its name is free at once. The waiting events follow
    /// in transactions of their own, at most 200 events each, so that a long queue holds nobody up; when that is
    /// interrupted, deleting by id again goes on. Dead letters whose replay was waiting are open again.
    ///
    /// - Parameters:
    ///   - destination: which; one that is deleted already is taken up again.
    ///   - connection: a session of the operator.
    ///   - within: the deadline of each transaction.
    ///   - progress: told after each transaction what was done so far.
    /// - Returns: what was done in all.
    /// - Throws: ``ConfigurationError/destinationNotFound(_:)`` or ``ConfigurationError/database(_:)``.
    package func deleteDestination(
        _ destination: DestinationID,
        _ connection: inout Connection,
        within: Duration,
        progress: (DestinationDeletion) -> Void = { _ in }
    ) throws(ConfigurationError) -> DestinationDeletion {
        let organization = try self.markDeleted(destination, &connection, within: within)
        let owner = DestinationOwner(destination: destination, organization: organization)
        var deletion = DestinationDeletion()
        for lane in try Self.lanesWaiting(for: destination, &connection, within: within) {
            while try self.buryPatiently(owner, in: lane, into: &deletion, &connection, within: within) {
                progress(deletion)
            }
        }
        return deletion
    }

    /// Like ``bury(_:in:into:_:within:)``, again when a settlement of the same rows made PostgreSQL give ours up.
    private func buryPatiently(
        _ owner: DestinationOwner,
        in lane: Lane,
        into deletion: inout DestinationDeletion,
        _ connection: inout Connection,
        within: Duration
    ) throws(ConfigurationError) -> Bool {
        var refusals = 0
        while true {
            do throws(ConfigurationError) {
                return try self.bury(owner, in: lane, into: &deletion, &connection, within: within)
            } catch {
                guard case .database(.retry) = error, refusals < 5 else { throw error }
                refusals += 1
            }
        }
    }

    private func markDeleted(
        _ destination: DestinationID,
        _ connection: inout Connection,
        within: Duration
    ) throws(ConfigurationError) -> OrganizationID {
        try self.act(&connection, subject: "\(destination)", within: within) { connection throws(ConfigurationError) in
            let rows = try Self.run(Self.delete, &connection, within: within) { $0.append(destination) }
            guard rows.count > 0 else {
                let known = try Self.run(Self.deleted, &connection, within: within) { $0.append(destination) }
                guard known.count > 0 else { throw .destinationNotFound("\(destination)") }
                return try Self.read { () throws(PostgresError) in try known.id(0, 0) }
            }
            _ = try Self.run(Self.forget, &connection, within: within) { $0.append(destination) }
            let (organization, before): (OrganizationID, [String: String]) = try Self.read {
                () throws(PostgresError) in
                (
                    try rows.id(0, 0),
                    [
                        "name": try rows.text(0, 1), "kind": try rows.text(0, 2), "target": try rows.text(0, 3),
                    ]
                )
            }
            try self.audit(
                .deleteDestination,
                of: "\(destination)",
                organization: organization,
                before: before,
                &connection,
                within: within
            )
            return organization
        }
    }

    private static let lanesWaiting = Statement(
        "destination_lanes_waiting",
        """
        SELECT l.lane FROM postern.lanes l
        WHERE EXISTS (
            SELECT FROM postern.webhook_retry_queue r WHERE r.lane = l.lane AND r.destination_id = $1)
        ORDER BY l.lane
        """,
        [.uuid]
    )

    private static func lanesWaiting(
        for destination: DestinationID,
        _ connection: inout Connection,
        within: Duration
    ) throws(ConfigurationError) -> [Lane] {
        let rows = try Self.run(Self.lanesWaiting, &connection, within: within) { $0.append(destination) }
        return try Self.read { () throws(PostgresError) in
            var lanes: [Lane] = []
            for row in 0..<rows.count { lanes.append(Lane(try rows.int32(row, 0))) }
            return lanes
        }
    }

    // First the cursor, then the rows of the queue: settlements go the same way, so that neither waits for the other
    // in a circle.
    private static let lockCursor = Statement(
        "destination_cursor_lock",
        "SELECT FROM postern.destination_cursors WHERE lane = $1 AND destination_id = $2 FOR UPDATE",
        [.int32, .uuid]
    )

    private static let waiting = Statement(
        "destination_waiting",
        """
        SELECT id FROM postern.webhook_retry_queue WHERE lane = $1 AND destination_id = $2
        ORDER BY scheduled_at LIMIT 200
        """,
        [.int32, .uuid]
    )

    private static let bury = Statement(
        "destination_bury",
        """
        WITH gone AS (
            DELETE FROM postern.webhook_retry_queue r USING unnest($3::uuid[], $4::uuid[]) AS p(id, letter)
            WHERE r.lane = $1 AND r.destination_id = $2 AND r.id = p.id RETURNING r.*, p.letter
        ), letters AS (
            INSERT INTO postern.webhook_dead_letter_queue (lane, id, webhook_id, org_id, endpoint_id, platform,
                destination_id, event_id, event_number, event, headers, payload, event_type, definition_version,
                attempts_made, failure_reason, failure_detail, failed_at, created_at, job_id)
            SELECT lane, letter, webhook_id, org_id, endpoint_id, platform, destination_id, event_id, event_number,
                event, headers, payload, left(event ->> 'type', 200), (event ->> 'posterndefinition')::integer,
                greatest(attempt_number, 1), 'destination_deleted',
                'the destination was deleted; before that ' || failure_reason || ': ' || failure_detail,
                now(), now(), job_id
            FROM gone WHERE dead_letter_id IS NULL
        ), reopened AS (
            UPDATE postern.webhook_dead_letter_queue d
            SET review_state = 'open', requires_manual_review = true, replay_id = NULL,
                failure_reason = 'destination_deleted', failure_detail = 'the destination was deleted before the replay',
                failed_at = now()
            FROM gone g WHERE d.lane = g.lane AND d.id = g.dead_letter_id AND d.replay_id = g.id
        ), counted AS (
            UPDATE postern.destination_cursors c SET exhausted = c.exhausted + n.events
            FROM (SELECT count(*) AS events FROM gone WHERE dead_letter_id IS NULL AND job_id IS NULL) n
            WHERE c.lane = $1 AND c.destination_id = $2 AND n.events > 0
        )
        SELECT count(*) FILTER (WHERE dead_letter_id IS NULL), count(*) FILTER (WHERE dead_letter_id IS NOT NULL)
        FROM gone
        """,
        [.int32, .uuid, .uuidArray, .uuidArray]
    )

    /// Turns some of what waits in a lane into dead letters, and gives whether there may be more.
    private func bury(
        _ owner: DestinationOwner,
        in lane: Lane,
        into deletion: inout DestinationDeletion,
        _ connection: inout Connection,
        within: Duration
    ) throws(ConfigurationError) -> Bool {
        let counts = try self.act(&connection, subject: "\(owner.destination)", within: within) {
            connection throws(ConfigurationError) -> (buried: Int64, reopened: Int64)? in
            _ = try Self.run(Self.lockCursor, &connection, within: within) { parameters in
                parameters.append(lane.number)
                parameters.append(owner.destination)
            }
            let waiting = try Self.run(Self.waiting, &connection, within: within) { parameters in
                parameters.append(lane.number)
                parameters.append(owner.destination)
            }
            let retries: [RetryID] = try Self.read { () throws(PostgresError) in
                var retries: [RetryID] = []
                for row in 0..<waiting.count { retries.append(try waiting.id(row, 0)) }
                return retries.sorted()
            }
            if retries.isEmpty { return nil }
            return try self.bury(retries, of: owner, in: lane, &connection, within: within)
        }
        guard let counts else { return false }
        deletion.buried += counts.buried
        deletion.reopened += counts.reopened
        return true
    }

    private func bury(
        _ retries: [RetryID],
        of owner: DestinationOwner,
        in lane: Lane,
        _ connection: inout Connection,
        within: Duration
    ) throws(ConfigurationError) -> (buried: Int64, reopened: Int64) {
        var letters = UniqueIDSequence()
        let now = Timestamp.now()
        let rows = try Self.run(Self.bury, &connection, within: within) { parameters in
            parameters.append(lane.number)
            parameters.append(owner.destination)
            parameters.append(retries)
            parameters.append(retries.map { _ in letters.next(at: now) })
        }
        let (buried, reopened) = try Self.read { () throws(PostgresError) in
            (try rows.int64(0, 0), try rows.int64(0, 1))
        }
        // Others took all of it in the meantime: nothing was done, and there may be more.
        if buried == 0, reopened == 0 { return (0, 0) }
        try self.audit(
            .buryWaiting,
            of: "\(owner.destination)",
            organization: owner.organization,
            after: ["lane": "\(lane)", "buried": String(buried), "reopened": String(reopened)],
            &connection,
            within: within
        )
        return (buried, reopened)
    }
}
