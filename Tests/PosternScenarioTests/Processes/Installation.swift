import FoundationEssentials
import Glibc
import PosternTesting

/// What `postern up` makes of a data folder, seen from outside.
struct Installation: Sendable {
    let scenario: Scenario
    /// The data folder.
    let data: String
    /// The gateway's port.
    let port: Int

    /// Chooses a folder within the scenario's and a free port.
    init(_ scenario: Scenario, data: String) throws {
        self.scenario = scenario
        self.data = "\(scenario.directory)/\(data)"
        self.port = try HTTPConnection.freePort()
    }

    /// Lends an installation and ends what it left running, whatever happens.
    static func with(data: String = "data", _ body: (Installation) async throws -> Void) async throws {
        try await Scenario.with(.bare) { scenario in
            let installation = try Installation(scenario, data: data)
            let outcome: Result<Void, any Error>
            do {
                outcome = .success(try await body(installation))
            } catch {
                outcome = .failure(error)
            }
            try await installation.endServer()
            try outcome.get()
        }
    }

    /// Starts `postern up` and waits until it says that it is ready.
    func up(settings: [String: String] = [:]) async throws -> Program {
        let program = try self.launch(settings: settings)
        try await eventually("up is ready", within: .seconds(30)) {
            if let ending = program.ending {
                throw ScenarioFailure("up ended, \(ending): \(program.outputText.suffix(2000))")
            }
            return program.outputText.contains("Ctrl-C stops everything.")
        }
        return program
    }

    /// Starts `postern up` without waiting.
    func launch(settings: [String: String] = [:]) throws -> Program {
        try self.scenario.launch(["up", "--data", self.data, "--port", String(self.port)], settings: settings)
    }

    /// The URL of an endpoint as `up` prints it.
    func path(of platform: String, in program: Program) throws -> String {
        let start = "http://127.0.0.1:\(self.port)"
        guard let range = program.outputText.firstRange(of: "\(start)/webhooks/\(platform)/") else {
            throw ScenarioFailure("no \(platform) endpoint in \(program.outputText)")
        }
        let rest = program.outputText[range.lowerBound...].dropFirst(start.count)
        return String(rest.prefix { !$0.isWhitespace })
    }

    /// The number of PostgreSQL's first process, while it runs.
    var serverPID: pid_t? {
        let file = TextFile.read("\(self.data)/cluster/postmaster.pid")
        guard let pid = file.split(separator: "\n").first.flatMap({ pid_t($0) }), Self.isRunning(pid) else {
            return nil
        }
        return pid
    }

    /// The numbers of the `postern` processes that a process started.
    static func children(of pid: pid_t) -> [pid_t] {
        // The kernel lists them by the thread that started them.
        let threads = (try? FileManager.default.contentsOfDirectory(atPath: "/proc/\(pid)/task")) ?? []
        return threads.flatMap { thread in
            TextFile.read("/proc/\(pid)/task/\(thread)/children").split(separator: " ").compactMap { pid_t($0) }
        }
    }

    /// Whether a process is there and not just waiting to be reaped.
    static func isRunning(_ pid: pid_t) -> Bool {
        let status = TextFile.read("/proc/\(pid)/stat")
        guard let state = status.lastIndex(of: ")").map({ status[$0...].dropFirst(2).first }) else { return false }
        return state != "Z" && state != "X"
    }

    /// Ends PostgreSQL if `up` left it running.
    private func endServer() async throws {
        guard let pid = self.serverPID else { return }
        kill(pid, SIGQUIT)
        try await eventually("PostgreSQL ends") { !Self.isRunning(pid) }
    }
}
