-- Daily partitions are made ahead and dropped whole. Both acts need the owner's rights, so they are functions that
-- the consumer (and, for making, the gateway) may call; their arguments are checked here and nothing else is run.

CREATE FUNCTION postern.ensure_partitions(days_ahead integer) RETURNS integer
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
    FOREACH parent IN ARRAY ARRAY['deliveries', 'events', 'attempts', 'traffic_minutes'] LOOP
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

-- Drops the days of one table that are older than keep_days, at most `at_most` of them, oldest first. A day of
-- deliveries that some lane has not read to its end is not dropped: it comes back with dropped = false.
-- The drop locks the parent against everybody for a moment; it gives up when it cannot have that lock in two seconds.
CREATE FUNCTION postern.drop_partitions(parent text, keep_days integer, at_most integer)
RETURNS TABLE (name text, dropped boolean)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET lock_timeout = '2s' AS $$
DECLARE
    child  text;
    day    date;
    gone   integer := 0;
BEGIN
    IF parent IS NULL OR parent NOT IN ('deliveries', 'events', 'attempts', 'traffic_minutes') THEN
        RAISE EXCEPTION '% is not a table that is kept by days', parent USING ERRCODE = '22023';
    END IF;
    IF keep_days IS NULL OR keep_days < 1 THEN
        RAISE EXCEPTION 'keep_days is %, must be at least 1', keep_days USING ERRCODE = '22023';
    END IF;
    IF at_most IS NULL OR at_most < 1 THEN
        RAISE EXCEPTION 'at_most is %, must be at least 1', at_most USING ERRCODE = '22023';
    END IF;
    -- Row-level security binds the owner too. Blind, this function would take unread deliveries for read ones.
    IF row_security_active('postern.deliveries') AND NOT EXISTS (
        SELECT FROM pg_policies
        WHERE schemaname = 'postern' AND tablename = 'deliveries' AND policyname = 'maintenance_reads'
          AND current_user = ANY (roles)
    ) THEN
        RAISE EXCEPTION 'postern.drop_partitions runs as %, which no policy lets see postern.deliveries', current_user
            USING ERRCODE = '42501', HINT = 'ALTER POLICY maintenance_reads ON postern.deliveries TO the owner.';
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
        dropped := parent <> 'deliveries' OR NOT EXISTS (
            SELECT FROM postern.cursors c
            WHERE c.stored_at < (day + 1)::timestamp AT TIME ZONE 'UTC'
              AND EXISTS (
                SELECT FROM postern.deliveries d
                WHERE d.lane = c.lane AND d.writer = c.writer AND d.seq > c.seq
                  AND d.stored_at >= day::timestamp AT TIME ZONE 'UTC'
                  AND d.stored_at < (day + 1)::timestamp AT TIME ZONE 'UTC'));
        IF dropped THEN
            EXECUTE format('DROP TABLE postern.%I', child);
            gone := gone + 1;
        END IF;
        RETURN NEXT;
    END LOOP;
END $$;

-- Forgets writers whose deliveries were all read more than keep_days ago, at most `at_most` of them.
CREATE FUNCTION postern.drop_writers(keep_days integer, at_most integer) RETURNS integer
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET lock_timeout = '2s' AS $$
DECLARE
    gone  integer;
BEGIN
    IF keep_days IS NULL OR keep_days < 1 THEN
        RAISE EXCEPTION 'keep_days is %, must be at least 1', keep_days USING ERRCODE = '22023';
    END IF;
    DELETE FROM postern.writers WHERE id = ANY (ARRAY(
        SELECT id FROM postern.writers
        WHERE drained_at < now() - make_interval(days => keep_days)
        ORDER BY id LIMIT at_most));
    GET DIAGNOSTICS gone = ROW_COUNT;
    RETURN gone;
END $$;

REVOKE ALL ON FUNCTION postern.ensure_partitions(integer), postern.drop_partitions(text, integer, integer),
    postern.drop_writers(integer, integer) FROM PUBLIC;
SELECT postern.ensure_partitions(7);
