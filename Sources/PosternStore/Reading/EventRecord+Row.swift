internal import PosternModel
internal import PosternPostgres

extension EventRecord {
    /// The columns ``read(_:)`` expects, of a table or alias `e`.
    static let columns = """
        e.id, e.lane, e.number, e.stored_at, e.org_id, e.endpoint_id, e.delivery_id, e.platform, e.definition_version,
        e.type, e.source, e.subject, e.account, e.time, e.key, e.data
        """

    /// Reads rows of ``columns``.
    static func read(_ rows: Rows) throws(PostgresError) -> [EventRecord] {
        var events: [EventRecord] = []
        events.reserveCapacity(rows.count)
        for row in 0..<rows.count { events.append(try EventRecord(rows, row)) }
        return events
    }

    /// Reads one row that begins with ``columns``.
    init(_ rows: Rows, _ row: Int) throws(PostgresError) {
        self.init(
            id: try rows.id(row, 0),
            lane: Lane(try rows.int32(row, 1)),
            number: try rows.int64(row, 2),
            storedAt: try rows.timestamp(row, 3),
            organization: try rows.id(row, 4),
            endpoint: try rows.id(row, 5),
            delivery: try rows.id(row, 6),
            platform: try rows.text(row, 7),
            definitionVersion: try rows.int32(row, 8),
            type: try rows.text(row, 9),
            source: try rows.text(row, 10),
            subject: try rows.textOrNil(row, 11),
            account: try rows.textOrNil(row, 12),
            time: try rows.timestampOrNil(row, 13),
            key: try rows.text(row, 14),
            data: try rows.bytes(row, 15)
        )
    }
}
