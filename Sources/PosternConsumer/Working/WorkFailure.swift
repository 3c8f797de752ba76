internal import PosternCrypto
internal import PosternPostgres

/// Why a worker could not finish a round.
///
/// Nothing is lost by it: the next round reads from the same place.
enum WorkFailure: Error {
    case database(PostgresError)
    case crypto(CryptoError)
}

extension WorkFailure: CustomStringConvertible {
    /// What happened, for the log.
    var description: String {
        switch self {
        case .database(let error): "\(error)"
        case .crypto(let error): "\(error)"
        }
    }
}
