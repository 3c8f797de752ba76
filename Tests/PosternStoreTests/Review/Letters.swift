import PosternModel
import PosternPostgres
import PosternStore

/// Dead letters for tests, stored by plain SQL as superuser.
enum Letters {
    static let destination = DestinationID(UniqueID(high: 0xCCCC_0000_0000_7000, low: 0x8000_0000_0000_0001))

    /// The identifier in SQL of the letter with number `n`: made at second `n`.
    static func id(_ number: Int) -> DeadLetterID {
        DeadLetterID(UniqueID(high: UInt64(number) * 1000 << 16 | 0x7000, low: 0x8000_0000_0000_0000 | UInt64(number)))
    }

    /// Stores letters from number 1 on.
    ///
    /// They are of three organizations, two platforms, five types and two reasons; every fourth is resolved, every fifth
    /// acknowledged. Those with odd numbers are events for ``destination``. With `headerBytes` the rows are as long as
    /// real ones.
    static func store(
        _ count: Int,
        headerBytes: Int = 0,
        _ superuser: inout Connection
    ) throws(PostgresError) {
        try superuser.run(
            """
            INSERT INTO postern.webhook_dead_letter_queue (lane, id, webhook_id, org_id, endpoint_id, platform, headers,
                payload, failure_reason, failure_detail, attempts_made, review_state, created_at, event_type,
                destination_id, event_id, event_number, event, definition_version)
            SELECT n % 8, (lpad(to_hex(n * 1000::bigint), 12, '0') || '70008' || lpad(to_hex(n), 15, '0'))::uuid,
                gen_random_uuid(), ('aaaa0000-0000-7000-8000-00000000000' || n % 3)::uuid,
                ('bbbb0000-0000-7000-8000-00000000000' || n % 4)::uuid,
                CASE n % 7 WHEN 0 THEN 'stripe' ELSE 'github' END, repeat('h', \(headerBytes))::bytea,
                repeat('x', n % 9)::bytea,
                CASE n % 2 WHEN 0 THEN 'malformed_json' ELSE 'http_5xx' END, 'detail ' || n, 1 + n % 5,
                CASE WHEN n % 4 = 0 THEN 'resolved' WHEN n % 5 = 0 THEN 'acknowledged' ELSE 'open' END, to_timestamp(n),
                CASE n % 2 WHEN 1 THEN 'order_' || n % 5 END, CASE n % 2 WHEN 1 THEN '\(Self.destination)'::uuid END,
                CASE n % 2 WHEN 1 THEN gen_random_uuid() END, CASE n % 2 WHEN 1 THEN n END,
                CASE n % 2 WHEN 1 THEN '{"id": "e"}'::json END, 3
            FROM generate_series(1, \(count)) n;
            """
        )
        try superuser.run("VACUUM ANALYZE postern.webhook_dead_letter_queue")
    }

    /// Stores the destination that letters name.
    static func storeDestination(_ superuser: inout Connection) throws(PostgresError) {
        try superuser.run(
            """
            INSERT INTO postern.organizations (id, name) VALUES ('\(Traffic.organization(1))', 'one');
            INSERT INTO postern.destinations (id, org_id, name, kind, url)
            VALUES ('\(Self.destination)', '\(Traffic.organization(1))', 'd', 'http', 'https://example.com/')
            """
        )
    }

    /// What the letter with this number says now: state, note, reviewer, replay and so on.
    static func facts(_ number: Int, _ columns: String, _ superuser: inout Connection) throws(PostgresError) -> String {
        try superuser.texts(
            "SELECT concat_ws(' | ', \(columns)) FROM postern.webhook_dead_letter_queue WHERE id = '\(Self.id(number))'"
        ).first ?? "none"
    }
}
