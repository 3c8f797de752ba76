-- Who may do what. None of these owns a table or bypasses row-level security. They can log in, but have no password:
-- an operator gives one, or maps a system user, as their pg_hba.conf asks.
DO $$
DECLARE
    role text;
BEGIN
    FOREACH role IN ARRAY ARRAY['postern_gateway', 'postern_consumer', 'postern_admin', 'postern_operator'] LOOP
        BEGIN
            IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = role) THEN
                EXECUTE format('CREATE ROLE %I LOGIN NOSUPERUSER NOBYPASSRLS NOCREATEDB NOCREATEROLE', role);
            END IF;
        EXCEPTION WHEN duplicate_object OR unique_violation THEN
            NULL;  -- roles belong to the cluster: another database's migration made it at this moment
        END;
        IF EXISTS (SELECT FROM pg_roles WHERE rolname = role AND (rolsuper OR rolbypassrls)) THEN
            RAISE EXCEPTION 'role % is a superuser or bypasses row-level security', role
                USING ERRCODE = '42501', HINT = format('ALTER ROLE %I NOSUPERUSER NOBYPASSRLS.', role);
        END IF;
    END LOOP;
END $$;

GRANT USAGE ON SCHEMA postern TO postern_gateway, postern_consumer, postern_admin, postern_operator;
GRANT SELECT ON postern.migrations TO postern_gateway, postern_consumer, postern_admin, postern_operator;

-- Gateway: reads configuration, appends deliveries and counters, registers itself. It cannot read a payload back.
GRANT SELECT ON postern.tiers, postern.organizations, postern.endpoints, postern.endpoint_secrets, postern.lanes
    TO postern_gateway;
GRANT INSERT ON postern.deliveries TO postern_gateway;
GRANT SELECT, INSERT, UPDATE (count) ON postern.traffic_minutes TO postern_gateway;
GRANT INSERT (gateway), SELECT, UPDATE (closed_at) ON postern.writers TO postern_gateway;
GRANT SELECT, INSERT ON postern.cursors TO postern_gateway;
-- For the health of the pipeline: where the log ends and how long the queues are, and nothing of what is in them.
GRANT SELECT (lane, writer, seq, stored_at) ON postern.deliveries TO postern_gateway;
GRANT SELECT (lane) ON postern.webhook_retry_queue TO postern_gateway;
GRANT SELECT (lane, review_state) ON postern.webhook_dead_letter_queue TO postern_gateway;
GRANT EXECUTE ON FUNCTION postern.ensure_partitions(integer) TO postern_gateway;

-- Consumer: the tables of the work, across organizations, with constant statements.
GRANT SELECT ON postern.tiers, postern.organizations, postern.endpoints, postern.accounts, postern.deliveries,
    postern.destinations, postern.subscriptions TO postern_consumer;
GRANT SELECT, UPDATE (owner, fence, leased_until, event_number) ON postern.lanes TO postern_consumer;
GRANT SELECT, INSERT, UPDATE, DELETE ON postern.consumers, postern.cursors, postern.event_keys,
    postern.webhook_retry_queue TO postern_consumer;
GRANT SELECT, UPDATE (closed_at, drained_at) ON postern.writers TO postern_consumer;
GRANT SELECT, INSERT ON postern.events, postern.webhook_dead_letter_queue, postern.attempts TO postern_consumer;
GRANT SELECT, INSERT, UPDATE (count) ON postern.traffic_minutes TO postern_consumer;
GRANT EXECUTE ON FUNCTION postern.ensure_partitions(integer), postern.drop_partitions(text, integer, integer),
    postern.drop_writers(integer, integer) TO postern_consumer, postern_operator;

-- Admin: people of one organization. Operator: the platform's own administrator, whose acts are all in audit_log.
GRANT SELECT ON postern.tiers, postern.organizations, postern.endpoints, postern.accounts, postern.deliveries,
    postern.events, postern.event_keys, postern.webhook_retry_queue, postern.webhook_dead_letter_queue,
    postern.destinations, postern.subscriptions, postern.attempts, postern.job_status, postern.audit_log,
    postern.traffic_minutes TO postern_admin, postern_operator;
GRANT SELECT (id, org_id, endpoint_id, kind, created_at, expires_at, revoked_at) ON postern.endpoint_secrets
    TO postern_admin;
GRANT SELECT ON postern.endpoint_secrets TO postern_operator;
GRANT INSERT ON postern.endpoint_secrets, postern.audit_log TO postern_admin, postern_operator;
GRANT UPDATE (expires_at, revoked_at) ON postern.endpoint_secrets TO postern_admin, postern_operator;
GRANT INSERT, UPDATE ON postern.destinations, postern.subscriptions TO postern_admin, postern_operator;
-- Not routes_accounts: an endpoint that has it gives events to other organizations. Not lane, key or org_id: fixed.
GRANT INSERT (id, org_id, platform, scheme, key, name, lane, state, parameters, tolerance_seconds)
    ON postern.endpoints TO postern_admin;
GRANT UPDATE (scheme, name, state, parameters, tolerance_seconds, updated_at) ON postern.endpoints TO postern_admin;
GRANT UPDATE (requires_manual_review, review_state, review_note, reviewed_by, reviewed_at)
    ON postern.webhook_dead_letter_queue TO postern_admin, postern_operator;
GRANT INSERT, UPDATE ON postern.organizations, postern.tiers, postern.endpoints, postern.accounts, postern.job_status
    TO postern_operator;
GRANT DELETE ON postern.accounts TO postern_operator;
GRANT SELECT ON postern.lanes, postern.writers, postern.consumers, postern.cursors, postern.api_tokens
    TO postern_operator;
GRANT INSERT, UPDATE ON postern.api_tokens TO postern_operator;
GRANT SELECT ON postern.lanes TO postern_admin;

-- Row-level security, forced (it binds the owner too) on every table that belongs to an organization.
DO $$
DECLARE
    name    text;
    tenant  text;
BEGIN
    FOREACH name IN ARRAY ARRAY['organizations', 'endpoints', 'endpoint_secrets', 'accounts', 'deliveries',
        'event_keys', 'events', 'webhook_retry_queue', 'webhook_dead_letter_queue', 'destinations', 'subscriptions',
        'attempts', 'job_status', 'audit_log', 'api_tokens', 'traffic_minutes']
    LOOP
        tenant := CASE name WHEN 'organizations' THEN 'id' ELSE 'org_id' END;
        EXECUTE format('ALTER TABLE postern.%I ENABLE ROW LEVEL SECURITY', name);
        EXECUTE format('ALTER TABLE postern.%I FORCE ROW LEVEL SECURITY', name);
        -- NULLIF: after a transaction that set it locally the setting is the empty string, not NULL.
        EXECUTE format(
            'CREATE POLICY own_rows ON postern.%I TO postern_admin
             USING (%I = NULLIF(current_setting(''app.current_org_id'', true), '''')::uuid)
             WITH CHECK (%I = NULLIF(current_setting(''app.current_org_id'', true), '''')::uuid)',
            name, tenant, tenant);
        EXECUTE format(
            'CREATE POLICY operator_rows ON postern.%I TO postern_operator USING (true) WITH CHECK (true)', name);
    END LOOP;
    FOREACH name IN ARRAY ARRAY['organizations', 'endpoints', 'endpoint_secrets', 'traffic_minutes', 'deliveries',
        'webhook_retry_queue', 'webhook_dead_letter_queue']
    LOOP
        EXECUTE format('CREATE POLICY gateway_reads ON postern.%I FOR SELECT TO postern_gateway USING (true)', name);
    END LOOP;
    FOREACH name IN ARRAY ARRAY['deliveries', 'traffic_minutes'] LOOP
        EXECUTE format(
            'CREATE POLICY gateway_appends ON postern.%I FOR INSERT TO postern_gateway WITH CHECK (true)', name);
    END LOOP;
    CREATE POLICY gateway_counts ON postern.traffic_minutes FOR UPDATE TO postern_gateway
        USING (true) WITH CHECK (true);
    FOREACH name IN ARRAY ARRAY['organizations', 'endpoints', 'accounts', 'deliveries', 'event_keys', 'events',
        'webhook_retry_queue', 'webhook_dead_letter_queue', 'destinations', 'subscriptions', 'attempts',
        'traffic_minutes']
    LOOP
        EXECUTE format(
            'CREATE POLICY consumer_works ON postern.%I TO postern_consumer USING (true) WITH CHECK (true)', name);
    END LOOP;
END $$;

-- The functions of 0002 run as the owner, whom the forced policies bind: this lets them see what was not read yet.
DO $$
BEGIN
    EXECUTE format('CREATE POLICY maintenance_reads ON postern.deliveries FOR SELECT TO %I USING (true)', current_user);
END $$;
