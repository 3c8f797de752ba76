/// Why a cryptographic operation was refused; carries no key material.
package enum CryptoError: Error, Equatable, Sendable, CustomStringConvertible {
    /// A key has the wrong length or is not written in the encoding it should be.
    case malformedKey(String)
    /// Sealed bytes are too short, or of a version this program does not know.
    case malformedSealed
    /// Sealed bytes name a key that is not in the ring; the identifier is eight hexadecimal digits.
    case unknownKey(identifier: String)
    /// Sealed bytes, or the context they belong to, were altered.
    case authenticationFailed
    /// libcrypto offers no such algorithm or failed inside; names the operation.
    case libraryFailure(operation: String)

    package var description: String {
        switch self {
        case .malformedKey(let reason): "the key cannot be used: \(reason)"
        case .malformedSealed: "the sealed bytes are too short or of an unknown version"
        case .unknownKey(let identifier): "sealed under key \(identifier), which is not among the configured keys"
        case .authenticationFailed: "the sealed bytes do not belong here or were altered"
        case .libraryFailure(let operation): "libcrypto failed: \(operation)"
        }
    }
}
