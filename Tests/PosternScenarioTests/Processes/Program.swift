import Glibc
import PosternPostgres
import Synchronization

/// A process that a scenario started: signaled by its own number only, and never after it was reaped.
@safe final class Program: Sendable {
    /// How a process ended.
    enum Ending: Equatable, Sendable {
        case exited(Int32)
        case killed(Int32)
    }

    /// The process number; the process leads a group of its own, as a shell's job does.
    let pid: pid_t
    /// The file that gets its standard output.
    let output: String
    /// The file that gets its standard error; the same file for a server, whose log it is.
    let errors: String
    private let state = Mutex<Ending?>(nil)
    private let reaper = Mutex<ConnectionThread?>(nil)

    /// Starts a program with exactly this environment and an empty standard input.
    ///
    /// - Throws: ``ScenarioFailure`` when it cannot be started.
    init(
        _ path: String,
        _ arguments: [String],
        environment: [String: String],
        output: String,
        errors: String
    ) throws {
        var actions = unsafe posix_spawn_file_actions_t()
        unsafe posix_spawn_file_actions_init(&actions)
        defer { unsafe posix_spawn_file_actions_destroy(&actions) }
        unsafe posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0)
        let flags = O_WRONLY | O_CREAT | O_APPEND
        unsafe posix_spawn_file_actions_addopen(&actions, 1, output, flags, 0o600)
        unsafe posix_spawn_file_actions_addopen(&actions, 2, errors, flags, 0o600)
        var attributes = posix_spawnattr_t()
        unsafe posix_spawnattr_init(&attributes)
        defer { unsafe posix_spawnattr_destroy(&attributes) }
        unsafe posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_SETPGROUP | POSIX_SPAWN_SETSIGMASK))
        var words: [UnsafeMutablePointer<CChar>?] = unsafe ([path] + arguments).map { unsafe strdup($0) } + [nil]
        var variables: [UnsafeMutablePointer<CChar>?] =
            unsafe environment.map { unsafe strdup("\($0.key)=\($0.value)") } + [nil]
        defer {
            unsafe words.forEach { unsafe free($0) }
            unsafe variables.forEach { unsafe free($0) }
        }
        var pid = pid_t()
        let status = unsafe posix_spawn(&pid, path, &actions, &attributes, &words, &variables)
        guard status == 0 else { throw ScenarioFailure("\(path) could not be started: error \(status)") }
        self.pid = pid
        self.output = output
        self.errors = errors
        self.reaper.withLock { reaper in reaper = ConnectionThread.start(name: "reaper") { self.reap() } }
    }

    /// How it ended, `nil` while it runs.
    var ending: Ending? { self.state.withLock { ending in ending } }

    /// Everything it has written to standard output so far.
    var outputText: String { TextFile.read(self.output) }

    /// Everything it has written to standard error so far.
    var errorText: String { TextFile.read(self.errors) }

    /// Sends a signal to the process, or to its whole group as a terminal does; nothing if it has ended.
    func signal(_ number: Int32, group: Bool = false) {
        self.state.withLock { ending in
            // Not reaped yet, so that the number is still this process's.
            if ending == nil { kill(group ? -self.pid : self.pid, number) }
        }
    }

    /// Waits until it has ended.
    ///
    /// - Throws: ``ScenarioFailure`` with its output when it still runs after `limit`.
    @discardableResult
    func ended(within limit: Duration) async throws -> Ending {
        do {
            return try await eventually("process \(self.pid) ends", within: limit) { self.ending }
        } catch let failure as ScenarioFailure {
            throw ScenarioFailure("\(failure): \(self.errorText.suffix(2000))")
        }
    }

    /// Kills it if it runs, and waits for its end.
    func destroy() async {
        self.signal(SIGKILL)
        await self.reaper.withLock { reaper in reaper }?.join()
    }

    private func reap() {
        var information = unsafe siginfo_t()
        // Left unreaped until the lock is held: meanwhile the number cannot become another process's.
        while unsafe waitid(P_PID, id_t(self.pid), &information, WEXITED | WNOWAIT) == -1 && errno == EINTR {}
        self.state.withLock { ending in
            var status: Int32 = 0
            while unsafe waitpid(self.pid, &status, 0) == -1 && errno == EINTR {}
            let signal = status & 0x7F
            ending = signal == 0 ? .exited(status >> 8 & 0xFF) : .killed(signal)
        }
    }
}
