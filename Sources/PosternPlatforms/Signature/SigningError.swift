/// Why a request cannot be signed the way its platform does.
package enum SigningError: Error, Equatable, Sendable, CustomStringConvertible {
    /// The signature or its time belongs into a body that is no JSON object; names the place.
    case cannotPlace(String)
    /// A piece of the signed message is not in the request.
    case missingPart
    /// There are no items to sign.
    case noItems(String)

    package var description: String {
        switch self {
        case .cannotPlace(let place): "the signature belongs at \(place), and the body has no room for it there"
        case .missingPart: "a part of what the platform signs is not in the request"
        case .noItems(let path): "the platform signs each item at \(path), and the body has none"
        }
    }
}
