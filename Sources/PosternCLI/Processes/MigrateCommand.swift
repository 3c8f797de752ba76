internal import ArgumentParser
internal import Logging
internal import PosternJSON
internal import PosternPostgres
internal import PosternStore

/// `postern migrate`: brings the database up to this program.
struct MigrateCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "migrate",
        abstract: "Bring the database's schema up to this program.",
        discussion: """
            Needs a role that may create schemas and roles. Safe to run on a live system and by many at once.

            Examples:
              POSTERN_DATABASE='host=/run/postgresql dbname=postern user=postgres' postern migrate
              postern migrate --check      exit 0 when nothing is pending, 1 otherwise
              postern migrate --dry-run    print the statements that would run
            """
    )

    @OptionGroup var options: ProcessOptions
    @OptionGroup var output: OutputOptions
    @Flag(help: "Only say whether migrations are pending: exit 1 if so.") var check = false
    @Flag(help: "Print what would run, run nothing.") var dryRun = false
    @Option(help: "The number of lanes, 1 to 1024, fixed by the first migration (64 unless said).") var lanes: Int32?

    private static let limit: Duration = .seconds(600)

    mutating func run() async throws {
        let settings = try await self.options.settings()
        let address = try settings.database(role: "owner", dataDirectory: self.options.dataDirectory)
        var logger = try settings.logger("migrate")
        if self.output.json { logger.logLevel = .critical }
        if self.check || self.dryRun {
            let status = try await DatabaseSession.run(address: address) { [logger] connection in
                try Self.migrator(logger).status(&connection, within: .seconds(30))
            }
            self.show(status)
            if self.check, !status.isCurrent { throw ExitCode(1) }
            return
        }
        let lanes = self.lanes
        let report = try await Self.migrate(address: address, lanes: lanes, logger: logger)
        self.show(applied: report.applied, lanes: report.lanes)
    }

    /// Runs what is pending.
    ///
    /// - Throws: ``CommandFailure`` with what to do.
    static func migrate(address: String, lanes: Int32?, logger: Logger) async throws -> MigrationReport {
        do {
            return try await DatabaseSession.run(address: address) { connection in
                try Self.migrator(logger).migrate(&connection, lanes: lanes, within: Self.limit)
            }
        } catch let error as MigrationError {
            throw CommandFailure(code: error.code, message: error.description)
        }
    }

    private static func migrator(_ logger: Logger) throws -> Migrator {
        try Migrator(Migration.embedded(), logger: logger)
    }

    private func show(_ status: MigrationStatus) {
        if self.output.json {
            var writer = JSONWriter()
            writer.beginObject()
            writer.member("applied", integer: Int64(status.applied.count))
            writer.name("pending")
            writer.beginArray()
            for migration in status.pending { writer.string(migration.name) }
            writer.endArray()
            writer.member("lanes", integer: status.lanes)
            writer.endObject()
            print(writer.text)
            return
        }
        for migration in status.applied { print("applied  \(migration.name.padded(24))\(migration.at)") }
        for migration in status.pending {
            print("pending  \(migration.name)")
            if self.dryRun { print(migration.sql) }
        }
        print(status.isCurrent ? "the schema is current" : "\(status.pending.count) migrations are pending")
    }

    private func show(applied: [Migration], lanes: Int64) {
        if self.output.json {
            var writer = JSONWriter()
            writer.beginObject()
            writer.name("applied")
            writer.beginArray()
            for migration in applied { writer.string(migration.name) }
            writer.endArray()
            writer.member("lanes", integer: lanes)
            writer.endObject()
            print(writer.text)
            return
        }
        for migration in applied { print("applied  \(migration.name)") }
        print("the schema is current, \(lanes) lanes")
    }
}
