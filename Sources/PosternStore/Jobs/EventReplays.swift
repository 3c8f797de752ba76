package import PosternModel
package import PosternPostgres

/// Puts stored events into the retry queue once more.
///
/// Blocking: connection threads only.
package enum EventReplays {
    /// More bytes of data than these are not read at a time, unless a single event is longer.
    private static let pageBytes: Int64 = 4 * 1024 * 1024

    // Parameters 1 to 9.
    private static let conditions = """
        e.org_id = $1 AND e.id > $2 AND e.id <= $3
            AND e.stored_at >= coalesce($4, '-infinity'::timestamptz)
            AND e.stored_at < coalesce($5, 'infinity'::timestamptz)
            AND ($6::uuid IS NULL OR e.endpoint_id = $6)
            AND ($7::text IS NULL OR e.platform = $7)
            AND ($8::text IS NULL OR e.type LIKE $8)
            AND ($9::text IS NULL OR e.account = $9)
        """
    private static let types: [PostgresType] = [
        .uuid, .uuid, .uuid, .timestamp, .timestamp, .uuid, .text, .text, .text,
    ]

    private static func append(
        _ filter: EventReplayFilter,
        after position: EventID?,
        through bound: EventID?,
        to parameters: inout ParameterBuffer
    ) {
        parameters.append(filter.organization)
        parameters.append(position?.id ?? UniqueID(high: 0, low: 0))
        parameters.append(bound?.id ?? UniqueID(high: .max, low: .max))
        parameters.append(filter.since)
        parameters.append(filter.until)
        parameters.append(filter.endpoint)
        parameters.append(filter.platform)
        parameters.append(filter.typeGlob.map(GlobPattern.like))
        parameters.append(filter.account)
    }

    private static let newest = Statement(
        "event_replays_newest",
        "SELECT id FROM postern.events WHERE org_id = $1 ORDER BY id DESC LIMIT 1",
        [.uuid]
    )

    private static let count = Statement(
        "event_replays_count",
        "SELECT count(*) FROM postern.events e WHERE \(Self.conditions)",
        Self.types
    )

    /// Counts the events there are now.
    ///
    /// - Returns: how many, and the organization's newest event of all: the end of the plan. `nil` when it has none.
    /// - Throws: any ``PostgresError``.
    package static func plan<Session: QuerySession & ~Copyable>(
        _ filter: EventReplayFilter,
        _ session: inout Session,
        within: Duration
    ) throws(PostgresError) -> (count: Int64, bound: EventID)? {
        var parameters = ParameterBuffer()
        parameters.append(filter.organization)
        let newest = try session.query(Self.newest, parameters, within: within)
        guard newest.count > 0 else { return nil }
        let bound: EventID = try newest.id(0, 0)
        parameters.removeAll()
        Self.append(filter, after: nil, through: bound, to: &parameters)
        return (try session.query(Self.count, parameters, within: within).int64(0, 0), bound)
    }

    private static let page = Statement(
        "event_replays_page",
        """
        SELECT \(EventRecord.columns) FROM (
            SELECT e.*, sum(octet_length(e.data::text)) OVER (ORDER BY e.id ROWS UNBOUNDED PRECEDING)
                - octet_length(e.data::text) AS before
            FROM (SELECT * FROM postern.events e WHERE \(Self.conditions) ORDER BY e.id LIMIT $10) e
        ) e
        WHERE e.before < $11 ORDER BY e.id
        """,
        Self.types + [.int64, .int64]
    )

    /// Reads which events come next, in the order of their identifiers.
    ///
    /// - Parameters:
    ///   - filter: which are meant.
    ///   - position: the last one the job has come to.
    ///   - bound: the last one of the job.
    ///   - limit: how many at most; large ones come fewer at a time.
    ///   - connection: where to ask.
    ///   - within: the deadline.
    /// - Returns: the events; none is the end.
    /// - Throws: any ``PostgresError``.
    package static func page(
        _ filter: EventReplayFilter,
        after position: EventID?,
        through bound: EventID,
        limit: Int,
        _ connection: inout Connection,
        within: Duration
    ) throws(PostgresError) -> [EventRecord] {
        var parameters = ParameterBuffer()
        Self.append(filter, after: position, through: bound, to: &parameters)
        parameters.append(Int64(max(1, limit)))
        parameters.append(Self.pageBytes)
        return try EventRecord.read(try connection.query(Self.page, parameters, within: within))
    }

    private static let form = Statement(
        "event_replays_form",
        """
        SELECT form FROM postern.destinations
        WHERE id = $1 AND org_id = $2 AND deleted_at IS NULL AND state <> 'disabled' AND kind <> 'alert'
        """,
        [.uuid, .uuid]
    )

    /// The form in which the destination takes events; `nil` when it cannot take any.
    ///
    /// - Throws: any ``PostgresError``.
    package static func form<Session: QuerySession & ~Copyable>(
        of filter: EventReplayFilter,
        _ session: inout Session,
        within: Duration
    ) throws(PostgresError) -> DestinationForm? {
        var parameters = ParameterBuffer()
        parameters.append(filter.destination)
        parameters.append(filter.organization)
        let rows = try session.query(Self.form, parameters, within: within)
        return rows.count == 0 ? nil : DestinationForm(rawValue: try rows.text(0, 0))
    }

    private static let insert = BatchStatement(
        "event_replays",
        insertInto: """
            postern.webhook_retry_queue (lane, id, webhook_id, org_id, endpoint_id, platform, headers, payload, \
            attempt_number, scheduled_at, failure_reason, failure_detail, created_at, destination_id, event_id, \
            event_number, event, job_id)
            """,
        [
            .int32, .uuid, .uuid, .uuid, .uuid, .text, .bytes, .bytes, .int32, .timestamp, .text, .text, .timestamp,
            .uuid,
            .uuid, .int64, .text, .uuid,
        ],
        casts: [16: "json"]
    )

    /// Puts events on their way, due at once and outside of any order.
    ///
    /// - Throws: any ``PostgresError``.
    package static func queue(
        _ events: [OutgoingEvent],
        for job: JobID,
        at time: Timestamp,
        _ connection: inout Connection,
        within: Duration
    ) throws(PostgresError) {
        guard !events.isEmpty else { return }
        var ids = UniqueIDSequence()
        _ = try connection.pipeline(within: within) { pipeline throws(PostgresError) in
            var buffer = ParameterBuffer()
            try Self.insert.send(rows: events.count, to: &pipeline, using: &buffer) { row, buffer in
                let event = events[row]
                buffer.append(event.lane.number)
                buffer.append(ids.next(at: time))
                buffer.append(event.delivery)
                buffer.append(event.organization)
                buffer.append(event.endpoint)
                buffer.append(event.platform)
                buffer.append(bytes: event.headers)
                buffer.append(bytes: event.payload)
                buffer.append(Int32(1))
                buffer.append(time)
                buffer.append("replay")
                buffer.append("asked for by the job \(job)")
                buffer.append(time)
                buffer.append(event.destination)
                buffer.append(event.event)
                buffer.append(event.number)
                buffer.append(String(decoding: event.attributes, as: UTF8.self))
                buffer.append(job)
            }
        }
    }
}
