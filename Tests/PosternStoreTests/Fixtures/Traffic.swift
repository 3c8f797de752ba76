import PosternModel
import PosternPostgres

/// Stored deliveries and events in bulk, as superuser: enough rows that the planner must choose.
enum Traffic {
    static func organization(_ number: Int) -> OrganizationID {
        OrganizationID(UniqueID(high: 0xAAAA_0000_0000_7000, low: 0x8000_0000_0000_0000 | UInt64(number)))
    }

    /// Makes `days` partitions before yesterday for deliveries and events.
    static func makeDays(_ days: Int, _ connection: inout Connection) throws {
        for table in ["deliveries", "events"] {
            try connection.run(
                """
                DO $$ DECLARE d date; BEGIN
                    FOR back IN 2 .. \(days + 1) LOOP
                        d := (now() AT TIME ZONE 'UTC')::date - back;
                        EXECUTE format(
                            'CREATE TABLE postern.%I PARTITION OF postern.\(table) FOR VALUES FROM (%L) TO (%L)',
                            '\(table)_' || to_char(d, 'YYYYMMDD'), d || ' 00:00+00', d + 1 || ' 00:00+00');
                    END LOOP;
                END $$
                """
            )
        }
    }

    /// A version 7 identifier in SQL for a time.
    static let identifier = """
        CREATE FUNCTION pg_temp.v7(t timestamptz, n bigint) RETURNS uuid LANGUAGE sql IMMUTABLE AS $$
            SELECT (lpad(to_hex((extract(epoch FROM t) * 1000)::bigint), 12, '0') || '7'
                || lpad(to_hex(n % 4096), 3, '0') || '8' || left(md5(n::text), 15))::uuid
        $$;
        """

    /// Stores events of 5 organizations in 8 lanes, evenly over the four days before today.
    ///
    /// So no plan depends on the time of the test.
    static func storeEvents(_ count: Int, _ connection: inout Connection) throws {
        try connection.run(
            """
            \(Self.identifier)
            INSERT INTO postern.events
            SELECT n % 8, n / 8, t, pg_temp.v7(t, n), ('aaaa0000-0000-7000-8000-00000000000' || n % 5)::uuid,
                gen_random_uuid(),
                gen_random_uuid(), CASE n % 3 WHEN 0 THEN 'github' ELSE 'stripe' END, 1, 'type.' || n % 7, 's', NULL,
                'account ' || n % 11, t, 'key ' || n, ('{"n": ' || n || '}')::json
            FROM (SELECT n, date_trunc('day', now(), 'UTC') - (\(count) - n + 0.5) * interval '4 days' / \(count) AS t
                FROM generate_series(1, \(count)) n) AS s;
            UPDATE postern.lanes l
            SET event_number = (SELECT coalesce(max(number), 0) FROM postern.events e WHERE e.lane = l.lane);
            """
        )
        try connection.run("VACUUM ANALYZE postern.events")
    }

    /// Stores deliveries of one writer in 8 lanes, evenly over the four days before today.
    static func storeDeliveries(_ count: Int, _ connection: inout Connection) throws {
        try connection.run(
            """
            \(Self.identifier)
            INSERT INTO postern.deliveries
            SELECT n % 8, 1, n, t, pg_temp.v7(t, n), ('aaaa0000-0000-7000-8000-00000000000' || n % 5)::uuid,
                gen_random_uuid(), NULL, 'github', ('h ' || n)::bytea, ('b ' || n)::bytea
            FROM (SELECT n, date_trunc('day', now(), 'UTC') - (\(count) - n + 0.5) * interval '4 days' / \(count) AS t
                FROM generate_series(1, \(count)) n) AS s;
            """
        )
        try connection.run("VACUUM ANALYZE postern.deliveries")
    }
}
