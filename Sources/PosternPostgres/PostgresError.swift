/// What PostgreSQL, or the way to it, refused: sorted by what the caller can do about it.
///
/// SQLSTATE is read here once; nobody else looks at the string except to log it.
package enum PostgresError: Error, Equatable, Sendable {
    /// There is no connection, or it was lost; when a commit was under way, its outcome is unknown.
    case unreachable(String)
    /// The same call may succeed later: serialization, deadlock, lock timeout, shutdown, failover, disk full.
    ///
    /// With 57P01 to 57P03 the connection ends too, and with 01000 the commit took place here but perhaps not on the
    /// standby: then a commit's outcome is unknown.
    case retry(sqlstate: String, message: String)
    /// An integrity constraint stands against the data (class 23).
    case conflict(sqlstate: String, constraint: String?, message: String)
    /// The call is wrong, and stays wrong when it is repeated.
    case refused(sqlstate: String, message: String)
    /// Our deadline passed or the caller canceled; the statement was canceled on the server.
    ///
    /// When a commit was under way, its outcome is unknown.
    case deadline(String)
}

extension PostgresError: CustomStringConvertible {
    /// One line for people and logs; never holds parameters or row contents beyond PostgreSQL's primary message.
    package var description: String {
        switch self {
        case .unreachable(let message): "PostgreSQL cannot be reached: \(message)"
        case .retry(let sqlstate, let message): "PostgreSQL asks to try again later (\(sqlstate)): \(message)"
        case .conflict(let sqlstate, let constraint, let message):
            "PostgreSQL found a conflict (\(sqlstate), constraint \(constraint ?? "unnamed")): \(message)"
        case .refused(let sqlstate, let message): "PostgreSQL refused (\(sqlstate)): \(message)"
        case .deadline(let message): "PostgreSQL was not done in time: \(message)"
        }
    }

    /// The five-character SQLSTATE for logs, `nil` where the server sent none.
    package var sqlstate: String? {
        switch self {
        case .unreachable, .deadline: nil
        case .retry(let sqlstate, _), .conflict(let sqlstate, _, _), .refused(let sqlstate, _): sqlstate
        }
    }
}
