import FoundationEssentials
import Glibc
import PosternCrypto
import PosternModel
import PosternTesting
import Synchronization
import Testing

/// One installation of Postern: a folder, a database, the processes on them; all of it gone afterwards.
final class Scenario: Sendable {
    /// What a scenario begins with.
    enum Ground: Sendable {
        /// A database with the schema.
        case migrated
        /// A database without it.
        case empty
        /// A database with the schema on a server that the scenario may kill.
        case cluster(PrivateCluster)
        /// Nothing: `postern up` makes its own.
        case bare
    }

    /// What a command left behind.
    struct Outcome: Sendable {
        let ending: Program.Ending
        let output: String
        let errors: String
        var succeeded: Bool { self.ending == .exited(0) }
    }

    /// The folder of logs, keys and data; other users may pass through it, as PostgreSQL's must.
    let directory: String
    /// The tables, as superuser.
    let tables: Tables
    /// What every process of the scenario sees.
    let environment: [String: String]
    private let executable: String
    private let programs = Mutex<[Program]>([])
    private let number = Mutex(0)

    private init(executable: String, directory: String, database: String?) throws {
        self.executable = executable
        self.directory = directory
        self.tables = Tables(address: database ?? "")
        var environment = ["HOME": directory, "USER": "scenario", "PATH": "/usr/bin:/bin"]
        for name in ["PATH", "LD_LIBRARY_PATH"] {
            environment[name] = ProcessInfo.processInfo.environment[name] ?? environment[name]
        }
        for name in ["POSTERN_GATEWAY_PORT", "POSTERN_GATEWAY_STATUS_PORT", "POSTERN_CONSUMER_STATUS_PORT"] {
            environment[name] = "0"
        }
        if let database {
            environment["POSTERN_OWNER_DATABASE"] = database
            // Each process under its own role: what the superuser can do proves nothing.
            for role in ["gateway", "consumer", "operator"] {
                environment["POSTERN_\(role.uppercased())_DATABASE"] = "\(database) user=postern_\(role)"
            }
            environment["POSTERN_KEY_FILE"] = "\(directory)/sealing.key"
            try TextFile.write("\(directory)/sealing.key", Base64.encode(RandomBytes.make(32)).utf8)
        }
        self.environment = environment
    }

    /// Prepares the ground, runs `body`, ends every process it started and removes what it left.
    ///
    /// With `POSTERN_SCENARIO_KEEP` set the folders with the logs stay.
    static func with(_ ground: Ground = .migrated, _ body: (Scenario) async throws -> Void) async throws {
        let executable = try #require(
            ProcessInfo.processInfo.environment["POSTERN_EXECUTABLE"],
            "set POSTERN_EXECUTABLE to the built executable"
        )
        let directory = "/tmp/postern-\(UniqueID.timeOrdered(at: .now()).description.filter { $0 != "-" }.prefix(20))"
        try FileManager.default.createDirectory(
            atPath: directory,
            withIntermediateDirectories: false,
            attributes: [.posixPermissions: 0o755]
        )
        let server: TestDatabase? =
            switch ground {
            case .migrated, .empty: try TestDatabase.required()
            case .cluster(let cluster): TestDatabase(address: cluster.address)
            case .bare: nil
            }
        var template: String?
        if case .migrated = ground { template = try await Template.address(executable: executable) }
        let source = template
        let database = try await onThread { try server?.createDatabase(template: source) }
        let scenario = try Scenario(executable: executable, directory: directory, database: database)
        let outcome: Result<Void, any Error>
        do {
            if case .cluster = ground { try await scenario.command("migrate") }
            outcome = .success(try await body(scenario))
        } catch {
            outcome = .failure(error)
        }
        await scenario.destroy()
        if case .cluster = ground {
        } else if let server, let database {
            try await onThread { try server.dropDatabase(database) }
        }
        if ProcessInfo.processInfo.environment["POSTERN_SCENARIO_KEEP"] == nil {
            try FileManager.default.removeItem(atPath: directory)
        }
        try outcome.get()
    }

    /// Starts `postern` with these arguments; its output and its errors go to one log.
    func launch(_ arguments: [String], settings: [String: String] = [:]) throws -> Program {
        let log = self.file(arguments.first ?? "postern")
        return try self.start(arguments, settings: settings, output: log, errors: log)
    }

    /// Runs `postern` with these arguments to its end.
    func run(_ arguments: [String], settings: [String: String] = [:]) async throws -> Outcome {
        let name = self.file(arguments.prefix(2).joined(separator: "-"))
        let program = try self.start(arguments, settings: settings, output: name + ".out", errors: name + ".err")
        let ending = try await program.ended(within: .seconds(60))
        return Outcome(ending: ending, output: program.outputText, errors: program.errorText)
    }

    /// Runs `postern` with these arguments and gives its output.
    ///
    /// - Throws: ``ScenarioFailure`` when it did not exit with 0.
    @discardableResult
    func command(_ arguments: String...) async throws -> String {
        let outcome = try await self.run(arguments)
        guard outcome.succeeded else {
            throw ScenarioFailure("postern \(arguments.joined(separator: " ")): \(outcome.ending): \(outcome.errors)")
        }
        return outcome.output
    }

    private func start(
        _ arguments: [String],
        settings: [String: String],
        output: String,
        errors: String
    ) throws -> Program {
        let program = try Program(
            self.executable,
            arguments,
            environment: self.environment.merging(settings) { _, new in new },
            output: output,
            errors: errors
        )
        self.programs.withLock { programs in programs.append(program) }
        return program
    }

    /// A file name that nobody has used yet.
    private func file(_ name: String) -> String {
        let number = self.number.withLock { number in
            number += 1
            return number
        }
        return "\(self.directory)/\(number)-\(name.filter { $0 != "/" }).log"
    }

    private func destroy() async {
        for program in self.programs.withLock({ programs in programs }) { await program.destroy() }
    }
}
