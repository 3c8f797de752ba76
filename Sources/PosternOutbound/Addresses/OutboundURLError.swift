/// Why a text is not the URL of a destination.
package enum OutboundURLError: Error, Equatable, Sendable, CustomStringConvertible {
    case tooLong(limitBytes: Int)
    case badCharacter
    case badScheme
    case hasUser
    case hasFragment
    case noHost
    case badHost
    case internationalHost
    case badPort

    package var description: String {
        switch self {
        case .tooLong(let limit): "a URL has at most \(limit) bytes"
        case .badCharacter: "a URL is printable ASCII; anything else, and \"<>\\^`{|}, is written as %XX"
        case .badScheme: "a URL begins with https:// or http://"
        case .hasUser: "a URL must not hold a user or a password; give the destination a header field instead"
        case .hasFragment: "a URL with # is for browsers; leave the part after it out"
        case .noHost: "the URL has no host"
        case .badHost: "the host is neither a name of letters, digits, hyphens and dots nor an address"
        case .internationalHost: "write the host as the domain name system has it: xn--…"
        case .badPort: "the port is a number from 1 to 65535"
        }
    }
}
