import PosternModel
import PosternPostgres

/// One row of each table of an organization, for tests that walk over all tables.
///
/// A table with an `org_id` that is missing here fails those tests: whoever adds a table adds its row.
enum SampleRows {
    /// The statement that stores a row, in the order foreign keys ask for; `$org` and `$one` are replaced.
    static let inserts: [(table: String, sql: String)] = [
        ("endpoints", "(id, org_id, platform, key, name, lane) VALUES ('$one', '$org', 'x', 'key-$one', 'n', 0)"),
        ("endpoint_secrets", "(id, org_id, endpoint_id, sealed) VALUES (gen_random_uuid(), '$org', '$one', '\\x00')"),
        ("accounts", "(platform, account, org_id) VALUES ('x', gen_random_uuid()::text, '$org')"),
        (
            "deliveries",
            """
            (lane, writer, seq, stored_at, id, org_id, endpoint_id, platform, headers, body)
            VALUES (0, 1, nextval('postern.sample'), now(), gen_random_uuid(), '$org', '$one', 'x', '', '')
            """
        ),
        (
            "event_keys",
            "(lane, org_id, key, delivery_id, seen_at) VALUES (0, '$org', gen_random_uuid(), gen_random_uuid(), now())"
        ),
        (
            "events",
            """
            (lane, number, stored_at, id, org_id, endpoint_id, delivery_id, platform, definition_version, type, source,
                key, data)
            VALUES (0, nextval('postern.sample'), now(), gen_random_uuid(), '$org', '$one', gen_random_uuid(), 'x', 1,
                't', 's', 'k', '{}')
            """
        ),
        (
            "webhook_retry_queue",
            """
            (lane, id, webhook_id, org_id, endpoint_id, platform, headers, payload, attempt_number, scheduled_at,
                failure_reason, failure_detail, created_at)
            VALUES (0, gen_random_uuid(), gen_random_uuid(), '$org', '$one', 'x', '', '', 1, now(), 'r', 'd', now())
            """
        ),
        (
            "webhook_dead_letter_queue",
            """
            (lane, id, webhook_id, org_id, endpoint_id, platform, headers, payload, attempts_made, failure_reason,
                failure_detail, created_at)
            VALUES (0, gen_random_uuid(), gen_random_uuid(), '$org', '$one', 'x', '', '', 1, 'r', 'd', now())
            """
        ),
        (
            "destinations",
            "(id, org_id, name, kind, url) VALUES ('$one', '$org', gen_random_uuid()::text, 'http', 'http://x/')"
        ),
        (
            "destination_secrets",
            """
            (id, org_id, destination_id, kind, sealed)
            VALUES (gen_random_uuid(), '$org', '$one', 'signing', '\\x00')
            """
        ),
        (
            "destination_cursors",
            """
            (lane, destination_id, org_id, first_number, number, stored_at)
            VALUES (0, gen_random_uuid(), '$org', 0, 0, now())
            """
        ),
        (
            "destination_minutes",
            """
            (minute, destination_id, org_id, outcome, count, retries, latencies)
            VALUES (now(), gen_random_uuid(), '$org', 'delivered', 1, 0, '{}')
            """
        ),
        (
            "notifications",
            """
            (org_id, subject, kind, hour, message)
            VALUES ('$org', gen_random_uuid()::text, 'k', now(), 'm')
            """
        ),
        ("subscriptions", "(id, org_id, destination_id) VALUES (gen_random_uuid(), '$org', '$one')"),
        (
            "attempts",
            """
            (lane, started_at, id, org_id, destination_id, event_id, attempt_number, duration, outcome)
            VALUES (0, now(), gen_random_uuid(), '$org', '$one', gen_random_uuid(), 1, '1 s', 'ok')
            """
        ),
        ("job_status", "(id, org_id, type, who, status) VALUES (gen_random_uuid(), '$org', 't', 'w', 'running')"),
        ("audit_log", "(id, org_id, who, origin, act, subject) VALUES (gen_random_uuid(), '$org', 'w', 'o', 'a', 's')"),
        (
            "api_tokens",
            """
            (id, org_id, role, name, digest)
            VALUES (gen_random_uuid(), '$org', 'r', 'n', uuid_send(gen_random_uuid()))
            """
        ),
        (
            "traffic_minutes",
            """
            (lane, minute, org_id, endpoint_id, platform, outcome, count)
            VALUES (0, now(), '$org', gen_random_uuid(), 'x', 'accepted', 1)
            """
        ),
        ("limit_counts", "(subject, gateway, org_id) VALUES ('$org', gen_random_uuid(), '$org')"),
        (
            "rejections",
            """
            (org_id, endpoint_id, id, at, reason, address, method, headers)
            VALUES ('$org', '$one', gen_random_uuid(), now(), 'r', 'a', 'POST', '')
            """
        ),
        (
            "quarantined_requests",
            """
            (id, org_id, endpoint_id, received_at, expires_at, reason, address, source, bytes, sealed)
            VALUES (gen_random_uuid(), '$org', '$one', now(), now(), 'r', 'a', 'a', 1, '\\x00')
            """
        ),
        (
            "secret_matches",
            """
            (secret_id, hour, org_id, endpoint_id, count, last_at)
            VALUES (gen_random_uuid(), now(), '$org', '$one', 1, now())
            """
        ),
    ]

    /// The statement for one table and organization; `one` is the endpoint and destination other rows refer to.
    static func insert(_ table: String, _ organization: OrganizationID, one: UniqueID) -> String {
        let values = Self.inserts.first { $0.table == table }?.sql ?? "MISSING"
        return "INSERT INTO postern.\(table) \(values)".replacing("$org", with: "\(organization)")
            .replacing("$one", with: "\(one)")
    }

    /// Stores an organization and one row of it in every table, as superuser.
    static func store(_ organization: OrganizationID, one: UniqueID, _ connection: inout Connection) throws {
        try connection.run(
            "CREATE SEQUENCE IF NOT EXISTS postern.sample; GRANT USAGE ON SEQUENCE postern.sample TO postern_admin"
        )
        try connection.run("INSERT INTO postern.organizations (id, name) VALUES ('\(organization)', '\(organization)')")
        for (table, _) in Self.inserts { try connection.run(Self.insert(table, organization, one: one)) }
    }
}
