package import PosternModel

/// Why nothing can be sent to a destination.
package enum OutboundTargetError: Error, Equatable, Sendable, CustomStringConvertible {
    /// The destination takes no requests.
    case noRequest
    /// Its form is none of a destination of kind `http`.
    case badForm(String)
    /// Its URL is none that requests may go to; the text says why.
    case badURL(String)
    /// It has no signing secret that is active and can be opened.
    case unsigned
    /// A signing secret of it is none.
    case badSigningSecret(SecretID)

    /// What is wrong and what to do next.
    package var description: String {
        switch self {
        case .noRequest: "the destination takes no requests"
        case .badForm(let form): "the destination's form \(form) is none that events are sent in"
        case .badURL(let why): "the destination's URL cannot be used: \(why)"
        case .unsigned:
            """
            the destination has no signing secret that can be opened: check the key file, or add a secret with \
            `postern destination rotate-secret`
            """
        case .badSigningSecret(let id):
            "the signing secret \(id) cannot be used: replace it with `postern destination rotate-secret`"
        }
    }
}
