/// Why a name has no address.
package enum LookupFailure: Error, Equatable, Sendable, CustomStringConvertible {
    /// The system's resolver said no; its own words.
    case failed(String)
    /// It said nothing in time.
    case timeout
    /// More names are being looked up than may be at once.
    case tooManyNames
    /// Nobody waits for it any more.
    case canceled

    package var description: String {
        switch self {
        case .failed(let reason): reason
        case .timeout: "no answer from the name server in time"
        case .tooManyNames: "too many names are being looked up"
        case .canceled: "canceled"
        }
    }
}
