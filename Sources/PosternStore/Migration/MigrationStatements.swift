internal import PosternModel
internal import PosternPostgres

/// The statements the migrator sends, one function each.
///
/// Blocking: connection threads only.
enum MigrationStatements {
    /// A row of `postern.migrations`.
    struct AppliedRow {
        let number: Int32
        let name: String
        let digest: String
        let at: Timestamp
    }

    /// What the role may do here, asked before anything is tried, so that the answer can say what is missing.
    struct Standing {
        let isStandby: Bool
        let serverVersion: Int32
        let roleName: String
        let schemaExists: Bool
        let mayReadSchema: Bool
        let mayWriteSchema: Bool
        let mayCreateSchema: Bool
        let mayCreateRoles: Bool
        let missingRoles: [String]
    }

    private static let standing = Statement(
        "migration_standing",
        """
        SELECT pg_is_in_recovery(), current_setting('server_version_num')::integer, current_user::text,
            s.oid IS NOT NULL,
            coalesce(has_schema_privilege(s.oid, 'USAGE'), false),
            coalesce(has_schema_privilege(s.oid, 'USAGE') AND has_schema_privilege(s.oid, 'CREATE'), false),
            has_database_privilege(current_database(), 'CREATE'),
            (SELECT rolsuper OR rolcreaterole FROM pg_roles WHERE rolname = current_user),
            ARRAY(SELECT n FROM unnest(
                ARRAY['postern_gateway', 'postern_consumer', 'postern_admin', 'postern_operator']) AS r(n)
                WHERE NOT EXISTS (SELECT FROM pg_roles WHERE rolname = n))
        FROM (SELECT) AS one LEFT JOIN pg_namespace s ON s.nspname = 'postern'
        """
    )

    static func standing(_ connection: inout Connection, within: Duration) throws(PostgresError) -> Standing {
        let rows = try connection.query(Self.standing, within: within)
        return Standing(
            isStandby: try rows.bool(0, 0),
            serverVersion: try rows.int32(0, 1),
            roleName: try rows.text(0, 2),
            schemaExists: try rows.bool(0, 3),
            mayReadSchema: try rows.bool(0, 4),
            mayWriteSchema: try rows.bool(0, 5),
            mayCreateSchema: try rows.bool(0, 6),
            mayCreateRoles: try rows.bool(0, 7),
            missingRoles: try rows.texts(0, 8)
        )
    }

    private static let tableExists = Statement(
        "migration_table_exists",
        "SELECT to_regclass('postern.migrations') IS NOT NULL, to_regclass('postern.lanes') IS NOT NULL"
    )

    /// Whether `postern.migrations` and `postern.lanes` are there; asking needs the right to use the schema.
    static func tablesExist(
        _ connection: inout Connection,
        within: Duration
    ) throws(PostgresError) -> (migrations: Bool, lanes: Bool) {
        let rows = try connection.query(Self.tableExists, within: within)
        return (try rows.bool(0, 0), try rows.bool(0, 1))
    }

    private static let applied = Statement(
        "migrations_applied",
        "SELECT number, name, digest, applied_at FROM postern.migrations ORDER BY number"
    )

    static func applied(_ connection: inout Connection, within: Duration) throws(PostgresError) -> [AppliedRow] {
        let rows = try connection.query(Self.applied, within: within)
        var applied: [AppliedRow] = []
        for row in 0..<rows.count {
            applied.append(
                AppliedRow(
                    number: try rows.int32(row, 0),
                    name: try rows.text(row, 1),
                    digest: try rows.text(row, 2),
                    at: try rows.timestamp(row, 3)
                )
            )
        }
        return applied
    }

    private static let laneCount = Statement("lane_count", "SELECT count(*) FROM postern.lanes")

    static func laneCount(_ connection: inout Connection, within: Duration) throws(PostgresError) -> Int64 {
        try connection.query(Self.laneCount, within: within).int64(0, 0)
    }

    /// Only sent when there is none: `IF NOT EXISTS` would ask for the right to make schemas all the same.
    static let schema = "CREATE SCHEMA postern"

    /// The table every later step is recorded in.
    static let table = """
        CREATE TABLE IF NOT EXISTS postern.migrations (
            number      integer PRIMARY KEY CHECK (number > 0),
            name        text NOT NULL,
            digest      text NOT NULL,
            applied_at  timestamptz NOT NULL DEFAULT now()
        );
        """

    /// Sent first in each migration's transaction.
    ///
    /// A longer wait for a lock would hold up the traffic queued behind it;
    /// a limit on statements that the server sets for everyone must not cut a migration in half.
    static let settings = """
        SET LOCAL lock_timeout = '5s';
        SET LOCAL statement_timeout = 0;
        SET LOCAL idle_in_transaction_session_timeout = 0;
        """

    private static let record = Statement(
        "migration_record",
        "INSERT INTO postern.migrations (number, name, digest) VALUES ($1, $2, $3)",
        [.int32, .text, .text]
    )

    static func record(
        _ migration: Migration,
        _ connection: inout Connection,
        within: Duration
    ) throws(PostgresError) {
        var parameters = ParameterBuffer()
        parameters.append(migration.number)
        parameters.append(migration.name)
        parameters.append(migration.digest)
        _ = try connection.query(Self.record, parameters, within: within)
    }

    private static let makeLanes = Statement(
        "lanes_make",
        "INSERT INTO postern.lanes (lane) SELECT generate_series(0, $1::integer - 1)",
        [.int32]
    )

    static func makeLanes(
        _ count: Int32,
        _ connection: inout Connection,
        within: Duration
    ) throws(PostgresError) {
        var parameters = ParameterBuffer()
        parameters.append(count)
        _ = try connection.query(Self.makeLanes, parameters, within: within)
    }

    private static let tryLock = Statement("migration_try_lock", "SELECT pg_try_advisory_lock(1886614645, 1)")

    /// Takes the session lock that one migrating process holds, when it is free.
    static func tryLock(_ connection: inout Connection, within: Duration) throws(PostgresError) -> Bool {
        try connection.query(Self.tryLock, within: within).bool(0, 0)
    }

    private static let unlock = Statement("migration_unlock", "SELECT pg_advisory_unlock(1886614645, 1)")

    static func unlock(_ connection: inout Connection, within: Duration) throws(PostgresError) {
        _ = try connection.query(Self.unlock, within: within)
    }

    private static let pause = Statement("pause", "SELECT pg_sleep($1)", [.float64])

    /// Waits on the server: outside of a transaction it holds nothing there, and the deadline still cancels it.
    static func pause(
        seconds: Double,
        _ connection: inout Connection,
        within: Duration
    ) throws(PostgresError) {
        var parameters = ParameterBuffer()
        parameters.append(seconds)
        _ = try connection.query(Self.pause, parameters, within: within)
    }
}
