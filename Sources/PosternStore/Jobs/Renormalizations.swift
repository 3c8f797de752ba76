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
        package let unchanged: [AccountedKey]
        /// The events that are different, each with the mark of this change: nothing is changed twice.
        package let changed: [(key: AccountedKey, mark: AccountedKey)]
        /// The events that were not among those of this delivery; another one may have brought them.
        package let new: [AccountedKey]

        /// Joins the fields.
        package init(
            content: DeliveryContent,
            unchanged: [AccountedKey],
            changed: [(key: AccountedKey, mark: AccountedKey)],
            new: [AccountedKey]
        ) {
            self.content = content
            self.unchanged = unchanged
            self.changed = changed
            self.new = new
        }
    }

    /// A key that the ledger is to know, and whichever delivery brought it.
    package typealias Knowledge = (key: AccountedKey, delivery: DeliveryID)

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
    /// - Returns: how many; those are left whose every change was made before, and whose new events are known.
    /// - Throws: any ``PostgresError``.
    package static func queue(
        _ items: [Item],
        for job: JobID,
        at time: Timestamp,
        _ connection: inout Connection,
        within: Duration
    ) throws(PostgresError) -> Int {
        let marks = try Self.know(
            items.flatMap { item in item.changed.map { change in (change.mark, item.content.id) } },
            &connection,
            within: within
        )
        let known = try EventProofs.ledger(items.flatMap(\.new), &connection, within: within)
        var forgotten: [AccountedKey] = []
        var kept: [Knowledge] = []
        var queued: [Item] = []
        for item in items {
            let todo = item.changed.filter { marks.contains($0.mark.ledgerKey.id) }
            let done = item.changed.filter { !marks.contains($0.mark.ledgerKey.id) }
            if todo.isEmpty, item.new.allSatisfy({ known[$0] != nil }) { continue }
            // The window of the ledger may have passed: what is to stay as it is must be known again.
            kept += (item.unchanged + done.map(\.key)).map { key in (key, item.content.id) }
            forgotten += todo.map(\.key)
            queued.append(item)
        }
        try Self.know(kept, &connection, within: within)
        try Self.forget(forgotten, &connection, within: within)
        try Self.insert(queued, for: job, at: time, &connection, within: within)
        return queued.count
    }

    /// Enters keys in the ledger.
    ///
    /// - Returns: those it did not know.
    /// - Throws: any ``PostgresError``.
    @discardableResult package static func know(
        _ keys: [Knowledge],
        _ connection: inout Connection,
        within: Duration
    ) throws(PostgresError) -> Set<UniqueID> {
        guard !keys.isEmpty else { return [] }
        var parameters = ParameterBuffer()
        parameters.append(keys.map(\.key))
        parameters.append(keys.map(\.delivery))
        let rows = try connection.query(Self.know, parameters, within: within)
        var new: Set<UniqueID> = []
        for row in 0..<rows.count { new.insert(try rows.uuid(row, 0)) }
        return new
    }

    private static func forget(
        _ keys: [AccountedKey],
        _ connection: inout Connection,
        within: Duration
    ) throws(PostgresError) {
        guard !keys.isEmpty else { return }
        var parameters = ParameterBuffer()
        parameters.append(keys)
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
