internal import Glibc

/// Runs other programs.
///
/// Not Foundation's `Process`: that learns of the end through a socket which a server started by the program inherits,
/// and so waits for the server.
package enum Command {
    /// Runs a program to its end and gives what it wrote to standard output, without newlines at the end; blocking.
    ///
    /// - Throws: ``TestFailure/tool(_:)`` with what it wrote to standard error when it did not end with status 0.
    package static func run(_ path: String, _ arguments: [String]) throws -> String {
        let output = try Self.pipe()
        let errors = try Self.pipe()
        var actions = unsafe posix_spawn_file_actions_t()
        unsafe posix_spawn_file_actions_init(&actions)
        defer { unsafe posix_spawn_file_actions_destroy(&actions) }
        unsafe posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0)
        unsafe posix_spawn_file_actions_adddup2(&actions, output.write, 1)
        unsafe posix_spawn_file_actions_adddup2(&actions, errors.write, 2)
        var words: [UnsafeMutablePointer<CChar>?] = unsafe ([path] + arguments).map { unsafe strdup($0) } + [nil]
        defer { unsafe words.forEach { unsafe free($0) } }
        var process = pid_t()
        let status = unsafe posix_spawn(&process, path, &actions, nil, &words, environ)
        close(output.write)
        close(errors.write)
        let text = Self.readAll(output.read)
        let complaint = Self.readAll(errors.read)
        guard status == 0 else { throw TestFailure.tool("\(path) could not be started: error \(status)") }
        var outcome: Int32 = 0
        while unsafe waitpid(process, &outcome, 0) == -1 && errno == EINTR {}
        guard outcome == 0 else {
            throw TestFailure.tool("\(path) \(arguments.joined(separator: " ")): wait status \(outcome): \(complaint)")
        }
        return String(text.reversed().drop { $0.isNewline }.reversed())
    }

    private static func pipe() throws -> (read: Int32, write: Int32) {
        var ends: [Int32] = [-1, -1]
        guard unsafe Glibc.pipe(&ends) == 0 else { throw TestFailure.tool("no pipe: errno \(errno)") }
        for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
        return (ends[0], ends[1])
    }

    private static func readAll(_ descriptor: Int32) -> String {
        defer { close(descriptor) }
        var bytes: [UInt8] = []
        var chunk = [UInt8](repeating: 0, count: 4096)
        while true {
            let count = unsafe read(descriptor, &chunk, chunk.count)
            if count > 0 {
                bytes += chunk[..<count]
            } else if count == 0 || errno != EINTR {
                return String(decoding: bytes, as: UTF8.self)
            }
        }
    }
}
