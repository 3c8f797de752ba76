internal import PosternModel
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
    ///   - within: the deadline.
    /// - Returns: the events, those of one delivery together; none is the end. Of a delivery with more events than a page
    ///   holds only the first come, once.
    /// - Throws: any ``PostgresError``.
    package static func page<Session: QuerySession & ~Copyable>(
        _ scope: RenormalizationScope,
        after position: RenormalizationPosition?,
        limit: Int,
        _ session: inout Session,
        within: Duration
    ) throws(PostgresError) -> [[EventRecord]] {
        var parameters = ParameterBuffer()
        Self.append(scope, to: &parameters)
        parameters.append(position?.lane.number ?? -1)
        parameters.append(position?.number ?? 0)
        parameters.append(Self.pageEvents)
        parameters.append(Self.pageBytes)
        let events = try EventRecord.read(try session.query(Self.page, parameters, within: within))
        // The numbers of a delivery's events follow each other, so that they are neighbors here.
        var groups: [[EventRecord]] = []
        for event in events {
            if groups.last?.last?.delivery == event.delivery {
                groups[groups.count - 1].append(event)
            } else {
                groups.append([event])
            }
        }
        // The page may have cut the last one; the next page has it whole.
        let bytes = events.reduce(Int64(0)) { $0 + Int64($1.data.count) }
        let isCut = events.count == Int(Self.pageEvents) || bytes >= Self.pageBytes
        if isCut, groups.count > 1 { groups.removeLast() }
        return Array(groups.prefix(max(1, limit)))
    }
}
