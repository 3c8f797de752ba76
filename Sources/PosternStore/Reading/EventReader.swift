package import PosternModel
package import PosternPostgres

/// Lists and follows stored events.
///
/// Blocking: connection threads only.
package enum EventReader {
    /// Bounds a page, whatever is asked for.
    package static let limits = 1...1000

    private static let list = Statement(
        "events_list",
        """
        SELECT \(EventRecord.columns) FROM postern.events e
        WHERE e.org_id = $1
            AND e.id < coalesce($2, 'ffffffff-ffff-ffff-ffff-ffffffffffff'::uuid)
            AND e.stored_at >= coalesce($3, '-infinity'::timestamptz)
            AND e.stored_at < coalesce($4, 'infinity'::timestamptz)
            AND ($5::text IS NULL OR e.platform = $5)
            AND ($6::text IS NULL OR e.type = $6)
            AND ($7::text IS NULL OR e.account = $7)
            AND ($8::uuid IS NULL OR e.endpoint_id = $8)
        ORDER BY e.id DESC LIMIT $9
        """,
        [.uuid, .uuid, .timestamp, .timestamp, .text, .text, .text, .uuid, .int64]
    )

    /// Reads an organization's events, newest first.
    ///
    /// - Parameters:
    ///   - organization: whose.
    ///   - cursor: the last event of the page before; `nil` for the first page.
    ///   - filter: which of them.
    ///   - limit: how many, 1 to 1000.
    ///   - session: a transaction of the organization, or a session of the operator.
    ///   - within: the deadline. A filter that few events match reads on until it passes or the days end: give `since`.
    /// - Returns: the page; an empty one is the end.
    /// - Throws: any ``PostgresError``.
    package static func list<Session: QuerySession & ~Copyable>(
        of organization: OrganizationID,
        before cursor: EventID? = nil,
        _ filter: EventFilter = EventFilter(),
        limit: Int,
        _ session: inout Session,
        within: Duration
    ) throws(PostgresError) -> [EventRecord] {
        var parameters = ParameterBuffer()
        parameters.append(organization)
        parameters.append(cursor)
        parameters.append(filter.since)
        // The id carries the time it was made at; a day covers any distance to the time it was stored at.
        parameters.append(cursor?.id.embeddedTime.advanced(by: .seconds(86_400)))
        parameters.append(filter.platform?.text)
        parameters.append(filter.type)
        parameters.append(filter.account)
        parameters.append(filter.endpoint)
        parameters.append(Int64(Self.bounded(limit)))
        return try EventRecord.read(try session.query(Self.list, parameters, within: within))
    }

    private static let find = Statement(
        "event_find",
        """
        SELECT \(EventRecord.columns) FROM postern.events e
        WHERE e.org_id = $1 AND e.id = $2 AND e.stored_at >= $3 AND e.stored_at < $4
        """,
        [.uuid, .uuid, .timestamp, .timestamp]
    )

    /// Reads one event of an organization; `nil` when there is none.
    package static func find<Session: QuerySession & ~Copyable>(
        _ event: EventID,
        of organization: OrganizationID,
        _ session: inout Session,
        within: Duration
    ) throws(PostgresError) -> EventRecord? {
        var parameters = ParameterBuffer()
        parameters.append(organization)
        parameters.append(event)
        parameters.append(event.id.embeddedTime.advanced(by: .seconds(-86_400)))
        parameters.append(event.id.embeddedTime.advanced(by: .seconds(86_400)))
        return try EventRecord.read(try session.query(Self.find, parameters, within: within)).first
    }

    private static let position = Statement(
        "events_position",
        "SELECT lane, event_number, now() FROM postern.lanes ORDER BY lane"
    )

    /// Where the logs of all lanes end now; a tail that starts here sees what comes after.
    package static func position<Session: QuerySession & ~Copyable>(
        _ session: inout Session,
        within: Duration
    ) throws(PostgresError) -> EventPosition {
        let rows = try session.query(Self.position, ParameterBuffer(), within: within)
        var position = EventPosition(numbers: [:], since: .now())
        for row in 0..<rows.count {
            position.numbers[Lane(try rows.int32(row, 0))] = try rows.int64(row, 1)
            position.since = try rows.timestamp(row, 2)
        }
        return position
    }

    private static let tail = Statement(
        "events_tail",
        """
        SELECT \(EventRecord.columns) FROM unnest($1::integer[], $2::bigint[]) AS p(lane, number)
        CROSS JOIN LATERAL (
            SELECT * FROM postern.events e
            WHERE e.lane = p.lane AND e.number > p.number AND e.stored_at >= $3
            ORDER BY e.number LIMIT $4) e
        """,
        [.int32Array, .int64Array, .timestamp, .int64]
    )

    private static let tailOfOrganization = Statement(
        "events_tail_of_organization",
        """
        SELECT \(EventRecord.columns) FROM unnest($1::integer[], $2::bigint[]) AS p(lane, number)
        CROSS JOIN LATERAL (
            SELECT * FROM postern.events e
            WHERE e.lane = p.lane AND e.org_id = $5 AND e.number > p.number AND e.stored_at >= $3
            ORDER BY e.number LIMIT $4) e
        """,
        [.int32Array, .int64Array, .timestamp, .int64, .uuid]
    )

    /// Reads the events after a position, oldest first, and moves the position behind them.
    ///
    /// - Parameters:
    ///   - position: where to go on; moved behind what is returned.
    ///   - organization: whose; `nil` for everything the session sees.
    ///   - perLane: how many of each lane at most, 1 to 1000.
    ///   - session: a transaction of the organization, or a session of the operator.
    ///   - within: the deadline.
    /// - Returns: the events, in the order of their lanes and by time between lanes.
    /// - Throws: any ``PostgresError``; the position has not moved then.
    package static func tail<Session: QuerySession & ~Copyable>(
        after position: inout EventPosition,
        of organization: OrganizationID?,
        perLane: Int = 100,
        _ session: inout Session,
        within: Duration
    ) throws(PostgresError) -> [EventRecord] {
        let lanes = position.numbers.keys.sorted()
        var parameters = ParameterBuffer()
        parameters.append(lanes.map(\.number))
        parameters.append(lanes.map { position.numbers[$0, default: 0] })
        // An hour before: consumers' clocks differ, and a transaction may commit late.
        parameters.append(position.since.advanced(by: .seconds(-3600)))
        parameters.append(Int64(Self.bounded(perLane)))
        if let organization { parameters.append(organization) }
        let statement = organization == nil ? Self.tail : Self.tailOfOrganization
        let events = try EventRecord.read(try session.query(statement, parameters, within: within))
        for event in events {
            position.numbers[event.lane] = max(position.numbers[event.lane, default: 0], event.number)
            position.since = max(position.since, event.storedAt)
        }
        return Self.merged(events)
    }

    /// Sorts by time without turning round the order within a lane, which is the order that counts.
    private static func merged(_ events: [EventRecord]) -> [EventRecord] {
        var latest: [Lane: Timestamp] = [:]
        let keyed = events.sorted { ($0.lane, $0.number) < ($1.lane, $1.number) }.map { event in
            let time = max(event.storedAt, latest[event.lane, default: event.storedAt])
            latest[event.lane] = time
            return (time: time, event: event)
        }
        return keyed.sorted { ($0.time, $0.event.lane, $0.event.number) < ($1.time, $1.event.lane, $1.event.number) }
            .map(\.event)
    }

    private static func bounded(_ limit: Int) -> Int {
        min(max(limit, Self.limits.lowerBound), Self.limits.upperBound)
    }
}
