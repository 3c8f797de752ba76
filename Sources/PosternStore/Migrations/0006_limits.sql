-- Limits and what is remembered of requests that were refused. Everything here is bounded: by a number of rows for each
-- endpoint, by bytes, or by age.

ALTER TABLE postern.tiers ADD COLUMN shadow boolean NOT NULL DEFAULT false;  -- counted, not refused

-- The limits that belong to no organization.
CREATE TABLE postern.gateway_limits (
    scope                text PRIMARY KEY CHECK (scope IN ('address', 'unverified', 'endpoint', 'global')),
    requests_per_minute  integer CHECK (requests_per_minute BETWEEN 1 AND 100000000),  -- NULL: unlimited
    burst                integer CHECK (burst BETWEEN 1 AND 100000000),                -- NULL: as requests_per_minute
    shadow               boolean NOT NULL DEFAULT false
);
INSERT INTO postern.gateway_limits (scope, requests_per_minute, burst) VALUES
    ('address', 600, 600), ('unverified', 3000, 1000), ('endpoint', NULL, NULL), ('global', NULL, NULL);

ALTER TABLE postern.endpoints
    ADD COLUMN requests_per_minute  integer CHECK (requests_per_minute BETWEEN 1 AND 100000000),  -- NULL: gateway_limits
    ADD COLUMN burst                integer CHECK (burst BETWEEN 1 AND 100000000),
    ADD COLUMN allowed_networks     cidr[]  -- NULL: requests may come from anywhere
        CHECK (cardinality(allowed_networks) BETWEEN 1 AND 256 AND array_position(allowed_networks, NULL) IS NULL),
    ADD COLUMN quarantine_bytes     integer CHECK (quarantine_bytes BETWEEN 4096 AND 1073741824),  -- NULL: off
    ADD COLUMN quarantine_hours     integer NOT NULL DEFAULT 24 CHECK (quarantine_hours BETWEEN 1 AND 720);

-- The gateways that are alive and how they share limits. A crash of the server empties these two tables; gateways fill
-- them again within one exchange.
CREATE UNLOGGED TABLE postern.gateways (
    id          uuid PRIMARY KEY,                -- new at each start
    identity    text NOT NULL,
    started_at  timestamptz NOT NULL DEFAULT now(),
    seen_at     timestamptz NOT NULL DEFAULT now(),
    shares      text NOT NULL CHECK (shares IN ('postgres', 'redis', 'local'))
) WITH (fillfactor = 50);

-- What each gateway admitted under each limit since it started. The sum is what a write leaves, not what it adds, so a
-- write that is repeated counts once.
CREATE UNLOGGED TABLE postern.limit_counts (
    subject            uuid NOT NULL,            -- an organization, an endpoint, or a gateway-wide limit
    gateway            uuid NOT NULL,
    org_id             uuid NOT NULL,
    admitted           bigint NOT NULL DEFAULT 0,
    debt_microseconds  bigint NOT NULL DEFAULT 0,  -- how long until the bucket is full again, as of seen_at
    seen_at            timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (subject, gateway)
) WITH (fillfactor = 50);

-- The newest refusals of each endpoint: the gateway that adds one deletes what is beyond 100.
CREATE TABLE postern.rejections (
    org_id       uuid NOT NULL,
    endpoint_id  uuid NOT NULL,
    id           uuid NOT NULL,                  -- version 7
    at           timestamptz NOT NULL,
    reason       text NOT NULL,
    address      text NOT NULL,
    method       text NOT NULL,
    headers      bytea NOT NULL,                 -- as in deliveries, without the headers that hold secrets
    PRIMARY KEY (endpoint_id, id),
    FOREIGN KEY (org_id, endpoint_id) REFERENCES postern.endpoints (org_id, id)
);

-- Requests that failed verification, kept until their secret may have been corrected.
CREATE TABLE postern.quarantined_requests (
    id           uuid PRIMARY KEY,               -- version 7; becomes the delivery's
    org_id       uuid NOT NULL,
    endpoint_id  uuid NOT NULL,
    received_at  timestamptz NOT NULL,
    expires_at   timestamptz NOT NULL,
    reason       text NOT NULL,
    address      text NOT NULL,
    source       text NOT NULL,                  -- what counts as one sender: the address, of IPv6 the /64
    bytes        integer NOT NULL CHECK (bytes > 0),  -- of sealed
    sealed       bytea NOT NULL,
    FOREIGN KEY (org_id, endpoint_id) REFERENCES postern.endpoints (org_id, id)
);
-- With what the bounds are computed from, so that adding up an endpoint's requests reads the index alone.
CREATE INDEX quarantined_requests_of_endpoint ON postern.quarantined_requests (endpoint_id, id)
    INCLUDE (source, bytes);
CREATE INDEX quarantined_requests_by_end ON postern.quarantined_requests (expires_at);

-- How often each secret proved a request, by the hour.
CREATE TABLE postern.secret_matches (
    secret_id    uuid NOT NULL,
    hour         timestamptz NOT NULL,           -- its start
    org_id       uuid NOT NULL,
    endpoint_id  uuid NOT NULL,
    count        bigint NOT NULL,
    last_at      timestamptz NOT NULL,
    PRIMARY KEY (secret_id, hour),
    FOREIGN KEY (org_id, endpoint_id) REFERENCES postern.endpoints (org_id, id)
) WITH (fillfactor = 70);
CREATE INDEX secret_matches_by_hour ON postern.secret_matches (hour);

-- Gateway: reads limits, shares them, notes what it refused. It cannot read back what it noted.
GRANT SELECT ON postern.gateway_limits TO postern_gateway;
GRANT SELECT, INSERT, UPDATE, DELETE ON postern.gateways, postern.limit_counts TO postern_gateway;
GRANT SELECT (org_id, endpoint_id, id, at, reason, address, method), INSERT, DELETE ON postern.rejections
    TO postern_gateway;
GRANT SELECT (id, org_id, endpoint_id, expires_at, address, source, bytes), INSERT ON postern.quarantined_requests
    TO postern_gateway;
GRANT SELECT, INSERT, UPDATE ON postern.secret_matches TO postern_gateway;

-- Consumer: deletes by age.
GRANT SELECT (id, expires_at), DELETE ON postern.quarantined_requests TO postern_consumer;
GRANT SELECT (subject, gateway, seen_at), DELETE ON postern.limit_counts TO postern_consumer;
GRANT SELECT (id, seen_at), DELETE ON postern.gateways TO postern_consumer;
GRANT SELECT (secret_id, hour), DELETE ON postern.secret_matches TO postern_consumer;

-- Admin: sees its own. The endpoint's networks and quarantine are its to set.
GRANT SELECT ON postern.rejections, postern.secret_matches, postern.limit_counts TO postern_admin;
GRANT SELECT (id, org_id, endpoint_id, received_at, expires_at, reason, address, source, bytes)
    ON postern.quarantined_requests TO postern_admin;
GRANT UPDATE (requests_per_minute, burst, allowed_networks, quarantine_bytes, quarantine_hours)
    ON postern.endpoints TO postern_admin;

-- Operator: reads all of it, sets limits, and admits what was quarantined, for which it appends to the log with a writer
-- of its own.
GRANT SELECT ON postern.gateway_limits, postern.gateways, postern.limit_counts, postern.rejections,
    postern.quarantined_requests, postern.secret_matches TO postern_operator;
GRANT UPDATE ON postern.gateway_limits TO postern_operator;
GRANT DELETE ON postern.quarantined_requests TO postern_operator;
GRANT INSERT (gateway), UPDATE (closed_at) ON postern.writers TO postern_operator;
GRANT INSERT ON postern.cursors, postern.deliveries TO postern_operator;

DO $$
DECLARE
    name  text;
BEGIN
    FOREACH name IN ARRAY ARRAY['limit_counts', 'rejections', 'quarantined_requests', 'secret_matches'] LOOP
        EXECUTE format('ALTER TABLE postern.%I ENABLE ROW LEVEL SECURITY', name);
        EXECUTE format('ALTER TABLE postern.%I FORCE ROW LEVEL SECURITY', name);
        EXECUTE format(
            'CREATE POLICY own_rows ON postern.%I TO postern_admin
             USING (org_id = NULLIF(current_setting(''app.current_org_id'', true), '''')::uuid)
             WITH CHECK (org_id = NULLIF(current_setting(''app.current_org_id'', true), '''')::uuid)', name);
        EXECUTE format(
            'CREATE POLICY operator_rows ON postern.%I TO postern_operator USING (true) WITH CHECK (true)', name);
        EXECUTE format('CREATE POLICY gateway_reads ON postern.%I FOR SELECT TO postern_gateway USING (true)', name);
        EXECUTE format(
            'CREATE POLICY gateway_appends ON postern.%I FOR INSERT TO postern_gateway WITH CHECK (true)', name);
    END LOOP;
    FOREACH name IN ARRAY ARRAY['limit_counts', 'secret_matches'] LOOP
        EXECUTE format(
            'CREATE POLICY gateway_counts ON postern.%I FOR UPDATE TO postern_gateway USING (true) WITH CHECK (true)',
            name);
    END LOOP;
    FOREACH name IN ARRAY ARRAY['limit_counts', 'rejections'] LOOP
        EXECUTE format('CREATE POLICY gateway_deletes ON postern.%I FOR DELETE TO postern_gateway USING (true)', name);
    END LOOP;
    FOREACH name IN ARRAY ARRAY['limit_counts', 'quarantined_requests', 'secret_matches'] LOOP
        EXECUTE format(
            'CREATE POLICY consumer_works ON postern.%I TO postern_consumer USING (true) WITH CHECK (true)', name);
    END LOOP;
END $$;

CREATE TRIGGER notify_directory AFTER INSERT OR UPDATE OR DELETE ON postern.tiers
    FOR EACH STATEMENT EXECUTE FUNCTION postern.notify_directory();
CREATE TRIGGER notify_directory AFTER INSERT OR UPDATE OR DELETE ON postern.gateway_limits
    FOR EACH STATEMENT EXECUTE FUNCTION postern.notify_directory();
