-- The tables of Postern. Rows that grow with traffic are partitioned by day and begin with the lane, so that a
-- distributed PostgreSQL can shard by it; configuration is small and read whole.

CREATE TABLE postern.tiers (
    name                 text PRIMARY KEY CHECK (name ~ '^[a-z][a-z0-9_-]{0,30}$'),
    requests_per_minute  integer CHECK (requests_per_minute > 0),  -- NULL: unlimited
    burst                integer CHECK (burst > 0)
);
INSERT INTO postern.tiers VALUES
    ('free', 10, 10), ('basic', 60, 60), ('standard', 100, 100), ('pro', 300, 300), ('enterprise', 1000, 1000),
    ('unlimited', NULL, NULL);

CREATE TABLE postern.organizations (
    id                   uuid PRIMARY KEY,
    name                 text NOT NULL UNIQUE CHECK (length(name) BETWEEN 1 AND 100),
    tier                 text NOT NULL DEFAULT 'standard' REFERENCES postern.tiers,
    requests_per_minute  integer CHECK (requests_per_minute > 0),  -- overrides the tier's
    burst                integer CHECK (burst > 0),
    created_at           timestamptz NOT NULL DEFAULT now()
);

CREATE TABLE postern.endpoints (
    id                 uuid PRIMARY KEY,
    org_id             uuid NOT NULL REFERENCES postern.organizations,
    platform           text NOT NULL,
    scheme             text NOT NULL DEFAULT 'default',
    key                text NOT NULL UNIQUE CHECK (key ~ '^[A-Za-z0-9_-]{8,64}$'),
    name               text NOT NULL CHECK (length(name) BETWEEN 1 AND 100),
    lane               integer NOT NULL CHECK (lane >= 0),
    state              text NOT NULL DEFAULT 'enabled' CHECK (state IN ('enabled', 'disabled')),
    parameters         jsonb NOT NULL DEFAULT '{}' CHECK (jsonb_typeof(parameters) = 'object'),
    tolerance_seconds  integer CHECK (tolerance_seconds >= 0),  -- overrides the definition's; NULL: as defined
    routes_accounts    boolean NOT NULL DEFAULT false,  -- events go to the organization in accounts, not to org_id
    created_at         timestamptz NOT NULL DEFAULT now(),
    updated_at         timestamptz NOT NULL DEFAULT now(),
    UNIQUE (org_id, platform, name),
    UNIQUE (org_id, id)
);

CREATE TABLE postern.endpoint_secrets (
    id           uuid PRIMARY KEY,
    org_id       uuid NOT NULL REFERENCES postern.organizations,
    endpoint_id  uuid NOT NULL,
    kind         text NOT NULL DEFAULT 'signing' CHECK (length(kind) BETWEEN 1 AND 50),
    sealed       bytea NOT NULL,
    created_at   timestamptz NOT NULL DEFAULT now(),
    expires_at   timestamptz,  -- NULL: active until revoked
    revoked_at   timestamptz,
    -- Both columns: foreign keys look past row-level security, and a tenant must not hang a secret of its own on
    -- another tenant's endpoint.
    FOREIGN KEY (org_id, endpoint_id) REFERENCES postern.endpoints (org_id, id)
);
CREATE INDEX endpoint_secrets_of_endpoint ON postern.endpoint_secrets (endpoint_id);

CREATE TABLE postern.accounts (
    platform    text NOT NULL,
    account     text NOT NULL,
    org_id      uuid NOT NULL REFERENCES postern.organizations,
    created_at  timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (platform, account)
);
CREATE INDEX accounts_of_organization ON postern.accounts (org_id);

-- One row for each database session of a gateway that writes deliveries. Within one writer the order of seq is the
-- order of commit. The session holds the advisory lock (1886614643, id) for as long as it lives.
CREATE TABLE postern.writers (
    id          bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    gateway     text NOT NULL,
    opened_at   timestamptz NOT NULL DEFAULT now(),
    closed_at   timestamptz,   -- nothing more will come
    drained_at  timestamptz,   -- every lane has read it to its end
    last_seq    bigint NOT NULL DEFAULT 0,  -- the highest among its deleted cursors: kept by count_deleted_cursors
    consumed    bigint NOT NULL DEFAULT 0   -- rows read by its deleted cursors: the same
);
CREATE INDEX writers_not_drained ON postern.writers (id) WHERE drained_at IS NULL;

CREATE TABLE postern.consumers (
    id          uuid PRIMARY KEY,
    host        text NOT NULL,
    started_at  timestamptz NOT NULL DEFAULT now(),
    seen_at     timestamptz NOT NULL DEFAULT now()
);

-- Who owns a lane, and the number of the last event in it. fence goes up with every change of owner; a batch that
-- does not find its fence here rolls back.
CREATE TABLE postern.lanes (
    lane          integer PRIMARY KEY,
    owner         uuid,
    fence         bigint NOT NULL DEFAULT 0,
    leased_until  timestamptz NOT NULL DEFAULT '-infinity',
    event_number  bigint NOT NULL DEFAULT 0
) WITH (fillfactor = 40);

-- How far each lane has read each writer.
CREATE TABLE postern.cursors (
    lane       integer NOT NULL,
    writer     bigint NOT NULL,
    seq        bigint NOT NULL DEFAULT 0,        -- the last one read
    stored_at  timestamptz NOT NULL,             -- of the last one read: older partitions need no look
    consumed   bigint NOT NULL DEFAULT 0,        -- rows read so far
    PRIMARY KEY (lane, writer)
) WITH (fillfactor = 40);

-- The log. Nothing updates or deletes a delivery; retention drops whole days.
CREATE TABLE postern.deliveries (
    lane         integer NOT NULL,
    writer       bigint NOT NULL,
    seq          bigint NOT NULL,
    stored_at    timestamptz NOT NULL,           -- the writer's clock, never going back within one writer
    id           uuid NOT NULL,                  -- version 7: carries the time of arrival
    org_id       uuid NOT NULL,
    endpoint_id  uuid NOT NULL,
    secret_id    uuid,                           -- the secret that proved it
    platform     text NOT NULL,
    headers      bytea NOT NULL,                 -- "name: value" lines, names in lower case; first ":target: …"
    body         bytea NOT NULL,
    PRIMARY KEY (lane, writer, seq, stored_at)
) PARTITION BY RANGE (stored_at);
-- Without autosummarize the newest part of a day has no summary until the next vacuum and is read row by row.
CREATE INDEX deliveries_by_id ON postern.deliveries USING brin (id) WITH (autosummarize = on);

-- Which event keys were admitted, within the deduplication window.
CREATE TABLE postern.event_keys (
    lane         integer NOT NULL,
    org_id       uuid NOT NULL,
    key          uuid NOT NULL,                  -- the first 16 bytes of SHA-256 over endpoint and key
    delivery_id  uuid NOT NULL,                  -- the first delivery that carried it
    seen_at      timestamptz NOT NULL,
    PRIMARY KEY (lane, org_id, key)
);
-- Not BRIN: space is used again after expiry, a BRIN range never narrows, and after the first window it would match
-- every page. A B-tree takes new keys at the right end of each lane and gives up old ones at the left.
CREATE INDEX event_keys_by_age ON postern.event_keys (lane, seen_at);

-- The second log: normalized events, numbered in each lane by the lane's one owner.
CREATE TABLE postern.events (
    lane                integer NOT NULL,
    number              bigint NOT NULL,
    stored_at           timestamptz NOT NULL,
    id                  uuid NOT NULL,           -- version 7
    org_id              uuid NOT NULL,
    endpoint_id         uuid NOT NULL,
    delivery_id         uuid NOT NULL,
    platform            text NOT NULL,
    definition_version  integer NOT NULL,
    type                text NOT NULL,
    source              text NOT NULL,
    subject             text,
    account             text,
    time                timestamptz,
    key                 text NOT NULL,
    data                json NOT NULL,           -- json, not jsonb: the sender's own text, every digit of it
    PRIMARY KEY (lane, number, stored_at)
) PARTITION BY RANGE (stored_at);
CREATE INDEX events_of_organization ON postern.events (lane, org_id, number);
CREATE INDEX events_newest ON postern.events (org_id, id);

CREATE TABLE postern.webhook_retry_queue (
    lane            integer NOT NULL,
    id              uuid NOT NULL,
    webhook_id      uuid NOT NULL,               -- the delivery
    org_id          uuid NOT NULL,
    endpoint_id     uuid NOT NULL,
    platform        text NOT NULL,
    headers         bytea NOT NULL,
    payload         bytea NOT NULL,
    attempt_number  integer NOT NULL CHECK (attempt_number > 0),
    scheduled_at    timestamptz NOT NULL,
    status          text NOT NULL DEFAULT 'pending' CHECK (status IN ('pending')),
    failure_reason  text NOT NULL,
    failure_detail  text NOT NULL,
    created_at      timestamptz NOT NULL,
    PRIMARY KEY (lane, id)
);
CREATE INDEX webhook_retry_queue_due ON postern.webhook_retry_queue (lane, scheduled_at);
CREATE INDEX webhook_retry_queue_of_organization ON postern.webhook_retry_queue (org_id, id);

CREATE TABLE postern.webhook_dead_letter_queue (
    lane                    integer NOT NULL,
    id                      uuid NOT NULL,
    webhook_id              uuid NOT NULL,
    org_id                  uuid NOT NULL,
    endpoint_id             uuid NOT NULL,
    platform                text NOT NULL,
    headers                 bytea NOT NULL,
    payload                 bytea NOT NULL,
    failure_reason          text NOT NULL,
    failure_detail          text NOT NULL,
    attempts_made           integer NOT NULL CHECK (attempts_made > 0),
    requires_manual_review  boolean NOT NULL DEFAULT true,
    review_state            text NOT NULL DEFAULT 'open'
                            CHECK (review_state IN ('open', 'acknowledged', 'resolved', 'discarded')),
    review_note             text,
    reviewed_by             text,
    reviewed_at             timestamptz,
    definition_version      integer,
    created_at              timestamptz NOT NULL,
    PRIMARY KEY (lane, id)
);
CREATE INDEX webhook_dead_letter_queue_of_organization ON postern.webhook_dead_letter_queue (org_id, id);
CREATE INDEX webhook_dead_letter_queue_open ON postern.webhook_dead_letter_queue (org_id, id)
    WHERE review_state = 'open';

CREATE TABLE postern.destinations (
    id          uuid PRIMARY KEY,
    org_id      uuid NOT NULL REFERENCES postern.organizations,
    name        text NOT NULL CHECK (length(name) BETWEEN 1 AND 100),
    kind        text NOT NULL,
    state       text NOT NULL DEFAULT 'enabled' CHECK (state IN ('enabled', 'disabled')),
    settings    jsonb NOT NULL DEFAULT '{}',
    created_at  timestamptz NOT NULL DEFAULT now(),
    updated_at  timestamptz NOT NULL DEFAULT now(),
    UNIQUE (org_id, name),
    UNIQUE (org_id, id)
);
CREATE TABLE postern.subscriptions (
    id              uuid PRIMARY KEY,
    org_id          uuid NOT NULL REFERENCES postern.organizations,
    destination_id  uuid NOT NULL,
    type_glob       text NOT NULL DEFAULT '*',
    filters         jsonb NOT NULL DEFAULT '[]',
    created_at      timestamptz NOT NULL DEFAULT now(),
    FOREIGN KEY (org_id, destination_id) REFERENCES postern.destinations (org_id, id)
);
CREATE INDEX subscriptions_of_destination ON postern.subscriptions (destination_id);

CREATE TABLE postern.attempts (
    lane            integer NOT NULL,
    started_at      timestamptz NOT NULL,
    id              uuid NOT NULL,
    org_id          uuid NOT NULL,
    destination_id  uuid NOT NULL,
    event_id        uuid NOT NULL,
    attempt_number  integer NOT NULL,
    duration        interval NOT NULL,
    outcome         text NOT NULL,
    status          integer,
    answer          text,
    PRIMARY KEY (lane, id, started_at)
) PARTITION BY RANGE (started_at);

CREATE TABLE postern.job_status (
    id          uuid PRIMARY KEY,
    org_id      uuid,                             -- NULL: across organizations
    type        text NOT NULL,
    who         text NOT NULL,
    status      text NOT NULL CHECK (status IN ('planned', 'running', 'succeeded', 'failed', 'canceled')),
    percentage  integer NOT NULL DEFAULT 0 CHECK (percentage BETWEEN 0 AND 100),
    message     text,
    result      jsonb,
    error       text,
    created_at  timestamptz NOT NULL DEFAULT now(),
    updated_at  timestamptz NOT NULL DEFAULT now()
);
CREATE TABLE postern.audit_log (
    id        uuid PRIMARY KEY,
    org_id    uuid,                               -- NULL: no single organization
    at        timestamptz NOT NULL DEFAULT now(),
    who       text NOT NULL,
    origin    text NOT NULL,                      -- where from: "cli host", "api address"
    act       text NOT NULL,
    subject   text NOT NULL,
    before    jsonb,
    after     jsonb
);
CREATE INDEX audit_log_of_organization ON postern.audit_log (org_id, id);
CREATE TABLE postern.api_tokens (
    id          uuid PRIMARY KEY,
    org_id      uuid,                             -- NULL: across organizations
    role        text NOT NULL,
    name        text NOT NULL,
    digest      bytea NOT NULL UNIQUE,            -- SHA-256; the token itself is shown once and not kept
    created_at  timestamptz NOT NULL DEFAULT now(),
    expires_at  timestamptz,
    revoked_at  timestamptz
);

-- Counters per minute; /stats and "has this endpoint gone silent" read these and never count traffic.
CREATE TABLE postern.traffic_minutes (
    lane         integer NOT NULL,
    minute       timestamptz NOT NULL,
    org_id       uuid NOT NULL,
    endpoint_id  uuid NOT NULL,
    platform     text NOT NULL,
    outcome      text NOT NULL,
    count        bigint NOT NULL,
    PRIMARY KEY (lane, minute, org_id, endpoint_id, outcome)
) PARTITION BY RANGE (minute);
CREATE INDEX traffic_minutes_by_minute ON postern.traffic_minutes (minute);
CREATE INDEX traffic_minutes_of_organization ON postern.traffic_minutes (org_id, minute);
