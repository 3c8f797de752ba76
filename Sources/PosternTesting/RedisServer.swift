internal import Glibc
internal import PosternModel

/// A redis-server of one test's own: a unix socket in a directory of its own, nothing on disk, no network.
///
/// Blocking: use it on a thread of its own.
package final class RedisServer: Sendable {
    /// What went wrong with the server itself.
    package enum Failure: Error {
        case notStarted
        case notStopped
    }

    /// Where its files are.
    package let directory: String
    private let password: String?

    /// The path of its unix socket.
    package var socket: String { "\(self.directory)/redis.sock" }

    private init(directory: String, password: String?) {
        self.directory = directory
        self.password = password
    }

    /// Starts a server, lends it, and stops it afterwards, whatever happens.
    package static func with<Value>(password: String? = nil, _ body: (RedisServer) async throws -> Value) async throws
        -> Value
    {
        let name = UniqueID.timeOrdered(at: .now()).description.filter { $0 != "-" }
        let server = RedisServer(directory: "/tmp/redis-\(name)", password: password)
        unsafe mkdir(server.directory, 0o700)
        try await onThread { try server.start() }
        let outcome: Result<Value, any Error>
        do { outcome = .success(try await body(server)) } catch { outcome = .failure(error) }
        try await onThread {
            try server.kill()
            _ = try Command.run("/bin/rm", ["-r", server.directory])
        }
        return try outcome.get()
    }

    /// Starts the server and waits until it accepts connections.
    package func start() throws {
        _ = try Command.run(
            "/usr/bin/redis-server",
            [
                "--port", "0", "--unixsocket", self.socket, "--save", "", "--appendonly", "no", "--daemonize", "yes",
                "--dir", self.directory, "--pidfile", "\(self.directory)/pid", "--logfile", "\(self.directory)/log",
            ] + (self.password.map { ["--requirepass", $0] } ?? [])
        )
        try self.wait(until: true, or: .notStarted)
    }

    /// Ends the server at once and waits until nobody answers any more.
    package func kill() throws {
        self.signal(SIGCONT)
        self.signal(SIGKILL)
        try self.wait(until: false, or: .notStopped)
        unsafe unlink(self.socket)
    }

    /// Stops the server from answering; connections to it stay open, and new ones are accepted by the system.
    package func freeze() { self.signal(SIGSTOP) }

    /// Lets a frozen server go on.
    package func thaw() { self.signal(SIGCONT) }

    private func signal(_ number: Int32) {
        guard let file = unsafe fopen("\(self.directory)/pid", "r") else { return }
        defer { unsafe fclose(file) }
        var line = [CChar](repeating: 0, count: 32)
        guard unsafe fgets(&line, 32, file) != nil else { return }
        let digits = line.prefix { $0 >= 0x30 && $0 <= 0x39 }.map { UInt8(bitPattern: $0) }
        guard let process = pid_t(String(decoding: digits, as: UTF8.self)), process > 1 else { return }
        _ = Glibc.kill(process, number)
    }

    private func wait(until isWanted: Bool, or failure: Failure) throws {
        let end = ContinuousClock.now.advanced(by: .seconds(20))
        while self.accepts() != isWanted || (isWanted && !self.hasProcessFile) {
            guard ContinuousClock.now < end else { throw failure }
            usleep(2000)
        }
    }

    private var hasProcessFile: Bool { unsafe access("\(self.directory)/pid", R_OK) == 0 }

    private func accepts() -> Bool {
        let descriptor = Glibc.socket(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0)
        defer { close(descriptor) }
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        let path = Array(self.socket.utf8)
        unsafe withUnsafeMutableBytes(of: &address.sun_path) { bytes in unsafe bytes.copyBytes(from: path) }
        return unsafe withUnsafePointer(to: &address) { pointer in
            unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { pointer in
                unsafe connect(descriptor, pointer, socklen_t(MemoryLayout<sockaddr_un>.size)) == 0
            }
        }
    }
}
