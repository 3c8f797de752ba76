package import PosternModel
package import PosternPostgres

/// What any process checks of its database: reachable, writable, migrated, ready for tomorrow.
package struct DatabaseStatus: Sendable, Equatable {
    /// The server's clock.
    package let now: Timestamp
    /// Whether the server is a standby, which takes no writes.
    package let isInRecovery: Bool
    /// The last migration applied.
    package let schemaVersion: Int32
    package let lanes: Int32
    /// The tables without a partition for tomorrow (UTC); writes to them fail at midnight.
    package let missingPartitions: [Partitions.Table]

    static let statement = Statement(
        "status_database",
        """
        SELECT now(), pg_is_in_recovery(), coalesce((SELECT max(number) FROM postern.migrations), 0),
            (SELECT count(*)::integer FROM postern.lanes),
            ARRAY(SELECT parent FROM unnest(ARRAY['deliveries', 'events', 'attempts', 'traffic_minutes',
                'destination_minutes']) AS p(parent)
                WHERE NOT EXISTS (SELECT FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhrelid
                    WHERE i.inhparent = to_regclass('postern.' || parent)
                      AND c.relname = parent || to_char((now() AT TIME ZONE 'UTC')::date + 1, '_YYYYMMDD')))
        """
    )

    init(_ rows: Rows) throws(PostgresError) {
        self.now = try rows.timestamp(0, 0)
        self.isInRecovery = try rows.bool(0, 1)
        self.schemaVersion = try rows.int32(0, 2)
        self.lanes = try rows.int32(0, 3)
        self.missingPartitions = try rows.texts(0, 4).compactMap(Partitions.Table.init(rawValue:))
    }

    /// Reads the status; every role may.
    ///
    /// Blocking: connection threads only.
    ///
    /// - Throws: any ``PostgresError``; ``PostgresError/refused(sqlstate:message:)`` for a database without the schema.
    package static func load(_ connection: inout Connection, within: Duration) throws(PostgresError) -> DatabaseStatus {
        try DatabaseStatus(try connection.query(Self.statement, within: within))
    }
}
