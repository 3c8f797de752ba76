package import PosternPostgres
package import PosternRedis

/// Why counts were not exchanged; no request is refused or delayed for any of it.
package enum ShareError: Error, Equatable, Sendable {
    /// The store could not be reached, or not in time.
    case unreachable(String)
    /// The store refused: rights, memory, a replica that takes no writes.
    case refused(String)

    /// Sorts what PostgreSQL gave.
    package init(_ error: PostgresError) {
        self =
            switch error {
            case .unreachable, .retry, .deadline: .unreachable(error.description)
            case .conflict, .refused: .refused(error.description)
            }
    }

    /// Sorts what Redis gave.
    package init(_ error: RedisError) {
        self =
            switch error {
            case .unreachable, .deadline: .unreachable(error.description)
            case .misconfigured, .refused, .malformed: .refused(error.description)
            }
    }
}

extension ShareError: CustomStringConvertible {
    /// One line for people and logs.
    package var description: String {
        switch self {
        case .unreachable(let message), .refused(let message): message
        }
    }
}
