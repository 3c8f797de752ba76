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
        /// Whether there are events that were not there.
        package let hasNew: Bool

        /// Joins the fields.
        package init(
            content: DeliveryContent,
            unchanged: [LedgerKey],
            changed: [(key: LedgerKey, mark: LedgerKey)],
            hasNew: Bool
        ) {
            self.content = content
            self.unchanged = unchanged
            self.changed = changed
            self.hasNew = hasNew
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
    /// - Returns: how many; those whose every change was made before are left.
    /// - Throws: any ``PostgresError``.
    package static func queue(
        _ items: [Item],
        for job: JobID,
        at time: Timestamp,
        _ connection: inout Connection,
        within: Duration
    ) throws(PostgresError) -> Int {
        let marks = Set(
            try Self.know(items.map { item in (item, item.changed.map(\.mark)) }, &connection, within: within)
        )
        var forgotten: [(Item, [LedgerKey])] = []
        var kept: [(Item, [LedgerKey])] = []
        var queued: [Item] = []
        for item in items {
            let todo = item.changed.filter { marks.contains($0.mark.id) }
            let done = item.changed.filter { !marks.contains($0.mark.id) }
            if todo.isEmpty, !item.hasNew { continue }
            // The window of the ledger may have passed: what is to stay as it is must be known again.
            kept.append((item, item.unchanged + done.map(\.key)))
            forgotten.append((item, todo.map(\.key)))
            queued.append(item)
        }
        _ = try Self.know(kept, &connection, within: within)
        try Self.forget(forgotten, &connection, within: within)
        try Self.insert(queued, for: job, at: time, &connection, within: within)
        return queued.count
    }

    /// Enters keys in the ledger; gives those it did not know.
    private static func know(
        _ keys: [(Item, [LedgerKey])],
        _ connection: inout Connection,
        within: Duration
    ) throws(PostgresError) -> [UniqueID] {
        let flat = keys.flatMap { item, keys in keys.map { (item.content, $0.id) } }
        guard !flat.isEmpty else { return [] }
        var parameters = ParameterBuffer()
        parameters.append(flat.map(\.0.lane.number))
        parameters.append(flat.map(\.0.organization))
        parameters.append(flat.map(\.1))
        parameters.append(flat.map(\.0.id))
        let rows = try connection.query(Self.know, parameters, within: within)
        var new: [UniqueID] = []
        for row in 0..<rows.count { new.append(try rows.uuid(row, 0)) }
        return new
    }

    private static func forget(
        _ keys: [(Item, [LedgerKey])],
        _ connection: inout Connection,
        within: Duration
    ) throws(PostgresError) {
        let flat = keys.flatMap { item, keys in keys.map { (item.content, $0.id) } }
        guard !flat.isEmpty else { return }
        var parameters = ParameterBuffer()
        parameters.append(flat.map(\.0.lane.number))
        parameters.append(flat.map(\.0.organization))
        parameters.append(flat.map(\.1))
        _ = try connection.query(Self.forget, parameters, within: within)
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
