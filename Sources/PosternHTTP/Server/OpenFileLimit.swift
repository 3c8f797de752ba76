internal import Glibc

/// How many files and sockets this process may have open.
///
/// Most systems start a process with 1,024 and allow it to ask for more; a server with ten thousand connections must.
package struct OpenFileLimit: Equatable, Sendable {
    /// What holds now.
    package let soft: Int
    /// What the process may raise it to.
    package let hard: Int

    /// Joins the two.
    package init(soft: Int, hard: Int) {
        self.soft = soft
        self.hard = hard
    }

    /// What holds now; `nil` when the system does not say.
    package static var current: OpenFileLimit? { Self.read().map { OpenFileLimit($0) } }

    /// Raises the soft limit to the hard one, for the whole process.
    ///
    /// - Returns: What holds afterwards: the old limit when the system refused. `nil` when it does not say.
    package static func raise() -> OpenFileLimit? {
        guard var limit = Self.read() else { return nil }
        guard limit.rlim_cur < limit.rlim_max else { return OpenFileLimit(limit) }
        limit.rlim_cur = limit.rlim_max
        // A refusal shows in what is read back.
        _ = unsafe setrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit)
        return Self.current
    }

    private init(_ limit: rlimit) {
        // "Unlimited" is the largest number there is.
        self.soft = Int(clamping: limit.rlim_cur)
        self.hard = Int(clamping: limit.rlim_max)
    }

    private static func read() -> rlimit? {
        var limit = rlimit()
        return unsafe getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit) == 0 ? limit : nil
    }
}
