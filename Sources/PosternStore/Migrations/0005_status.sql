-- What the status of the pipeline is computed from.

-- A writer numbers its deliveries without gaps, so "stored minus read" needs no counting: the highest number of each
-- writer less the rows its cursors say were read. A drained cursor is deleted; what it knew is kept with the writer.
CREATE FUNCTION postern.count_deleted_cursors() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    -- In the order of id: owners of different lanes may delete cursors of the same writers at the same time.
    PERFORM FROM postern.writers WHERE id IN (SELECT writer FROM gone) ORDER BY id FOR NO KEY UPDATE;
    UPDATE postern.writers w
    SET consumed = w.consumed + g.consumed, last_seq = greatest(w.last_seq, g.last_seq)
    FROM (SELECT writer, sum(consumed)::bigint AS consumed, max(seq) AS last_seq FROM gone GROUP BY writer) g
    WHERE w.id = g.writer;
    RETURN NULL;
END $$;
REVOKE ALL ON FUNCTION postern.count_deleted_cursors() FROM PUBLIC;
CREATE TRIGGER count_deleted_cursors AFTER DELETE ON postern.cursors
    REFERENCING OLD TABLE AS gone FOR EACH STATEMENT EXECUTE FUNCTION postern.count_deleted_cursors();

-- The oldest snapshot anything holds: rows that changed since then cannot be cleaned up, and the tables that change
-- most (cursors, lanes) grow. PostgreSQL shows other users' sessions to members of pg_read_all_stats only; `complete`
-- says whether the owner of this function is one.
CREATE FUNCTION postern.oldest_snapshot(OUT transactions bigint, OUT seconds double precision, OUT complete boolean)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    -- Snapshots of other databases hold nothing back here; those of standbys belong to no database.
    WITH sessions AS (
        SELECT backend_xmin, xact_start FROM pg_stat_activity
        WHERE pid <> pg_backend_pid() AND backend_xmin IS NOT NULL
          AND (datname = current_database() OR datname IS NULL)
    ), prepared AS (
        SELECT transaction, prepared FROM pg_prepared_xacts WHERE database = current_database()
    )
    SELECT
        greatest(
            (SELECT max(age(backend_xmin)) FROM sessions),
            (SELECT max(age(xmin)) FROM pg_replication_slots),
            (SELECT max(age(transaction)) FROM prepared),
            0)::bigint,
        greatest(
            (SELECT max(extract(epoch FROM clock_timestamp() - xact_start)) FROM sessions),
            (SELECT max(extract(epoch FROM clock_timestamp() - prepared)) FROM prepared),
            0)::double precision,
        pg_has_role(current_user, 'pg_read_all_stats', 'USAGE')
$$;
REVOKE ALL ON FUNCTION postern.oldest_snapshot() FROM PUBLIC;
GRANT EXECUTE ON FUNCTION postern.oldest_snapshot() TO postern_gateway, postern_consumer, postern_operator;
