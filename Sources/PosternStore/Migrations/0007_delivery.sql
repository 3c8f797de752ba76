-- Delivery of events to destinations, review of dead letters, and jobs that outlive whoever runs them.

-- Where events go. What is secret (signing keys, values of headers) is sealed in destination_secrets.
ALTER TABLE postern.destinations
    DROP COLUMN settings,
    DROP CONSTRAINT destinations_state_check,
    ADD CONSTRAINT destinations_kind_check CHECK (kind IN ('http', 'postgres-notify', 'alert')),
    ADD COLUMN url                text CHECK (length(url) <= 2000),       -- http, alert
    ADD COLUMN channel            text CHECK (channel ~ '^[a-z_][a-z0-9_]{0,62}$'),  -- postgres-notify
    ADD COLUMN form               text NOT NULL DEFAULT 'structured'
               CHECK (form IN ('structured', 'binary', 'raw', 'json', 'slack')),     -- the last two: alert
    ADD COLUMN timeout_ms         integer NOT NULL DEFAULT 15000 CHECK (timeout_ms BETWEEN 100 AND 120000),
    ADD COLUMN concurrency        integer NOT NULL DEFAULT 8 CHECK (concurrency BETWEEN 1 AND 1000),
    ADD COLUMN rate_per_second    integer CHECK (rate_per_second BETWEEN 1 AND 100000),  -- NULL: as fast as it answers
    ADD COLUMN retry_delays       integer[] NOT NULL DEFAULT '{60,300,900,3600,7200}'    -- seconds
               CHECK (coalesce(cardinality(retry_delays), 0) <= 20 AND array_position(retry_delays, NULL) IS NULL
                   AND 0 <= ALL (retry_delays) AND 604800 >= ALL (retry_delays)),
    ADD COLUMN ordered            boolean NOT NULL DEFAULT false,  -- one at a time for each account
    ADD COLUMN allows_private     boolean NOT NULL DEFAULT false,  -- the operator lets it reach private addresses
    ADD COLUMN state_reason       text,                            -- why it is disabled
    ADD COLUMN circuit            text NOT NULL DEFAULT 'closed' CHECK (circuit IN ('closed', 'open', 'half_open')),
    ADD COLUMN circuit_reason     text,
    ADD COLUMN circuit_changed_at timestamptz,
    ADD COLUMN circuit_until      timestamptz,                     -- open: when to probe; half_open: when the probe ends
    ADD COLUMN circuit_openings   integer NOT NULL DEFAULT 0,      -- in a row, without one success between
    ADD COLUMN deleted_at         timestamptz,                     -- kept for the names in attempts and dead letters
    ADD CONSTRAINT destinations_state_check CHECK (state IN ('enabled', 'paused', 'disabled')),
    ADD CONSTRAINT destinations_target_of_kind CHECK (CASE kind
        WHEN 'postgres-notify' THEN channel IS NOT NULL AND url IS NULL
        ELSE url IS NOT NULL AND channel IS NULL END),
    ADD CONSTRAINT destinations_form_of_kind CHECK (
        CASE kind WHEN 'alert' THEN form IN ('json', 'slack') ELSE form IN ('structured', 'binary', 'raw') END);
ALTER TABLE postern.destinations DROP CONSTRAINT destinations_org_id_name_key;
CREATE UNIQUE INDEX destinations_by_name ON postern.destinations (org_id, name) WHERE deleted_at IS NULL;

CREATE TABLE postern.destination_secrets (
    id              uuid PRIMARY KEY,
    org_id          uuid NOT NULL REFERENCES postern.organizations,
    destination_id  uuid NOT NULL,
    kind            text NOT NULL CHECK (kind IN ('signing', 'header')),
    name            text CHECK ((name IS NOT NULL) = (kind = 'header')),  -- of the header
    sealed          bytea NOT NULL,
    created_at      timestamptz NOT NULL DEFAULT now(),
    expires_at      timestamptz,
    revoked_at      timestamptz,
    FOREIGN KEY (org_id, destination_id) REFERENCES postern.destinations (org_id, id)
);
CREATE INDEX destination_secrets_of_destination ON postern.destination_secrets (destination_id);

ALTER TABLE postern.subscriptions
    ADD CONSTRAINT subscriptions_glob_check CHECK (length(type_glob) BETWEEN 1 AND 200),
    ADD CONSTRAINT subscriptions_filters_check CHECK (jsonb_typeof(filters) = 'array');

-- How far each destination has come in each lane: everything up to `number` is settled (delivered, handed to the retry
-- queue, dead-lettered, or not subscribed). A row for every lane is made with the destination, at the end of the log.
CREATE TABLE postern.destination_cursors (
    lane            integer NOT NULL,
    destination_id  uuid NOT NULL,
    org_id          uuid NOT NULL,
    first_number    bigint NOT NULL,              -- where it began
    number          bigint NOT NULL,
    stored_at       timestamptz NOT NULL,         -- of the event at number: older partitions need no look
    delivered       bigint NOT NULL DEFAULT 0,    -- at the first attempt
    handed          bigint NOT NULL DEFAULT 0,    -- to the retry queue
    buried          bigint NOT NULL DEFAULT 0,    -- dead-lettered at the first attempt
    unsubscribed    bigint NOT NULL DEFAULT 0,    -- passed over
    recovered       bigint NOT NULL DEFAULT 0,    -- of those handed: delivered later
    exhausted       bigint NOT NULL DEFAULT 0,    -- of those handed: dead-lettered later
    PRIMARY KEY (lane, destination_id)
) WITH (fillfactor = 40);
CREATE INDEX destination_cursors_of_destination ON postern.destination_cursors (destination_id);

-- What was delivered, by the minute: stats read this.
CREATE TABLE postern.destination_minutes (
    minute          timestamptz NOT NULL,
    destination_id  uuid NOT NULL,
    org_id          uuid NOT NULL,
    outcome         text NOT NULL,                -- delivered, or the class of the failure
    count           bigint NOT NULL,
    retries         bigint NOT NULL,              -- of count, not the first attempt
    latencies       bigint[] NOT NULL,            -- how many took up to 5, 10, 25, 50, 100, 250, 500 ms, 1, 2.5, 5, 10 s, longer
    PRIMARY KEY (minute, destination_id, outcome)
) PARTITION BY RANGE (minute);
CREATE INDEX destination_minutes_of_destination ON postern.destination_minutes (destination_id, minute);

-- An event on its way to a destination waits in the same queue as a delivery that could not be normalized.
ALTER TABLE postern.webhook_retry_queue
    DROP CONSTRAINT webhook_retry_queue_attempt_number_check,
    ADD CONSTRAINT webhook_retry_queue_attempt_number_check CHECK (attempt_number >= 0),  -- 0: waits, not tried yet
    ADD COLUMN destination_id  uuid,              -- NULL: to be normalized
    ADD COLUMN event_id        uuid,
    ADD COLUMN event_number    bigint,            -- in its lane
    ADD COLUMN event           json,              -- its CloudEvents attributes; data is payload
    ADD COLUMN account         text,              -- the destination is ordered: only the first of an account is due
    ADD COLUMN dead_letter_id  uuid,              -- a replay of this dead letter
    ADD COLUMN job_id          uuid,              -- a replay by this job
    ADD CONSTRAINT webhook_retry_queue_event_check CHECK (
        (destination_id IS NULL) = (event_id IS NULL) AND (event_id IS NULL) = (event IS NULL)
        AND (event_id IS NULL) = (event_number IS NULL));
DROP INDEX postern.webhook_retry_queue_due;
CREATE INDEX webhook_retry_queue_due ON postern.webhook_retry_queue (lane, scheduled_at) WHERE destination_id IS NULL;
CREATE INDEX webhook_retry_queue_of_destination ON postern.webhook_retry_queue (lane, destination_id, scheduled_at)
    WHERE destination_id IS NOT NULL;
CREATE INDEX webhook_retry_queue_of_account ON postern.webhook_retry_queue (lane, destination_id, account, event_number)
    WHERE account IS NOT NULL;

-- Dead letters are few beside deliveries, so this one rewrite of their table takes seconds. The fingerprint is computed
-- by the database, so that whoever adds a letter groups alike: the first 16 bytes of SHA-256. Doubled backslashes make the
-- cast to bytea take the text as it is.
ALTER TABLE postern.webhook_dead_letter_queue
    ADD COLUMN event_type           text CHECK (length(event_type) <= 200),  -- NULL: failed before it had one
    ADD COLUMN destination_id       uuid,        -- NULL: failed before it had one; like the next three
    ADD COLUMN event_id             uuid,
    ADD COLUMN event_number         bigint,
    ADD COLUMN event                json,        -- its CloudEvents attributes; data is payload
    ADD COLUMN answer_status        integer,     -- the destination's last answer
    ADD COLUMN answer               text CHECK (octet_length(answer) <= 4096),
    ADD COLUMN failed_at            timestamptz, -- when it failed last; NULL: at created_at
    ADD COLUMN replay_id            uuid,        -- its row in the retry queue, for as long as a replay is under way
    ADD COLUMN replayed_at          timestamptz, -- when the newest replay was asked for
    ADD COLUMN replayed_events      integer,     -- what came of the replay that resolved it: new events
    ADD COLUMN replayed_duplicates  integer,     -- and events that were known already
    ADD COLUMN edited_payload       bytea,       -- what the newest replay was given in place of payload
    ADD COLUMN job_id               uuid,        -- the job that acted on it last
    ADD COLUMN fingerprint          uuid NOT NULL GENERATED ALWAYS AS (
        encode(substring(sha256(replace(
            platform || chr(31) || coalesce(event_type, '') || chr(31) || failure_reason || chr(31)
                || coalesce(destination_id::text, '') || chr(31) || coalesce(definition_version::text, ''),
            '\', '\\')::bytea) FROM 1 FOR 16), 'hex')::uuid
    ) STORED;
-- Lists go by id, groups and counts read the index alone: all a filter can ask for is in it.
CREATE INDEX webhook_dead_letter_queue_review ON postern.webhook_dead_letter_queue (review_state, id)
    INCLUDE (lane, org_id, platform, event_type, failure_reason, destination_id, endpoint_id, fingerprint, created_at,
        replay_id);
CREATE INDEX webhook_dead_letter_queue_review_of_organization ON postern.webhook_dead_letter_queue
    (review_state, org_id, id)
    INCLUDE (lane, platform, event_type, failure_reason, destination_id, endpoint_id, fingerprint, created_at,
        replay_id);
CREATE INDEX webhook_dead_letter_queue_of_job ON postern.webhook_dead_letter_queue (job_id) WHERE job_id IS NOT NULL;
DROP INDEX postern.webhook_dead_letter_queue_open;  -- the one by organization serves in its place

-- Attempts that failed, and those that came after one that failed. A first attempt that succeeds is only counted.
ALTER TABLE postern.attempts
    ADD COLUMN error  text CHECK (octet_length(error) <= 1000),
    ADD CONSTRAINT attempts_answer_check CHECK (octet_length(answer) <= 4096);
CREATE INDEX attempts_of_event ON postern.attempts (lane, event_id);

-- A job is run by one process at a time: each step checks the fence and extends the lease in the transaction that does
-- the work and moves the position, so that a job which was killed goes on behind the last committed step.
ALTER TABLE postern.job_status
    DROP CONSTRAINT job_status_status_check,
    ADD CONSTRAINT job_status_status_check
        CHECK (status IN ('planned', 'waiting', 'running', 'succeeded', 'failed', 'canceled')),
    ADD COLUMN plan                 jsonb NOT NULL DEFAULT '{}' CHECK (jsonb_typeof(plan) = 'object'),
    ADD COLUMN total                bigint NOT NULL DEFAULT 0 CHECK (total >= 0),
    ADD COLUMN done                 bigint NOT NULL DEFAULT 0 CHECK (done >= 0),
    ADD COLUMN per_second           integer CHECK (per_second > 0),  -- NULL: as fast as it goes
    ADD COLUMN position             text,        -- behind the last item that was looked at
    ADD COLUMN bound                text,        -- the last item of the plan
    ADD COLUMN owner                text,        -- the process that runs it
    ADD COLUMN fence                bigint NOT NULL DEFAULT 0,       -- goes up with every start
    ADD COLUMN leased_until         timestamptz,
    ADD COLUMN cancel_requested_at  timestamptz,
    ADD COLUMN started_at           timestamptz,
    ADD COLUMN finished_at          timestamptz;
CREATE INDEX job_status_to_run ON postern.job_status (id) WHERE status IN ('waiting', 'running');

-- What administrators were told: one row for each thing and hour, so that whoever inserts it first tells it.
CREATE TABLE postern.notifications (
    org_id      uuid NOT NULL,
    subject     text NOT NULL,                    -- what it is about: a fingerprint, a destination, an endpoint
    kind        text NOT NULL,
    hour        timestamptz NOT NULL,
    count       bigint NOT NULL DEFAULT 1,        -- how often it came up in that hour
    message     text NOT NULL,
    created_at  timestamptz NOT NULL DEFAULT now(),
    delivered_at timestamptz,                     -- to every destination of kind alert
    attempts    integer NOT NULL DEFAULT 0,
    PRIMARY KEY (org_id, kind, subject, hour)
);
CREATE INDEX notifications_undelivered ON postern.notifications (created_at) WHERE delivered_at IS NULL;

-- The history of one thing.
CREATE INDEX audit_log_of_subject ON postern.audit_log (subject, id);

-- Consumer: delivers, and runs jobs.
GRANT SELECT ON postern.destination_secrets TO postern_consumer;
-- It tells when one is about to expire; it cannot see what is sealed.
GRANT SELECT (id, org_id, endpoint_id, kind, created_at, expires_at, revoked_at) ON postern.endpoint_secrets
    TO postern_consumer;
GRANT UPDATE (state, state_reason, circuit, circuit_reason, circuit_changed_at, circuit_until, circuit_openings,
    updated_at) ON postern.destinations TO postern_consumer;
GRANT SELECT, UPDATE (number, stored_at, delivered, handed, buried, unsubscribed, recovered,
    exhausted) ON postern.destination_cursors
    TO postern_consumer;
GRANT SELECT, INSERT, UPDATE (count, retries, latencies) ON postern.destination_minutes TO postern_consumer;
GRANT UPDATE (review_state, requires_manual_review, review_note, reviewed_by, reviewed_at, failure_reason,
    failure_detail, definition_version, attempts_made, answer_status, answer, failed_at, replay_id, replayed_at,
    replayed_events, replayed_duplicates, edited_payload, job_id)
    ON postern.webhook_dead_letter_queue TO postern_consumer;
GRANT SELECT, UPDATE ON postern.job_status TO postern_consumer;
GRANT INSERT ON postern.audit_log TO postern_consumer;
GRANT SELECT, INSERT, UPDATE, DELETE ON postern.notifications TO postern_consumer;

-- Admin and operator.
GRANT SELECT (id, org_id, destination_id, kind, name, created_at, expires_at, revoked_at)
    ON postern.destination_secrets TO postern_admin;
GRANT SELECT ON postern.destination_secrets TO postern_operator;
GRANT INSERT, UPDATE (expires_at, revoked_at) ON postern.destination_secrets TO postern_admin, postern_operator;
GRANT SELECT, INSERT ON postern.destination_cursors TO postern_admin, postern_operator;
GRANT SELECT ON postern.destination_minutes, postern.notifications TO postern_admin, postern_operator;
GRANT DELETE ON postern.subscriptions TO postern_admin, postern_operator;
-- Private addresses are the operator's to allow.
REVOKE INSERT, UPDATE ON postern.destinations FROM postern_admin;
GRANT INSERT (id, org_id, name, kind, state, url, channel, form, timeout_ms, concurrency, rate_per_second, retry_delays,
    ordered), UPDATE (name, state, state_reason, url, channel, form, timeout_ms, concurrency, rate_per_second,
    retry_delays, ordered, circuit, circuit_reason, circuit_changed_at, circuit_until, circuit_openings, deleted_at,
    updated_at) ON postern.destinations TO postern_admin;
-- A replay is a row in the retry queue. A tenant's own session reviews, and cannot put anything in the queue: the row
-- names its lane.
GRANT UPDATE (replay_id, replayed_at, replayed_events, replayed_duplicates, edited_payload, job_id)
    ON postern.webhook_dead_letter_queue TO postern_operator;
GRANT INSERT, DELETE ON postern.webhook_retry_queue TO postern_operator;
-- Deleting a destination buries what waits for it.
GRANT INSERT, UPDATE (failure_reason, failure_detail, failed_at) ON postern.webhook_dead_letter_queue TO postern_operator;
GRANT UPDATE (exhausted) ON postern.destination_cursors TO postern_operator;
GRANT SELECT ON postern.lanes TO postern_admin;

DO $$
DECLARE
    name  text;
BEGIN
    FOREACH name IN ARRAY ARRAY['destination_secrets', 'destination_cursors', 'destination_minutes', 'notifications']
    LOOP
        EXECUTE format('ALTER TABLE postern.%I ENABLE ROW LEVEL SECURITY', name);
        EXECUTE format('ALTER TABLE postern.%I FORCE ROW LEVEL SECURITY', name);
        EXECUTE format(
            'CREATE POLICY own_rows ON postern.%I TO postern_admin
             USING (org_id = NULLIF(current_setting(''app.current_org_id'', true), '''')::uuid)
             WITH CHECK (org_id = NULLIF(current_setting(''app.current_org_id'', true), '''')::uuid)', name);
        EXECUTE format(
            'CREATE POLICY operator_rows ON postern.%I TO postern_operator USING (true) WITH CHECK (true)', name);
        EXECUTE format(
            'CREATE POLICY consumer_works ON postern.%I TO postern_consumer USING (true) WITH CHECK (true)', name);
    END LOOP;
    CREATE POLICY consumer_works ON postern.job_status TO postern_consumer USING (true) WITH CHECK (true);
    CREATE POLICY consumer_reads ON postern.endpoint_secrets FOR SELECT TO postern_consumer USING (true);
    CREATE POLICY consumer_appends ON postern.audit_log FOR INSERT TO postern_consumer WITH CHECK (true);
END $$;

-- Consumers keep destinations in memory; a change of configuration tells them to look again. Their own changes of a
-- circuit come this way too: it is how one consumer hears what another found.
CREATE FUNCTION postern.notify_destinations() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    PERFORM pg_notify('postern_destinations', TG_TABLE_NAME);
    RETURN NULL;
END $$;
CREATE TRIGGER notify_destinations AFTER INSERT OR UPDATE OR DELETE ON postern.destinations
    FOR EACH STATEMENT EXECUTE FUNCTION postern.notify_destinations();
CREATE TRIGGER notify_destinations AFTER INSERT OR UPDATE OR DELETE ON postern.destination_secrets
    FOR EACH STATEMENT EXECUTE FUNCTION postern.notify_destinations();
CREATE TRIGGER notify_destinations AFTER INSERT OR UPDATE OR DELETE ON postern.subscriptions
    FOR EACH STATEMENT EXECUTE FUNCTION postern.notify_destinations();

-- As in 0002, with the counters of destinations, and with days of events that a destination has not passed kept like
-- deliveries that no lane has read.
CREATE OR REPLACE FUNCTION postern.ensure_partitions(days_ahead integer) RETURNS integer
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET lock_timeout = '5s' AS $$
DECLARE
    parent   text;
    day      date;
    child    text;
    created  integer := 0;
BEGIN
    IF days_ahead IS NULL OR days_ahead NOT BETWEEN 0 AND 60 THEN
        RAISE EXCEPTION 'days_ahead is %, must be 0 to 60', days_ahead USING ERRCODE = '22023';
    END IF;
    -- One maker at a time: many processes start at once.
    PERFORM pg_advisory_xact_lock(1886614644, 1);
    FOREACH parent IN ARRAY ARRAY['deliveries', 'events', 'attempts', 'traffic_minutes',
        'destination_minutes'] LOOP
        -- From yesterday: clocks of gateways differ, and a counter may be written a minute late.
        FOR offset_days IN -1 .. days_ahead LOOP
            day := (now() AT TIME ZONE 'UTC')::date + offset_days;
            child := parent || '_' || to_char(day, 'YYYYMMDD');
            CONTINUE WHEN to_regclass(format('postern.%I', child)) IS NOT NULL;
            EXECUTE format(
                'CREATE TABLE postern.%I (LIKE postern.%I INCLUDING DEFAULTS INCLUDING CONSTRAINTS)', child, parent);
            EXECUTE format('ALTER TABLE postern.%I ENABLE ROW LEVEL SECURITY', child);
            EXECUTE format('ALTER TABLE postern.%I FORCE ROW LEVEL SECURITY', child);
            -- ATTACH takes a weaker lock on the parent than CREATE … PARTITION OF: writers do not wait.
            EXECUTE format('ALTER TABLE postern.%I ATTACH PARTITION postern.%I FOR VALUES FROM (%L) TO (%L)',
                parent, child, to_char(day, 'YYYY-MM-DD"T00:00:00Z"'), to_char(day + 1, 'YYYY-MM-DD"T00:00:00Z"'));
            created := created + 1;
        END LOOP;
    END LOOP;
    RETURN created;
END $$;

CREATE OR REPLACE FUNCTION postern.drop_partitions(parent text, keep_days integer, at_most integer)
RETURNS TABLE (name text, dropped boolean)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET lock_timeout = '2s' AS $$
DECLARE
    child  text;
    day    date;
    gone   integer := 0;
BEGIN
    IF parent IS NULL OR parent NOT IN ('deliveries', 'events', 'attempts', 'traffic_minutes', 'destination_minutes') THEN
        RAISE EXCEPTION '% is not a table that is kept by days', parent USING ERRCODE = '22023';
    END IF;
    IF keep_days IS NULL OR keep_days < 1 THEN
        RAISE EXCEPTION 'keep_days is %, must be at least 1', keep_days USING ERRCODE = '22023';
    END IF;
    IF at_most IS NULL OR at_most < 1 THEN
        RAISE EXCEPTION 'at_most is %, must be at least 1', at_most USING ERRCODE = '22023';
    END IF;
    -- Row-level security binds the owner too. Blind, this function would take unread deliveries for read ones.
    IF row_security_active('postern.deliveries') AND 4 <> (
        SELECT count(*) FROM pg_policies
        WHERE schemaname = 'postern' AND policyname = 'maintenance_reads' AND current_user = ANY (roles)
          AND tablename IN ('deliveries', 'events', 'destinations', 'destination_cursors')
    ) THEN
        RAISE EXCEPTION 'postern.drop_partitions runs as %, which no policy lets see what was not read', current_user
            USING ERRCODE = '42501', HINT = 'ALTER POLICY maintenance_reads ON postern.deliveries TO the owner; '
                'the same on events, destinations and destination_cursors.';
    END IF;
    PERFORM pg_advisory_xact_lock(1886614644, 1);
    FOR child, day IN
        SELECT c.relname, to_date(right(c.relname, 8), 'YYYYMMDD')
        FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhrelid
        WHERE i.inhparent = format('postern.%I', parent)::regclass
          AND c.relname ~ ('^' || parent || '_[0-9]{8}$')
          AND to_date(right(c.relname, 8), 'YYYYMMDD') < (now() AT TIME ZONE 'UTC')::date - keep_days
        ORDER BY c.relname
    LOOP
        EXIT WHEN gone >= at_most;
        name := child;
        dropped := CASE parent
            WHEN 'deliveries' THEN NOT EXISTS (
                SELECT FROM postern.cursors c
                WHERE c.stored_at < (day + 1)::timestamp AT TIME ZONE 'UTC'
                  AND EXISTS (
                    SELECT FROM postern.deliveries d
                    WHERE d.lane = c.lane AND d.writer = c.writer AND d.seq > c.seq
                      AND d.stored_at >= day::timestamp AT TIME ZONE 'UTC'
                      AND d.stored_at < (day + 1)::timestamp AT TIME ZONE 'UTC'))
            WHEN 'events' THEN NOT EXISTS (
                SELECT FROM postern.destination_cursors c
                JOIN postern.destinations t ON t.id = c.destination_id
                WHERE t.deleted_at IS NULL AND t.state <> 'disabled'
                  -- An hour more: events carry the clocks of their lane's owners.
                  AND c.stored_at - interval '1 hour' < (day + 1)::timestamp AT TIME ZONE 'UTC'
                  AND EXISTS (
                    SELECT FROM postern.events e
                    WHERE e.lane = c.lane AND e.org_id = c.org_id AND e.number > c.number
                      AND e.stored_at >= day::timestamp AT TIME ZONE 'UTC'
                      AND e.stored_at < (day + 1)::timestamp AT TIME ZONE 'UTC'))
            ELSE true END;
        IF dropped THEN
            EXECUTE format('DROP TABLE postern.%I', child);
            gone := gone + 1;
        END IF;
        RETURN NEXT;
    END LOOP;
END $$;
DO $$
BEGIN
    EXECUTE format('CREATE POLICY maintenance_reads ON postern.events FOR SELECT TO %I USING (true)', current_user);
    EXECUTE format('CREATE POLICY maintenance_reads ON postern.destinations FOR SELECT TO %I USING (true)', current_user);
    EXECUTE format(
        'CREATE POLICY maintenance_reads ON postern.destination_cursors FOR SELECT TO %I USING (true)', current_user);
END $$;
SELECT postern.ensure_partitions(7);
