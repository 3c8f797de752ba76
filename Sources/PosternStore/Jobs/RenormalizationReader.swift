package import PosternModel
package import PosternPostgres

/// Finds what a version of a definition has made of deliveries.
///
/// Blocking: connection threads only.
package enum RenormalizationReader {
    private static let pageEvents: Int64 = 500
    private static let pageBytes: Int64 = 8 * 1024 * 1024

    // Parameters 1 to 6.
    private static let conditions = """
        e.stored_at >= $1 AND e.stored_at < $2 AND e.platform = $3 AND e.definition_version = $4
            AND ($5::uuid IS NULL OR e.org_id = $5) AND ($6::uuid IS NULL OR e.endpoint_id = $6)
        """
    private static let types: [PostgresType] = [.timestamp, .timestamp, .text, .int32, .uuid, .uuid]

    private static func append(_ scope: RenormalizationScope, to parameters: inout ParameterBuffer) {
        parameters.append(scope.since)
        parameters.append(scope.until)
        parameters.append(scope.platform)
        parameters.append(scope.definitionVersion)
        parameters.append(scope.organization)
        parameters.append(scope.endpoint)
    }

    private static let count = Statement(
        "renormalize_count",
        "SELECT count(DISTINCT (e.lane, e.delivery_id)) FROM postern.events e WHERE \(Self.conditions)",
        Self.types
    )

    /// Counts the deliveries of a scope; reads all events of its days.
    ///
    /// - Throws: any ``PostgresError``.
    package static func count<Session: QuerySession & ~Copyable>(
        _ scope: RenormalizationScope,
        _ session: inout Session,
        within: Duration
    ) throws(PostgresError) -> Int64 {
        var parameters = ParameterBuffer()
        Self.append(scope, to: &parameters)
        return try session.query(Self.count, parameters, within: within).int64(0, 0)
    }

    private static let page = Statement(
        "renormalize_page",
        """
        SELECT \(EventRecord.columns) FROM (
            SELECT e.*, sum(octet_length(e.data::text)) OVER (ORDER BY e.lane, e.number ROWS UNBOUNDED PRECEDING)
                - octet_length(e.data::text) AS before
            FROM (
                SELECT * FROM postern.events e WHERE \(Self.conditions) AND (e.lane, e.number) > ($7, $8)
                ORDER BY e.lane, e.number LIMIT $9) e
        ) e
        WHERE e.before < $10 ORDER BY e.lane, e.number
        """,
        Self.types + [.int32, .int64, .int64, .int64]
    )

    /// Reads what comes next, in the order of the lanes and their numbers.
    ///
    /// - Parameters:
    ///   - scope: which are meant.
    ///   - position: how far the job has come.
    ///   - limit: how many deliveries at most.
    ///   - session: where to ask.
    ///   - within: the deadline of each statement.
    /// - Returns: the events, all those of one delivery together; none is the end.
    /// - Throws: any ``PostgresError``.
    package static func page<Session: QuerySession & ~Copyable>(
        _ scope: RenormalizationScope,
        after position: RenormalizationPosition,
        limit: Int,
        _ session: inout Session,
        within: Duration
    ) throws(PostgresError) -> [[EventRecord]] {
        // The numbers of a delivery's events follow each other, so that they are neighbors here.
        var groups: [[EventRecord]] = []
        var (lane, number, isCut) = (position.lane, position.number, true)
        // A page may cut its last delivery: the next page has it whole, unless it has no room beside others either.
        while isCut, groups.count <= 1 {
            let page = try Self.events(scope, lane, number, &session, within: within)
            for event in page.events {
                if groups.last?.last?.delivery == event.delivery {
                    groups[groups.count - 1].append(event)
                } else {
                    groups.append([event])
                }
            }
            if let last = page.events.last { (lane, number) = (last.lane, last.number) }
            isCut = page.isCut
        }
        if isCut { groups.removeLast() }
        return Array(groups.prefix(max(1, limit)))
    }

    private static func events<Session: QuerySession & ~Copyable>(
        _ scope: RenormalizationScope,
        _ lane: Lane,
        _ number: Int64,
        _ session: inout Session,
        within: Duration
    ) throws(PostgresError) -> (events: [EventRecord], isCut: Bool) {
        var parameters = ParameterBuffer()
        Self.append(scope, to: &parameters)
        parameters.append(lane.number)
        parameters.append(number)
        parameters.append(Self.pageEvents)
        parameters.append(Self.pageBytes)
        let events = try EventRecord.read(try session.query(Self.page, parameters, within: within))
        let bytes = events.reduce(Int64(0)) { $0 + Int64($1.data.count) }
        return (events, events.count == Int(Self.pageEvents) || bytes >= Self.pageBytes)
    }

    /// What an event has brought into the ledger, which may have forgotten it.
    package struct KnownEvent: Sendable {
        package let lane: Lane
        package let number: Int64
        /// The endpoint's organization, in which the ledger knows the key.
        package let organization: OrganizationID
        package let endpoint: EndpointID
        package let delivery: DeliveryID
        package let account: String?
        package let key: String
        package let definitionVersion: Int32
    }

    // Endpoints are not asked for their events' organization: an endpoint that routes has the events of others, too, and
    // its deliveries are normalized as a whole.
    private static let known = Statement(
        "renormalize_known",
        """
        SELECT e.lane, e.number, p.org_id, e.endpoint_id, e.delivery_id, e.account, e.key, e.definition_version
        FROM postern.events e JOIN postern.endpoints p ON p.id = e.endpoint_id
        WHERE e.stored_at >= $1 AND e.platform = $2 AND ($3::uuid IS NULL OR p.org_id = $3 OR p.routes_accounts)
            AND ($4::uuid IS NULL OR p.id = $4) AND (e.lane, e.number) > ($5, $6)
        ORDER BY e.lane, e.number LIMIT $7
        """,
        [.timestamp, .text, .uuid, .uuid, .int32, .int64, .int64]
    )

    /// Reads the events whose keys the deliveries of a scope may bring again, in the order of the lanes and their numbers.
    ///
    /// - Parameters:
    ///   - scope: which deliveries are meant.
    ///   - time: events stored before are not looked at.
    ///   - position: how far the job has come.
    ///   - limit: how many events at most.
    ///   - session: where to ask.
    ///   - within: the deadline.
    /// - Returns: the events; none is the end.
    /// - Throws: any ``PostgresError``.
    package static func known<Session: QuerySession & ~Copyable>(
        _ scope: RenormalizationScope,
        storedSince time: Timestamp,
        after position: RenormalizationPosition,
        limit: Int,
        _ session: inout Session,
        within: Duration
    ) throws(PostgresError) -> [KnownEvent] {
        var parameters = ParameterBuffer()
        parameters.append(time)
        parameters.append(scope.platform)
        parameters.append(scope.organization)
        parameters.append(scope.endpoint)
        parameters.append(position.lane.number)
        parameters.append(position.number)
        parameters.append(Int64(limit))
        let rows = try session.query(Self.known, parameters, within: within)
        var events: [KnownEvent] = []
        events.reserveCapacity(rows.count)
        for row in 0..<rows.count {
            events.append(
                KnownEvent(
                    lane: Lane(try rows.int32(row, 0)),
                    number: try rows.int64(row, 1),
                    organization: try rows.id(row, 2),
                    endpoint: try rows.id(row, 3),
                    delivery: try rows.id(row, 4),
                    account: try rows.textOrNil(row, 5),
                    key: try rows.text(row, 6),
                    definitionVersion: try rows.int32(row, 7)
                )
            )
        }
        return events
    }
}
