/// What Redis, or the way to it, refused.
///
/// No case ever holds a password.
package enum RedisError: Error, Equatable, Sendable {
    /// The address cannot be used; says what to write instead.
    case misconfigured(String)
    /// There is no connection, or it was lost; whether the commands were run is unknown.
    case unreachable(String)
    /// Redis answered with an error, such as `NOAUTH` or `OOM`.
    case refused(String)
    /// Our deadline passed; the connection is given up, because answers may still come.
    case deadline(String)
    /// What came back is not what the commands give.
    case malformed(String)
}

extension RedisError: CustomStringConvertible {
    /// One line for people and logs.
    package var description: String {
        switch self {
        case .misconfigured(let message): "the address of Redis cannot be used: \(message)"
        case .unreachable(let message): "Redis cannot be reached: \(message)"
        case .refused(let message): "Redis refused: \(message)"
        case .deadline(let message): "Redis was not done in time: \(message)"
        case .malformed(let message): "Redis answered something else: \(message)"
        }
    }
}
