"""Deliveries of past days that were taken and worked off long ago, with all that gateway and consumer leave behind."""

import concurrent.futures
import contextlib
import os

DAYS = 6
# What consumers remember for deduplication.
WINDOW_HOURS = 72
ROWS_AT_ONCE = 100_000
# Of a thousand rounds through the endpoints, one brought deliveries that could not be read.
DEAD_ROUND = 1000
PARTITIONED = ("deliveries", "events", "traffic_minutes")
STATEMENT_SECONDS = 300
# Loading must not wait for the disk; measuring must.
HASTE = ("fsync = off", "full_page_writes = off")

# As postern.ensure_partitions makes them; it begins with yesterday.
PAST_DAYS = f"""
DO $$
DECLARE
    parent text; child text; day date;
BEGIN
    FOREACH parent IN ARRAY ARRAY[{", ".join(f"'{table}'" for table in PARTITIONED)}] LOOP
        FOR past IN 2 .. {DAYS} LOOP
            day := (now() AT TIME ZONE 'UTC')::date - past;
            child := parent || '_' || to_char(day, 'YYYYMMDD');
            EXECUTE format(
                'CREATE TABLE postern.%I (LIKE postern.%I INCLUDING DEFAULTS INCLUDING CONSTRAINTS)', child, parent);
            EXECUTE format('ALTER TABLE postern.%I ENABLE ROW LEVEL SECURITY', child);
            EXECUTE format('ALTER TABLE postern.%I FORCE ROW LEVEL SECURITY', child);
            EXECUTE format('ALTER TABLE postern.%I ATTACH PARTITION postern.%I FOR VALUES FROM (%L) TO (%L)',
                parent, child, to_char(day, 'YYYY-MM-DD"T00:00:00Z"'), to_char(day + 1, 'YYYY-MM-DD"T00:00:00Z"'));
        END LOOP;
    END LOOP;
END $$
"""

# One slice of the past. `made` has a row for each delivery; a round is one delivery to every endpoint. Events of a lane
# are numbered without gaps: each round but the dead ones brings as many as the lane has endpoints.
SLICE = """
SET synchronous_commit = off;
CREATE TEMP TABLE made AS
SELECT n.n, p.*, n.at, n.round % {dead_round} = 0 AS is_dead,
    (n.round - n.round / {dead_round} - 1) * (({endpoints} - 1 - p.lane) / {lanes} + 1) + p.place / {lanes} + 1
        AS number,
    (n.time || '7' || substr(n.hash, 1, 3) || '8' || substr(n.hash, 4, 15))::uuid AS id,
    (n.time || '7' || substr(n.hash, 18, 3) || '9' || substr(n.hash, 17, 15))::uuid AS event_id,
    n.hash::uuid::text AS key
FROM (
    SELECT n, (n - 1) / {endpoints} AS round, ((n - 1) % {endpoints})::integer AS place, at,
        lpad(to_hex((extract(epoch FROM at) * 1000)::bigint), 12, '0') AS time, md5('{writer}/' || n) AS hash
    FROM generate_series({first}::bigint, {last}) AS n,
        LATERAL (SELECT '{began}'::timestamptz + n * interval '1 microsecond' * {step}) AS t(at)
) n JOIN public.load_places p USING (place)
ORDER BY n.n;
INSERT INTO postern.deliveries
    (lane, writer, seq, stored_at, id, org_id, endpoint_id, secret_id, platform, headers, body)
SELECT lane, {writer}, n, at, id, org_id, endpoint_id, secret_id, 'github',
    convert_to(E':target: /webhooks/github/load\\nhost: hooks.example.com\\ncontent-type: application/json\\n'
        || E'x-github-event: issues\\nx-github-delivery: ' || key || E'\\ncontent-length: 300\\n', 'UTF8'),
    convert_to({body} || CASE WHEN is_dead THEN '' ELSE '"}}' END, 'UTF8')
FROM made;
INSERT INTO postern.events (lane, number, stored_at, id, org_id, endpoint_id, delivery_id, platform,
    definition_version, type, source, subject, account, key, data)
SELECT lane, number, at, event_id, org_id, endpoint_id, id, 'github', 1, 'issues.opened',
    '/platforms/github/endpoints/' || endpoint_id, 'acme/app', 'organization:5', key, ({body} || '"}}')::json
FROM made WHERE NOT is_dead;
INSERT INTO postern.event_keys (lane, org_id, key, delivery_id, seen_at)
SELECT lane, org_id, encode(substring(sha256(
    uuid_send(endpoint_id) || 'organization:5'::bytea || '\\x00'::bytea || key::bytea) FROM 1 FOR 16), 'hex')::uuid,
    id, at
FROM made WHERE NOT is_dead AND at > now() - interval '{window} hours';
INSERT INTO postern.webhook_dead_letter_queue (lane, id, webhook_id, org_id, endpoint_id, platform, headers, payload,
    failure_reason, failure_detail, attempts_made, definition_version, created_at)
SELECT lane, event_id, id, org_id, endpoint_id, 'github', '', convert_to({body}, 'UTF8'), 'malformed_json',
    'the body ends in the middle', 1, 1, at
FROM made WHERE is_dead;
INSERT INTO postern.traffic_minutes AS t (lane, minute, org_id, endpoint_id, platform, outcome, count)
SELECT lane, minute, org_id, endpoint_id, 'github', outcome, sum(count)
FROM (
    SELECT lane, date_trunc('minute', at) AS minute, org_id, endpoint_id, is_dead, count(*)
    FROM made GROUP BY 1, 2, 3, 4, 5
) minutes, unnest(CASE WHEN is_dead THEN ARRAY['dead_lettered'] ELSE ARRAY['normalized', 'event'] END
    || ARRAY['accepted']) AS outcome
GROUP BY 1, 2, 3, 4, 6 ORDER BY 2, 1
ON CONFLICT (lane, minute, org_id, endpoint_id, outcome) DO UPDATE SET count = t.count + excluded.count;
"""
BODY = """'{"action":"opened","issue":{"id":' || n || ',"number":7},"repository":{"id":1,"full_name":"acme/app"},'
        || '"organization":{"id":5,"login":"acme"},"padding":"' || repeat('x', 160)"""


def fill(population, count):
    """Makes a history of `count` deliveries up to now, evenly over the days, and leaves it vacuumed."""
    database = population.database
    database.value(PAST_DAYS)
    writer = database.value("INSERT INTO postern.writers (gateway) VALUES ('history') RETURNING id")
    began = database.value(f"SELECT (now() AT TIME ZONE 'UTC')::date + interval '1 minute' - interval '{DAYS} days'")
    seconds = float(database.value(f"SELECT extract(epoch FROM now() - '{began}Z'::timestamptz) - 60"))
    values = {
        "writer": writer,
        "began": f"{began}Z",
        "step": seconds * 1e6 / count,
        "endpoints": population.count,
        "lanes": population.lanes,
        "window": WINDOW_HOURS,
        "dead_round": DEAD_ROUND,
        "body": BODY,
    }
    slices = [
        SLICE.format(**values, first=first, last=min(first + ROWS_AT_ONCE - 1, count))
        for first in range(1, count + 1, ROWS_AT_ONCE)
    ]
    with _haste(database.installation):
        _all(database, slices)
        # What the writer's cursors and the consumers would have left.
        _finish(database, writer, count)
        _all(database, [f"VACUUM (ANALYZE) {table}" for table in _tables(database)])
    # Nothing of this is left to be written while somebody measures.
    database.value("CHECKPOINT", STATEMENT_SECONDS)
    os.sync()


def _finish(database, writer, count):
    database.value(
        f"UPDATE postern.writers SET opened_at = now() - interval '{DAYS} days', closed_at = now(), drained_at = now(),"
        f" last_seq = {count}, consumed = {count} WHERE id = {writer}"
    )
    database.value(
        "UPDATE postern.lanes l SET event_number = e.number FROM postern.lanes m, LATERAL ("
        " SELECT number FROM postern.events WHERE lane = m.lane ORDER BY number DESC LIMIT 1) e WHERE l.lane = m.lane",
        STATEMENT_SECONDS,
    )


def _tables(database):
    """Those that hold rows, the largest first."""
    return database.value(
        "SELECT oid::regclass FROM pg_class WHERE relnamespace = 'postern'::regnamespace AND relkind = 'r'"
        " AND relpages > 0 OR oid = 'postern.event_keys'::regclass ORDER BY pg_relation_size(oid) DESC"
    ).split()


def _all(database, statements):
    with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as workers:
        for done in [workers.submit(database.value, each, STATEMENT_SECONDS) for each in statements]:
            done.result()


@contextlib.contextmanager
def _haste(installation):
    """Lets PostgreSQL be careless inside."""
    for setting in HASTE:
        installation.sql(f"ALTER SYSTEM SET {setting}")
    installation.sql("SELECT pg_reload_conf()")
    try:
        yield
    finally:
        for setting in HASTE:
            installation.sql(f"ALTER SYSTEM RESET {setting.split()[0]}")
        installation.sql("SELECT pg_reload_conf()")
