import PosternStore
import Testing

/// Least rights: what each role may do with each table, written out.
///
/// Whoever grants more changes this list, knowingly.
@Suite struct RightsTests {
    /// `role table: rights`, with the columns where a right is not for the whole table.
    private static let expected = """
        postern_admin accounts: SELECT
        postern_admin attempts: SELECT
        postern_admin audit_log: INSERT, SELECT
        postern_admin deliveries: SELECT
        postern_admin destination_cursors: INSERT, SELECT
        postern_admin destination_minutes: SELECT
        postern_admin destination_secrets: INSERT, SELECT (id, org_id, destination_id, kind, name, created_at, \
        expires_at, revoked_at), UPDATE (expires_at, revoked_at)
        postern_admin destinations: INSERT (id, org_id, name, kind, state, url, channel, form, timeout_ms, \
        concurrency, rate_per_second, retry_delays, ordered), SELECT, UPDATE (name, state, updated_at, url, channel, \
        form, timeout_ms, concurrency, rate_per_second, retry_delays, ordered, state_reason, circuit, \
        circuit_reason, circuit_changed_at, circuit_until, circuit_openings, deleted_at)
        postern_admin endpoint_secrets: INSERT, SELECT (id, org_id, endpoint_id, kind, created_at, expires_at, \
        revoked_at), UPDATE (expires_at, revoked_at)
        postern_admin endpoints: INSERT (id, org_id, platform, scheme, key, name, lane, state, parameters, \
        tolerance_seconds), SELECT, UPDATE (scheme, name, state, parameters, tolerance_seconds, updated_at, \
        requests_per_minute, burst, allowed_networks, quarantine_bytes, quarantine_hours)
        postern_admin event_keys: SELECT
        postern_admin events: SELECT
        postern_admin job_status: SELECT
        postern_admin lanes: SELECT
        postern_admin limit_counts: SELECT
        postern_admin migrations: SELECT
        postern_admin notifications: SELECT
        postern_admin organizations: SELECT
        postern_admin quarantined_requests: SELECT (id, org_id, endpoint_id, received_at, expires_at, reason, \
        address, source, bytes)
        postern_admin rejections: SELECT
        postern_admin secret_matches: SELECT
        postern_admin subscriptions: DELETE, INSERT, SELECT, UPDATE
        postern_admin tiers: SELECT
        postern_admin traffic_minutes: SELECT
        postern_admin webhook_dead_letter_queue: SELECT, UPDATE (requires_manual_review, review_state, review_note, \
        reviewed_by, reviewed_at)
        postern_admin webhook_retry_queue: SELECT
        postern_consumer accounts: SELECT
        postern_consumer attempts: INSERT, SELECT
        postern_consumer audit_log: INSERT
        postern_consumer consumers: DELETE, INSERT, SELECT, UPDATE
        postern_consumer cursors: DELETE, INSERT, SELECT, UPDATE
        postern_consumer deliveries: SELECT
        postern_consumer destination_cursors: SELECT, UPDATE (number, stored_at, delivered, handed, buried, \
        unsubscribed, recovered, exhausted)
        postern_consumer destination_minutes: INSERT, SELECT, UPDATE (count, retries, latencies)
        postern_consumer destination_secrets: SELECT
        postern_consumer destinations: SELECT, UPDATE (state, updated_at, state_reason, circuit, circuit_reason, \
        circuit_changed_at, circuit_until, circuit_openings)
        postern_consumer endpoint_secrets: SELECT (id, org_id, endpoint_id, kind, created_at, expires_at, \
        revoked_at)
        postern_consumer endpoints: SELECT
        postern_consumer event_keys: DELETE, INSERT, SELECT, UPDATE
        postern_consumer events: INSERT, SELECT
        postern_consumer gateways: DELETE, SELECT (id, seen_at)
        postern_consumer job_status: SELECT, UPDATE
        postern_consumer lanes: SELECT, UPDATE (owner, fence, event_number)
        postern_consumer limit_counts: DELETE, SELECT (subject, gateway, seen_at)
        postern_consumer migrations: SELECT
        postern_consumer notifications: DELETE, INSERT, SELECT, UPDATE
        postern_consumer organizations: SELECT
        postern_consumer quarantined_requests: DELETE, SELECT (id, expires_at)
        postern_consumer secret_matches: DELETE, SELECT (secret_id, hour)
        postern_consumer subscriptions: SELECT
        postern_consumer tiers: SELECT
        postern_consumer traffic_minutes: INSERT, SELECT, UPDATE (count)
        postern_consumer webhook_dead_letter_queue: INSERT, SELECT, UPDATE (failure_reason, failure_detail, \
        attempts_made, requires_manual_review, review_state, review_note, reviewed_by, reviewed_at, \
        definition_version, answer_status, answer, failed_at, replay_id, replayed_at, replayed_events, \
        replayed_duplicates, edited_payload, job_id)
        postern_consumer webhook_retry_queue: DELETE, INSERT, SELECT, UPDATE
        postern_consumer writers: SELECT, UPDATE (closed_at, drained_at)
        postern_gateway consumers: SELECT (id, leased_until)
        postern_gateway cursors: INSERT, SELECT
        postern_gateway deliveries: INSERT, SELECT (lane, writer, seq, stored_at)
        postern_gateway endpoint_secrets: SELECT
        postern_gateway endpoints: SELECT
        postern_gateway gateway_limits: SELECT
        postern_gateway gateways: DELETE, INSERT, SELECT, UPDATE
        postern_gateway lanes: SELECT
        postern_gateway limit_counts: DELETE, INSERT, SELECT, UPDATE
        postern_gateway migrations: SELECT
        postern_gateway organizations: SELECT
        postern_gateway quarantined_requests: INSERT, SELECT (id, org_id, endpoint_id, expires_at, address, source, \
        bytes)
        postern_gateway rejections: DELETE, INSERT, SELECT (org_id, endpoint_id, id, at, reason, address, method)
        postern_gateway secret_matches: INSERT, SELECT, UPDATE
        postern_gateway tiers: SELECT
        postern_gateway traffic_minutes: INSERT, SELECT, UPDATE (count)
        postern_gateway webhook_dead_letter_queue: SELECT (lane, review_state)
        postern_gateway webhook_retry_queue: SELECT (lane)
        postern_gateway writers: INSERT (gateway), SELECT, UPDATE (closed_at)
        postern_operator accounts: DELETE, INSERT, SELECT, UPDATE
        postern_operator api_tokens: INSERT, SELECT, UPDATE
        postern_operator attempts: SELECT
        postern_operator audit_log: INSERT, SELECT
        postern_operator consumers: SELECT
        postern_operator cursors: INSERT, SELECT
        postern_operator deliveries: INSERT, SELECT
        postern_operator destination_cursors: INSERT, SELECT, UPDATE (exhausted)
        postern_operator destination_minutes: SELECT
        postern_operator destination_secrets: INSERT, SELECT, UPDATE (expires_at, revoked_at)
        postern_operator destinations: INSERT, SELECT, UPDATE
        postern_operator endpoint_secrets: INSERT, SELECT, UPDATE (expires_at, revoked_at)
        postern_operator endpoints: INSERT, SELECT, UPDATE
        postern_operator event_keys: SELECT
        postern_operator events: SELECT
        postern_operator gateway_limits: SELECT, UPDATE
        postern_operator gateways: SELECT
        postern_operator job_status: INSERT, SELECT, UPDATE
        postern_operator lanes: SELECT
        postern_operator limit_counts: SELECT
        postern_operator migrations: SELECT
        postern_operator notifications: SELECT
        postern_operator organizations: INSERT, SELECT, UPDATE
        postern_operator quarantined_requests: DELETE, SELECT
        postern_operator rejections: SELECT
        postern_operator secret_matches: SELECT
        postern_operator subscriptions: DELETE, INSERT, SELECT, UPDATE
        postern_operator tiers: INSERT, SELECT, UPDATE
        postern_operator traffic_minutes: SELECT
        postern_operator webhook_dead_letter_queue: INSERT, SELECT, UPDATE (failure_reason, failure_detail, \
        requires_manual_review, review_state, review_note, reviewed_by, reviewed_at, failed_at, replay_id, \
        replayed_at, replayed_events, replayed_duplicates, edited_payload, job_id)
        postern_operator webhook_retry_queue: DELETE, INSERT, SELECT
        postern_operator writers: INSERT (gateway), SELECT, UPDATE (closed_at)
        """

    @Test func `gives each role the rights it needs on each table and no others`() async throws {
        try await StoreDatabase.with { database in
            var superuser = try database.connect()
            let found = try superuser.texts(
                """
                WITH roles AS (SELECT oid, rolname FROM pg_roles WHERE rolname LIKE 'postern\\_%'),
                tables AS (
                    SELECT oid, relname FROM pg_class WHERE relnamespace = 'postern'::regnamespace
                        AND relkind IN ('r', 'p', 'v', 'm', 'f') AND NOT relispartition),
                whole AS (
                    SELECT r.rolname, t.relname, p.privilege FROM roles r, tables t, unnest(ARRAY['SELECT', 'INSERT',
                        'UPDATE', 'DELETE', 'TRUNCATE', 'REFERENCES', 'TRIGGER']) p(privilege)
                    WHERE has_table_privilege(r.oid, t.oid, p.privilege)),
                part AS (
                    SELECT r.rolname, t.relname,
                        p.privilege || ' (' || string_agg(a.attname, ', ' ORDER BY a.attnum) || ')' AS privilege
                    FROM roles r, tables t, unnest(ARRAY['SELECT', 'INSERT', 'UPDATE', 'REFERENCES']) p(privilege),
                        pg_attribute a
                    WHERE a.attrelid = t.oid AND a.attnum > 0 AND NOT a.attisdropped
                        AND has_column_privilege(r.oid, t.oid, a.attnum, p.privilege)
                        AND NOT has_table_privilege(r.oid, t.oid, p.privilege)
                    GROUP BY r.rolname, t.relname, p.privilege)
                SELECT rolname || ' ' || relname || ': ' || string_agg(privilege, ', ' ORDER BY privilege)
                FROM (SELECT * FROM whole UNION ALL SELECT * FROM part) AS q GROUP BY rolname, relname ORDER BY 1
                """
            )
            let expected = Set(Self.expected.split(separator: "\n").map(String.init))
            #expect(Set(found).subtracting(expected).sorted() == [])
            #expect(expected.subtracting(found).sorted() == [])
        }
    }

    @Test func `lets each role call the functions it needs and no others`() async throws {
        try await StoreDatabase.with { database in
            var superuser = try database.connect()
            let found = try superuser.texts(
                """
                SELECT r.rolname || ' ' || f.proname FROM pg_proc f, pg_roles r
                WHERE f.pronamespace = 'postern'::regnamespace AND r.rolname LIKE 'postern\\_%'
                    AND f.prorettype <> 'trigger'::regtype AND has_function_privilege(r.oid, f.oid, 'EXECUTE')
                ORDER BY 1
                """
            )
            #expect(
                found == [
                    "postern_consumer drop_partitions", "postern_consumer drop_writers",
                    "postern_consumer ensure_partitions", "postern_consumer oldest_snapshot",
                    "postern_gateway ensure_partitions", "postern_gateway oldest_snapshot",
                    "postern_operator drop_partitions",
                    "postern_operator drop_writers", "postern_operator ensure_partitions",
                    "postern_operator oldest_snapshot",
                ]
            )
            // A function that runs with its owner's rights must not look anything up in a schema others can write to.
            let loose = try superuser.texts(
                """
                SELECT proname FROM pg_proc WHERE pronamespace = 'postern'::regnamespace AND prosecdef
                    AND NOT coalesce('search_path=pg_catalog, pg_temp' = ANY (proconfig), false)
                """
            )
            #expect(loose == [])
        }
    }

    @Test func `gives no role a table, a way round row-level security, or the right to make anything`() async throws {
        try await StoreDatabase.with { database in
            var superuser = try database.connect()
            let strong = try superuser.texts(
                """
                SELECT rolname FROM pg_roles WHERE rolname LIKE 'postern\\_%' AND (rolsuper OR rolbypassrls
                    OR rolcreaterole OR rolcreatedb OR rolreplication OR has_schema_privilege(oid, 'postern', 'CREATE')
                    OR has_database_privilege(oid, current_database(), 'CREATE'))
                """
            )
            #expect(strong == [])
            let owned = try superuser.texts(
                """
                SELECT relname FROM pg_class c JOIN pg_roles r ON r.oid = c.relowner WHERE r.rolname LIKE 'postern\\_%'
                """
            )
            #expect(owned == [])
            let everybody = try superuser.texts(
                """
                SELECT relname FROM pg_class c, aclexplode(c.relacl) a
                WHERE c.relnamespace = 'postern'::regnamespace AND a.grantee = 0
                """
            )
            #expect(everybody == [])
        }
    }
}
