package import PosternCrypto
package import PosternPostgres

/// Why the schema could not be brought to this program's version, or its version could not be read.
package enum MigrationError: Error, Equatable, Sendable {
    /// An embedded file is not called `NNNN_word`.
    case malformedName(String)
    /// The numbers of the embedded files, or of the applied ones, do not count 1, 2, 3 …
    case gap(after: Int32, found: Int32)
    /// A file that was applied has another name or other contents now.
    case changed(name: String, applied: String, embedded: String)
    /// The database has a migration this program does not know: a newer program made it.
    case databaseNewer(database: Int32, program: Int32)
    /// The lanes were made with another count, which is fixed for good.
    case laneCount(database: Int64, requested: Int32)
    /// The number of lanes is not within ``Migrator/laneCounts``.
    case laneCountOutOfRange(Int32)
    /// The server is older than what Postern is tested with.
    case serverTooOld(version: Int32)
    /// The server only replays another one's changes.
    case standby
    /// The database role may not read the schema.
    case mayNotRead(role: String)
    /// The database role may not make the schema, or make tables in it.
    case mayNotWrite(role: String)
    /// The database role may not make the roles that are missing.
    case mayNotCreateRoles(role: String, missing: [String])
    /// Other sessions held locks for too long, or another process was migrating all the while.
    case busy(step: String, reason: String)
    /// A step was refused and rolled back.
    case failed(step: String, PostgresError)
    /// The hash function is not available.
    case digestFailed(CryptoError)

    /// The stable code for scripts and answers.
    package var code: String {
        switch self {
        case .malformedName: "migration_malformed"
        case .gap: "migration_gap"
        case .changed: "migration_changed"
        case .databaseNewer: "database_newer"
        case .laneCount: "lane_count_fixed"
        case .laneCountOutOfRange: "lane_count_out_of_range"
        case .serverTooOld: "server_too_old"
        case .standby: "server_is_standby"
        case .mayNotRead: "schema_not_readable"
        case .mayNotWrite: "schema_not_writable"
        case .mayNotCreateRoles: "roles_missing"
        case .busy: "migration_busy"
        case .failed: "migration_failed"
        case .digestFailed: "digest_failed"
        }
    }
}

extension MigrationError: CustomStringConvertible {
    /// What happened and what to do next, for the operator.
    package var description: String {
        switch self {
        case .malformedName(let name):
            "the embedded migration '\(name)' is not named NNNN_word: this program was built wrongly"
        case .gap(let last, let found):
            "migration \(found) follows \(last): one in between is missing; use the program that applied it, or "
                + "restore postern.migrations from a backup"
        case .changed(let name, let applied, let embedded):
            "migration \(name) was applied with digest \(applied.prefix(12)) and is now \(embedded.prefix(12)); an "
                + "applied migration never changes: use a release that has it as it was applied"
        case .databaseNewer(let database, let program):
            "the database is at migration \(database), this program knows \(program): upgrade the program"
        case .laneCount(let database, let requested):
            "the database has \(database) lanes and \(requested) were asked for; the number is fixed by the first "
                + "migration: ask for \(database), or leave it out"
        case .laneCountOutOfRange(let requested):
            "\(requested) lanes were asked for; \(Migrator.laneCounts.lowerBound) to "
                + "\(Migrator.laneCounts.upperBound) are possible"
        case .serverTooOld(let version):
            "the server is PostgreSQL \(version / 10_000); Postern needs \(Migrator.oldestServer / 10_000) or newer"
        case .standby:
            "the server is a standby and read-only: connect to the primary, or add target_session_attrs=read-write"
        case .mayNotRead(let role):
            "the database role \(role) may not use the schema postern: log in as one of Postern's roles or its owner"
        case .mayNotWrite(let role):
            "the database role \(role) may not make the schema postern or tables in it: run as the owner of the "
                + "database, or have an administrator run: CREATE SCHEMA postern AUTHORIZATION \(role)"
        case .mayNotCreateRoles(let role, let missing):
            "the database role \(role) may not create roles: have an administrator run: "
                + missing.map { "CREATE ROLE \($0) LOGIN;" }.joined(separator: " ")
        case .busy(let step, let reason):
            "\(step): other sessions were in the way (\(reason)); this step changed nothing: try again"
        case .failed(let step, let error): "\(step) failed: \(error)"
        case .digestFailed(let error): "the digest of a migration could not be computed: \(error)"
        }
    }
}
