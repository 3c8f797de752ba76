internal import PosternModel
internal import PosternPostgres

extension JobRecord {
    /// The columns ``read(_:_:)`` expects, of a table or alias `j`.
    static let columns = """
        j.id, j.org_id, j.type, j.who, j.status, j.percentage, j.message, j.error, j.plan::text, j.total, j.done,
        j.per_second, j.position, j.bound, j.owner, j.fence, j.leased_until, j.cancel_requested_at, j.created_at,
        j.started_at, j.finished_at,
        ARRAY(SELECT key FROM jsonb_each(j.result) WHERE jsonb_typeof(value) = 'number' ORDER BY key),
        ARRAY(SELECT (value #>> '{}')::bigint FROM jsonb_each(j.result) WHERE jsonb_typeof(value) = 'number'
            ORDER BY key)
        """

    /// Reads a row of ``columns``.
    static func read(_ rows: Rows, _ row: Int) throws(PostgresError) -> JobRecord {
        let word = try rows.text(row, 4)
        // The table's own check names the same six.
        guard let status = JobStatus(rawValue: word) else {
            throw .refused(sqlstate: "22P02", message: "a job is in the unknown status '\(word)'")
        }
        return JobRecord(
            id: try rows.id(row, 0),
            organization: try rows.idOrNil(row, 1),
            type: try rows.text(row, 2),
            who: try rows.text(row, 3),
            status: status,
            percentage: try rows.int32(row, 5),
            message: try rows.textOrNil(row, 6),
            counts: Dictionary(
                zip(try rows.texts(row, 21), try rows.int64s(row, 22)),
                uniquingKeysWith: { first, _ in first }
            ),
            error: try rows.textOrNil(row, 7),
            plan: try rows.bytes(row, 8),
            total: try rows.int64(row, 9),
            done: try rows.int64(row, 10),
            perSecond: try rows.int32OrNil(row, 11),
            position: try rows.textOrNil(row, 12),
            bound: try rows.textOrNil(row, 13),
            owner: try rows.textOrNil(row, 14),
            fence: try rows.int64(row, 15),
            leasedUntil: try rows.timestampOrNil(row, 16),
            cancelRequestedAt: try rows.timestampOrNil(row, 17),
            createdAt: try rows.timestamp(row, 18),
            startedAt: try rows.timestampOrNil(row, 19),
            finishedAt: try rows.timestampOrNil(row, 20)
        )
    }
}
