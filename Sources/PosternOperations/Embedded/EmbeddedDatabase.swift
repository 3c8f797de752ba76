internal import FoundationEssentials
internal import Glibc
internal import Subprocess

/// A private PostgreSQL cluster in a directory of its own: unix socket only, nobody else's business.
///
/// The server outlives a killed `postern up`; the next start finds it running and uses it.
package struct EmbeddedDatabase: Sendable {
    /// The directory that holds the cluster, its socket and its log.
    package let directory: String
    private let binaries: String

    /// Bytes a unix socket's path may have (`sun_path`), less the name PostgreSQL appends.
    private static let directoryLimitBytes = 107 - "/socket/.s.PGSQL.5432".utf8.count

    /// Where `up` keeps its data when nothing else is said: `$XDG_DATA_HOME/postern`, `~/.local/share/postern`, or
    /// `/var/lib/postern` for root (whose home the server's user cannot enter).
    package static func defaultDirectory(environment: [String: String]) -> String {
        if geteuid() == 0 { return "/var/lib/postern" }
        if let data = environment["XDG_DATA_HOME"], !data.isEmpty { return data + "/postern" }
        return (environment["HOME"] ?? "/tmp") + "/.local/share/postern"
    }

    /// The address a role connects with; valid while the server runs.
    ///
    /// Source: PostgreSQL 15, 34.1.1.1, "Keyword/Value Connection Strings" (quotes, and what is escaped in them).
    package static func address(directory: String, role: String, database: String = "postern") -> String {
        let host = directory.replacing("\\", with: "\\\\").replacing("'", with: "\\'")
        return "host='\(host)/socket' user=\(role) dbname=\(database)"
    }

    /// Where `up` keeps the key that seals secrets.
    package static func keyFile(directory: String) -> String { directory + "/sealing.key" }

    /// Whether a cluster was made in `directory`.
    package static func exists(directory: String) -> Bool {
        FileManager.default.fileExists(atPath: directory + "/cluster/PG_VERSION")
    }

    /// Makes the cluster if there is none, and starts its server if it is not running.
    package static func start(directory: String) async throws(EmbeddedDatabaseError) -> EmbeddedDatabase {
        guard directory.utf8.count <= Self.directoryLimitBytes else {
            throw .pathTooLong(directory: directory, limitBytes: Self.directoryLimitBytes)
        }
        guard directory.utf8.allSatisfy({ $0 >= 0x20 && !#","\$`"#.utf8.contains($0) }) else {
            throw .pathNotPlain(directory: directory)
        }
        let database = EmbeddedDatabase(directory: directory, binaries: try await Self.findBinaries())
        try await database.makeDirectories()
        if Self.exists(directory: directory) {
            try await database.checkVersion()
        } else {
            try await database.initialize()
        }
        if try await database.isRunning() == false { try await database.startServer() }
        return database
    }

    /// Stops the server: sessions are ended, everything committed is on disk.
    package func stop() async throws(EmbeddedDatabaseError) {
        _ = try await self.run("pg_ctl", ["-D", self.cluster, "-m", "fast", "-w", "-t", "60", "stop"])
    }

    private var cluster: String { self.directory + "/cluster" }

    private static func findBinaries() async throws(EmbeddedDatabaseError) -> String {
        var candidates: [String] = []
        if let said = try? await Subprocess.run(
            .name("pg_config"),
            arguments: ["--bindir"],
            output: .string(limit: 4096),
            error: .discarded
        ) {
            let folder = said.standardOutput.split(separator: "\n").first.map(String.init) ?? ""
            if !folder.isEmpty { candidates.append(folder) }
        }
        // Debian keeps each major version in a folder of its own; the newest that has a server wins.
        let versions = (try? FileManager.default.contentsOfDirectory(atPath: "/usr/lib/postgresql")) ?? []
        candidates += versions.compactMap(Int.init).sorted(by: >).map { version in "/usr/lib/postgresql/\(version)/bin"
        }
        for folder in candidates
        where ["initdb", "pg_ctl", "postgres"].allSatisfy({
            FileManager.default.isExecutableFile(atPath: "\(folder)/\($0)")
        }) {
            return folder
        }
        throw .noServer(searched: candidates.isEmpty ? ["pg_config --bindir", "/usr/lib/postgresql"] : candidates)
    }

    /// PostgreSQL refuses to run as root, so root hands the cluster to the system user its package made.
    private var commandPrefix: [String] { geteuid() == 0 ? ["runuser", "-u", "postgres", "--"] : [] }

    private func makeDirectories() async throws(EmbeddedDatabaseError) {
        for folder in [self.directory, self.directory + "/socket"] {
            var arguments = ["-d", "-m", "0700"]
            if geteuid() == 0 { arguments += ["-o", "postgres", "-g", "postgres"] }
            let output = try await self.execute(["install"] + arguments + [folder], program: "install")
            guard let failure = output.failure else { continue }
            throw .notWritable(directory: folder, reason: failure)
        }
    }

    private func checkVersion() async throws(EmbeddedDatabaseError) {
        let made = (try? String(contentsOfFile: self.cluster + "/PG_VERSION", encoding: .utf8)) ?? ""
        let cluster = made.split(separator: "\n").first.map(String.init) ?? "unknown"
        let said = try await self.run("postgres", ["--version"])
        // "postgres (PostgreSQL) 15.18 (Debian …)"
        let server = said.split(separator: " ").dropFirst(2).first?.split(separator: ".").first.map(String.init) ?? ""
        guard cluster == server else {
            throw .versionMismatch(directory: self.directory, cluster: cluster, server: server)
        }
    }

    private func initialize() async throws(EmbeddedDatabaseError) {
        _ = try await self.run(
            "initdb",
            [
                "-D", self.cluster, "-U", "postern_owner", "-A", "trust", "-E", "UTF8", "--locale=C.UTF-8",
                "--data-checksums", "--no-instructions",
            ]
        )
        // Trust is safe here: the socket's folder belongs to one user and there is no TCP listener.
        let settings = """
            listen_addresses = ''
            unix_socket_directories = '\(self.directory.replacing("'", with: "''"))/socket'
            max_connections = 60
            shared_buffers = 256MB
            wal_compression = on
            max_wal_size = 4GB
            log_min_messages = warning
            """
        var lines = [
            "sh", "-c", "cat >> \"$0\" <<'SETTINGS'\n\(settings)\nSETTINGS", self.cluster + "/postgresql.conf",
        ]
        lines = self.commandPrefix + lines
        if let failure = try await self.execute(lines, program: "sh").failure {
            throw .notWritable(directory: self.cluster, reason: failure)
        }
    }

    private func isRunning() async throws(EmbeddedDatabaseError) -> Bool {
        try await self.execute(
            self.commandPrefix + ["\(self.binaries)/pg_ctl", "-D", self.cluster, "status"],
            program: "pg_ctl"
        )
        .failure == nil
    }

    private func startServer() async throws(EmbeddedDatabaseError) {
        let log = self.directory + "/socket/server.log"
        do {
            _ = try await self.run("pg_ctl", ["-D", self.cluster, "-l", log, "-w", "-t", "60", "start"])
        } catch {
            // pg_ctl only says "could not start server"; the reason is in the log.
            let text = (try? String(contentsOfFile: log, encoding: .utf8)) ?? ""
            let last = text.split(separator: "\n").suffix(4).joined(separator: "\n")
            throw .failed(program: "postgres", output: last.isEmpty ? error.description : last)
        }
    }

    private func run(_ program: String, _ arguments: [String]) async throws(EmbeddedDatabaseError) -> String {
        let output = try await self.execute(
            self.commandPrefix + ["\(self.binaries)/\(program)"] + arguments,
            program: program
        )
        if let failure = output.failure { throw .failed(program: program, output: failure) }
        return output.text
    }

    private func execute(
        _ command: [String],
        program: String
    ) async throws(EmbeddedDatabaseError) -> (text: String, failure: String?) {
        // The shell sends both outputs to a file: a server that pg_ctl leaves behind would keep a pipe open for ever.
        let transcript =
            FileManager.default.temporaryDirectory.path + "/postern-\(getpid())-\(UInt64.random(in: 0 ... .max)).log"
        defer { try? FileManager.default.removeItem(atPath: transcript) }
        do {
            let result = try await Subprocess.run(
                .name("sh"),
                arguments: Arguments(
                    ["-c", "log=$1; shift; cd / && exec \"$@\" >\"$log\" 2>&1 </dev/null", "sh", transcript] + command
                ),
                output: .discarded,
                error: .discarded
            )
            let text = (try? String(contentsOfFile: transcript, encoding: .utf8)) ?? ""
            let end = text.split(separator: "\n").suffix(4).joined(separator: "\n")
            guard result.terminationStatus.isSuccess else {
                return (text, end.isEmpty ? "\(program) ended with \(result.terminationStatus)" : end)
            }
            return (text, nil)
        } catch {
            throw .failed(program: program, output: String(describing: error))
        }
    }
}
