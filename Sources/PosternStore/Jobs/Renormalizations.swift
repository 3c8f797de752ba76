package import PosternModel
package import PosternPostgres

/// Sends deliveries through normalization once more.
///
/// The lane's owner does that with its other work, because only it numbers events. What it may store is settled here, in
/// the ledger: an event that came out the same stays known, and one that came out different is forgotten, once.
/// Blocking: connection threads only.
package enum Renormalizations {
    /// A delivery that another version of the definition reads differently.
    package struct Item: Sendable {
        package let content: DeliveryContent
        /// The events that are as they were.
        package let unchanged: [LedgerKey]
        /// The events that are different, each with the mark of this change: nothing is changed twice.
        package let changed: [(key: LedgerKey, mark: LedgerKey)]
        /// The events that were not among those of this delivery; another one may have brought them.
        package let new: [LedgerKey]

        /// Joins the fields.
        package init(
            content: DeliveryContent,
            unchanged: [LedgerKey],
            changed: [(key: LedgerKey, mark: LedgerKey)],
            new: [LedgerKey]
        ) {
            self.content = content
            self.unchanged = unchanged
            self.changed = changed
            self.new = new
        }
    }

    /// A key that the ledger is to know.
    package struct Knowledge: Sendable {
        package let lane: Lane
        /// The endpoint's organization.
        package let organization: OrganizationID
        package let key: LedgerKey
        /// Whichever brought it.
        package let delivery: DeliveryID

        /// Joins the fields.
        package init(lane: Lane, organization: OrganizationID, key: LedgerKey, delivery: DeliveryID) {
            self.lane = lane
            self.organization = organization
            self.key = key
            self.delivery = delivery
        }
    }

    private static let know = Statement(
        "renormalize_know",
        """
        INSERT INTO postern.event_keys (lane, org_id, key, delivery_id, seen_at)
        SELECT * , now() FROM (
            SELECT DISTINCT ON (k.lane, k.org, k.key) k.lane, k.org, k.key, k.delivery
            FROM unnest($1::integer[], $2::uuid[], $3::uuid[], $4::uuid[]) AS k(lane, org, key, delivery)
            ORDER BY k.lane, k.org, k.key) AS keys
        ON CONFLICT (lane, org_id, key) DO NOTHING RETURNING key
        """,
        [.int32Array, .uuidArray, .uuidArray, .uuidArray]
    )

    private static let unknown = Statement(
        "renormalize_unknown",
        """
        SELECT u.key FROM unnest($1::integer[], $2::uuid[], $3::uuid[]) AS u(lane, org, key)
        WHERE NOT EXISTS (
            SELECT FROM postern.event_keys k WHERE k.lane = u.lane AND k.org_id = u.org AND k.key = u.key)
        """,
        [.int32Array, .uuidArray, .uuidArray]
    )

    private static let forget = Statement(
        "renormalize_forget",
        """
        DELETE FROM postern.event_keys k USING unnest($1::integer[], $2::uuid[], $3::uuid[]) AS f(lane, org, key)
        WHERE k.lane = f.lane AND k.org_id = f.org AND k.key = f.key
        """,
        [.int32Array, .uuidArray, .uuidArray]
    )

    private static let insert = BatchStatement(
        "renormalize_queue",
        insertInto: """
            postern.webhook_retry_queue (lane, id, webhook_id, org_id, endpoint_id, platform, headers, payload, \
            attempt_number, scheduled_at, failure_reason, failure_detail, created_at, job_id)
            """,
        [
            .int32, .uuid, .uuid, .uuid, .uuid, .text, .bytes, .bytes, .int32, .timestamp, .text, .text, .timestamp,
            .uuid,
        ]
    )

    /// Puts deliveries into the queue, in the transaction of a job's step.
    ///
    /// - Returns: how many; those are left whose every change was made before, and whose new events are known.
    /// - Throws: any ``PostgresError``.
    package static func queue(
        _ items: [Item],
        for job: JobID,
        at time: Timestamp,
        _ connection: inout Connection,
        within: Duration
    ) throws(PostgresError) -> Int {
        let marks = Set(
            try Self.know(
                items.flatMap { item in Self.knowledge(item, item.changed.map(\.mark)) },
                &connection,
                within: within
            )
        )
        let unknown = try Self.unknown(
            items.flatMap { item in Self.knowledge(item, item.new) },
            &connection,
            within: within
        )
        var forgotten: [Knowledge] = []
        var kept: [Knowledge] = []
        var queued: [Item] = []
        for item in items {
            let todo = item.changed.filter { marks.contains($0.mark.id) }
            let done = item.changed.filter { !marks.contains($0.mark.id) }
            if todo.isEmpty, !item.new.contains(where: { unknown.contains($0.id) }) { continue }
            // The window of the ledger may have passed: what is to stay as it is must be known again.
            kept += Self.knowledge(item, item.unchanged + done.map(\.key))
            forgotten += Self.knowledge(item, todo.map(\.key))
            queued.append(item)
        }
        try Self.know(kept, &connection, within: within)
        try Self.forget(forgotten, &connection, within: within)
        try Self.insert(queued, for: job, at: time, &connection, within: within)
        return queued.count
    }

    private static func knowledge(_ item: Item, _ keys: [LedgerKey]) -> [Knowledge] {
        let content = item.content
        return keys.map { key in
            Knowledge(lane: content.lane, organization: content.organization, key: key, delivery: content.id)
        }
    }

    /// Enters keys in the ledger.
    ///
    /// - Returns: those it did not know.
    /// - Throws: any ``PostgresError``.
    @discardableResult package static func know(
        _ keys: [Knowledge],
        _ connection: inout Connection,
        within: Duration
    ) throws(PostgresError) -> [UniqueID] {
        guard !keys.isEmpty else { return [] }
        var parameters = Self.parameters(keys)
        parameters.append(keys.map(\.delivery))
        return try Self.keys(try connection.query(Self.know, parameters, within: within))
    }

    private static func keys(_ rows: Rows) throws(PostgresError) -> [UniqueID] {
        var keys: [UniqueID] = []
        keys.reserveCapacity(rows.count)
        for row in 0..<rows.count { keys.append(try rows.uuid(row, 0)) }
        return keys
    }

    private static func unknown(
        _ keys: [Knowledge],
        _ connection: inout Connection,
        within: Duration
    ) throws(PostgresError) -> Set<UniqueID> {
        guard !keys.isEmpty else { return [] }
        return Set(try Self.keys(try connection.query(Self.unknown, Self.parameters(keys), within: within)))
    }

    private static func forget(
        _ keys: [Knowledge],
        _ connection: inout Connection,
        within: Duration
    ) throws(PostgresError) {
        guard !keys.isEmpty else { return }
        _ = try connection.query(Self.forget, Self.parameters(keys), within: within)
    }

    private static func parameters(_ keys: [Knowledge]) -> ParameterBuffer {
        var parameters = ParameterBuffer()
        parameters.append(keys.map(\.lane.number))
        parameters.append(keys.map(\.organization))
        parameters.append(keys.map(\.key.id))
        return parameters
    }

    private static func insert(
        _ items: [Item],
        for job: JobID,
        at time: Timestamp,
        _ connection: inout Connection,
        within: Duration
    ) throws(PostgresError) {
        guard !items.isEmpty else { return }
        var ids = UniqueIDSequence()
        _ = try connection.pipeline(within: within) { pipeline throws(PostgresError) in
            var buffer = ParameterBuffer()
            try Self.insert.send(rows: items.count, to: &pipeline, using: &buffer) { row, buffer in
                let content = items[row].content
                buffer.append(content.lane.number)
                buffer.append(ids.next(at: time))
                buffer.append(content.id)
                buffer.append(content.organization)
                buffer.append(content.endpoint)
                buffer.append(content.platform)
                buffer.append(bytes: content.headers)
                buffer.append(bytes: content.body)
                buffer.append(Int32(1))
                buffer.append(time)
                buffer.append("renormalize")
                buffer.append("asked for by the job \(job)")
                buffer.append(time)
                buffer.append(job)
            }
        }
    }
}
