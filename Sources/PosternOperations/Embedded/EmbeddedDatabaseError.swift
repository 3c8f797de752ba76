/// Why the private PostgreSQL cluster could not be used.
package enum EmbeddedDatabaseError: Error, Equatable, Sendable, CustomStringConvertible {
    /// The server's programs are not installed.
    case noServer(searched: [String])
    /// The data directory cannot be made or written.
    case notWritable(directory: String, reason: String)
    /// The directory's path leaves no room for a socket's name.
    case pathTooLong(directory: String, limitBytes: Int)
    /// The directory's path has a sign in it that PostgreSQL's programs take for something else.
    case pathNotPlain(directory: String)
    /// The cluster was made by another major version.
    case versionMismatch(directory: String, cluster: String, server: String)
    /// A program of PostgreSQL failed; `output` is the end of what it said.
    case failed(program: String, output: String)

    /// A stable word for scripts.
    package var code: String {
        switch self {
        case .noServer: "no_postgresql"
        case .notWritable: "data_not_writable"
        case .pathTooLong: "data_path_too_long"
        case .pathNotPlain: "data_path_not_plain"
        case .versionMismatch: "postgresql_version_mismatch"
        case .failed: "postgresql_failed"
        }
    }

    package var description: String {
        switch self {
        case .noServer(let searched):
            "no PostgreSQL server programs (initdb, pg_ctl, postgres) in \(searched.joined(separator: ", ")); install them with 'apt-get install postgresql', or set POSTERN_DATABASE to a running server and use 'postern gateway' and 'postern consumer'"
        case .notWritable(let directory, let reason):
            "cannot write the data directory \(directory): \(reason); choose another with --data DIR, or make room"
        case .pathTooLong(let directory, let limit):
            "the data directory \(directory) is too long for a unix socket inside it; choose one of at most \(limit) bytes with --data DIR"
        case .pathNotPlain(let directory):
            "the data directory \(directory) has a comma, a double quote, a backslash, $, a backtick or a control character in its name, which PostgreSQL's programs cannot be given; choose another with --data DIR"
        case .versionMismatch(let directory, let cluster, let server):
            "the cluster in \(directory) was made by PostgreSQL \(cluster) and the installed server is \(server); install version \(cluster), or upgrade the cluster with pg_upgrade"
        case .failed(let program, let output):
            "\(program) failed: \(output)"
        }
    }
}
