package import PosternModel
package import PosternPostgres

/// Which days of the two logs are there to be looked at.
package struct AccountingPeriod: Sendable, Equatable {
    /// The server's clock at the snapshot.
    package let now: Timestamp
    /// The days of the log of deliveries, in order.
    package let deliveries: [AccountedDay]
    /// The days of the log of events, in order.
    package let events: [AccountedDay]
    /// Whether no day of deliveries has been dropped since the schema was made.
    package let keepsAllDeliveries: Bool
    /// The same of events.
    package let keepsAllEvents: Bool
    /// Whether no day between those of the log of events was dropped.
    package let keepsEventsBetween: Bool
    /// Where the days of events begin that follow each other up to the last; `nil` without any.
    private let unbrokenEvents: Timestamp?

    /// What begins the transaction that all reading is done in: one snapshot, and plans for reading everything.
    ///
    /// A limit that the server sets for everyone must not cut it in half.
    package static let opening = """
        BEGIN ISOLATION LEVEL REPEATABLE READ, READ ONLY; SET LOCAL statement_timeout = 0;
        SET LOCAL idle_in_transaction_session_timeout = 0; SET LOCAL cursor_tuple_fraction = 1;
        SET LOCAL plan_cache_mode = force_custom_plan
        """

    // A name that is not of a day, as an operator's own partition may have, is not looked at.
    private static let days = Statement(
        "accounting_days",
        """
        SELECT now(), (SELECT min(applied_at) FROM postern.migrations),
            ARRAY(SELECT to_date(right(c.relname, 8), 'YYYYMMDD')::timestamp AT TIME ZONE 'UTC'
                FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhrelid
                WHERE i.inhparent = 'postern.deliveries'::regclass AND c.relname ~ '^deliveries_[0-9]{8}$' ORDER BY 1),
            ARRAY(SELECT to_date(right(c.relname, 8), 'YYYYMMDD')::timestamp AT TIME ZONE 'UTC'
                FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhrelid
                WHERE i.inhparent = 'postern.events'::regclass AND c.relname ~ '^events_[0-9]{8}$' ORDER BY 1)
        """
    )

    /// Reads which days there are.
    ///
    /// Blocking: connection threads only.
    package static func load(_ connection: inout Connection, within: Duration) throws(PostgresError) -> AccountingPeriod
    {
        let rows = try connection.query(Self.days, within: within)
        let now = try rows.timestamp(0, 0)
        let installed = try rows.timestampOrNil(0, 1) ?? now
        let deliveries = try rows.timestamps(0, 2).map { AccountedDay(start: $0) }
        let events = try rows.timestamps(0, 3).map { AccountedDay(start: $0) }
        let stretch = AccountedDay.lastStretch(of: events)
        return AccountingPeriod(
            now: now,
            deliveries: deliveries,
            events: events,
            keepsAllDeliveries: (deliveries.first?.start ?? now) <= installed
                && AccountedDay.lastStretch(of: deliveries) == deliveries,
            keepsAllEvents: (events.first?.start ?? now) <= installed && stretch == events,
            keepsEventsBetween: stretch == events,
            unbrokenEvents: stretch.first?.start
        )
    }

    /// Whether the events stored from `time` on are all there.
    package func keepsEvents(since time: Timestamp) -> Bool {
        self.keepsAllEvents || (self.unbrokenEvents.map { $0 <= time } ?? false)
    }
}
