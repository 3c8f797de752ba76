package import Logging
package import PosternPostgres

/// Brings a database to the schema of this program: forward only, each migration in a transaction of its own.
///
/// Blocking: connection threads only. Many processes may call ``migrate(_:lanes:within:)`` at once: a session advisory
/// lock lets one work while the others wait, and they then find nothing to do. A migration that cannot have its locks
/// within five seconds is rolled back and tried again, so that it never holds up the traffic queued behind it.
package struct Migrator: Sendable {
    /// How many lanes a database may have.
    package static let laneCounts: ClosedRange<Int32> = 1...1024
    /// How many lanes the first migration makes when nothing else is asked for.
    package static let defaultLanes: Int32 = 64
    /// The oldest server, as in `server_version_num`.
    package static let oldestServer: Int32 = 150_000
    /// How many times a migration that could not have its locks is tried.
    package static let attempts = 5

    /// What this program knows, in order.
    package let migrations: [Migration]
    private let logger: Logger

    /// Takes the migrations to bring a database to: ``Migration/embedded()``, or a test's own.
    ///
    /// - Throws: ``MigrationError/gap(after:found:)`` unless they count 1, 2, 3 …
    package init(_ migrations: [Migration], logger: Logger) throws(MigrationError) {
        try Migration.checkOrder(migrations)
        self.migrations = migrations
        self.logger = logger
    }

    /// Reads what is applied and what is pending, and changes nothing.
    ///
    /// Any of Postern's roles may ask.
    ///
    /// - Throws: ``MigrationError``: `mayNotRead`, `gap`, `changed`, `databaseNewer` or `failed`.
    package func status(_ connection: inout Connection, within: Duration) throws(MigrationError) -> MigrationStatus {
        let standing = try Self.step("reading the role's rights") { () throws(PostgresError) in
            try MigrationStatements.standing(&connection, within: within)
        }
        guard standing.schemaExists else { return MigrationStatus(applied: [], pending: self.migrations, lanes: 0) }
        guard standing.mayReadSchema else { throw .mayNotRead(role: standing.roleName) }
        let (applied, lanes) = try Self.step("reading postern.migrations") { () throws(PostgresError) in
            let exist = try MigrationStatements.tablesExist(&connection, within: within)
            return (
                exist.migrations ? try MigrationStatements.applied(&connection, within: within) : [],
                exist.lanes ? try MigrationStatements.laneCount(&connection, within: within) : 0
            )
        }
        return MigrationStatus(
            applied: applied.map { MigrationStatus.Applied(number: $0.number, name: $0.name, at: $0.at) },
            pending: try self.pending(after: applied),
            lanes: lanes
        )
    }

    /// Applies what is pending, makes the lanes the first time, and makes partitions for the coming days.
    ///
    /// - Parameters:
    ///   - connection: a session of the owner of the schema; a pooler between must keep sessions together.
    ///   - lanes: how many lanes; `nil` takes what is there, or 64.
    ///   - within: how long it may take in all, waiting for another process included.
    /// - Returns: what this call did.
    /// - Throws: ``MigrationError``; what was applied before stays applied.
    package func migrate(
        _ connection: inout Connection,
        lanes: Int32? = nil,
        within: Duration
    ) throws(MigrationError) -> MigrationReport {
        if let lanes, !Self.laneCounts.contains(lanes) { throw .laneCountOutOfRange(lanes) }
        let clock = ContinuousClock()
        let deadline = clock.now.advanced(by: within)
        let status = try self.status(&connection, within: within)
        if status.isCurrent, lanes.map(Int64.init) ?? status.lanes == status.lanes {
            return MigrationReport(applied: [], lanes: status.lanes, madeLanes: false)
        }
        try self.checkStanding(&connection, pending: status.pending, within: clock.now.duration(to: deadline))
        try self.lock(&connection, until: deadline)
        let result: Result<MigrationReport, MigrationError>
        do {
            result = .success(try self.migrateLocked(&connection, lanes: lanes, until: deadline))
        } catch {
            result = .failure(error)
        }
        do {
            if connection.isUsable { try MigrationStatements.unlock(&connection, within: .seconds(5)) }
        } catch {
            // The end of the session releases it too.
            self.logger.warning("migration lock not released", metadata: ["error": "\(error)"])
        }
        return try result.get()
    }

    /// Refuses early, with what to do, where a statement would fail half way with less to say.
    private func checkStanding(
        _ connection: inout Connection,
        pending: [Migration],
        within: Duration
    ) throws(MigrationError) {
        let standing = try Self.step("reading the role's rights") { () throws(PostgresError) in
            try MigrationStatements.standing(&connection, within: within)
        }
        if standing.serverVersion < Self.oldestServer { throw .serverTooOld(version: standing.serverVersion) }
        if standing.isStandby { throw .standby }
        let mayWrite = standing.schemaExists ? standing.mayWriteSchema : standing.mayCreateSchema
        if !mayWrite { throw .mayNotWrite(role: standing.roleName) }
        if !pending.isEmpty, !standing.missingRoles.isEmpty, !standing.mayCreateRoles {
            throw .mayNotCreateRoles(role: standing.roleName, missing: standing.missingRoles)
        }
    }

    /// Waits for the session lock by asking again: a statement that waits inside would hold a snapshot for as long.
    private func lock(
        _ connection: inout Connection,
        until deadline: ContinuousClock.Instant
    ) throws(MigrationError) {
        var isWaiting = false
        while true {
            let left = ContinuousClock.now.duration(to: deadline)
            do throws(PostgresError) {
                if try MigrationStatements.tryLock(&connection, within: left) { return }
                try MigrationStatements.pause(seconds: 0.1, &connection, within: left)
            } catch .deadline {
                throw .busy(step: "waiting for the migration lock", reason: "another process is migrating")
            } catch {
                throw .failed(step: "taking the migration lock", error)
            }
            if !isWaiting { self.logger.info("another process is migrating") }
            isWaiting = true
        }
    }

    private func migrateLocked(
        _ connection: inout Connection,
        lanes requested: Int32?,
        until deadline: ContinuousClock.Instant
    ) throws(MigrationError) -> MigrationReport {
        // Again, now that nobody else can move it.
        let before = try self.status(&connection, within: ContinuousClock.now.duration(to: deadline))
        if before.version == 0 {
            try Self.step("making the schema postern") { () throws(PostgresError) in
                let within = ContinuousClock.now.duration(to: deadline)
                if !(try MigrationStatements.standing(&connection, within: within).schemaExists) {
                    try connection.script(MigrationStatements.schema, within: within)
                }
                try connection.script(MigrationStatements.table, within: within)
            }
        }
        for migration in before.pending {
            try self.apply(migration, &connection, until: deadline)
            self.logger.notice("migration applied", metadata: ["migration": "\(migration.name)"])
        }
        let within = ContinuousClock.now.duration(to: deadline)
        let found = before.lanes
        if found > 0 {
            if let requested, Int64(requested) != found { throw .laneCount(database: found, requested: requested) }
        } else {
            try Self.step("making the lanes") { () throws(PostgresError) in
                try MigrationStatements.makeLanes(requested ?? Self.defaultLanes, &connection, within: within)
            }
        }
        _ = try Self.step("making partitions") { () throws(PostgresError) in
            try Partitions.ensure(daysAhead: Partitions.defaultDaysAhead, &connection, within: within)
        }
        return MigrationReport(
            applied: before.pending,
            lanes: found > 0 ? found : Int64(requested ?? Self.defaultLanes),
            madeLanes: found == 0
        )
    }

    private func apply(
        _ migration: Migration,
        _ connection: inout Connection,
        until deadline: ContinuousClock.Instant
    ) throws(MigrationError) {
        var attempt = 1
        while true {
            let within = ContinuousClock.now.duration(to: deadline)
            do throws(PostgresError) {
                return try connection.transaction(within: within) { connection throws(PostgresError) in
                    try connection.script(MigrationStatements.settings, within: within)
                    try connection.script(migration.sql, within: within)
                    try MigrationStatements.record(migration, &connection, within: within)
                }
            } catch .retry(_, let message) {
                if attempt == Self.attempts { throw .busy(step: "migration \(migration.name)", reason: message) }
                self.logger.warning(
                    "migration waits for locks",
                    metadata: ["migration": "\(migration.name)", "attempt": "\(attempt)"]
                )
                try Self.step("waiting to try migration \(migration.name) again") { () throws(PostgresError) in
                    try MigrationStatements.pause(seconds: 1, &connection, within: within)
                }
                attempt += 1
            } catch {
                throw .failed(step: "migration \(migration.name)", error)
            }
        }
    }

    /// Compares what was applied with what this program has, and gives the rest.
    private func pending(after applied: [MigrationStatements.AppliedRow]) throws(MigrationError) -> [Migration] {
        let newest = applied.last?.number ?? 0
        guard newest <= Int32(self.migrations.count) else {
            throw .databaseNewer(database: newest, program: Int32(self.migrations.count))
        }
        var last: Int32 = 0
        for (row, migration) in zip(applied, self.migrations) {
            guard row.number == last + 1 else { throw .gap(after: last, found: row.number) }
            guard row.digest == migration.digest, row.name == migration.name else {
                throw .changed(name: row.name, applied: row.digest, embedded: migration.digest)
            }
            last = row.number
        }
        return Array(self.migrations.dropFirst(applied.count))
    }

    /// Runs one step and names it in the error.
    private static func step<Value>(
        _ name: String,
        _ body: () throws(PostgresError) -> Value
    ) throws(MigrationError) -> Value {
        do throws(PostgresError) {
            return try body()
        } catch {
            throw .failed(step: name, error)
        }
    }
}
