/// Why a run does not begin or does not go on.
package enum LoadFailure: Error, Equatable, Sendable, CustomStringConvertible {
    /// An option, or what it names, is of no use; says which and what is.
    case badOption(String)
    /// No connection could be made for so long.
    case unreachable(String)
    /// The ledger cannot be written, so that the run would prove nothing.
    case ledger(String)
    /// The figures cannot be written.
    case output(String)
    /// A request could be signed before, and now cannot.
    case signing(String)

    /// What the program exits with.
    package var exitStatus: Int32 {
        switch self {
        case .badOption: 2
        case .unreachable: 3
        case .ledger, .output, .signing: 1
        }
    }

    package var description: String {
        switch self {
        case .badOption(let text): text
        case .unreachable(let text): "\(text): is the server running?"
        case .ledger(let text): "the ledger cannot be written: \(text)"
        case .output(let text): "the figures cannot be written: \(text)"
        case .signing(let text): "a request cannot be signed: \(text)"
        }
    }
}
