package import PosternCrypto
package import PosternModel

/// Why an endpoint's settings cannot be made into a verifier.
package enum VerifierError: Error, Equatable, Sendable, CustomStringConvertible {
    /// The endpoint holds no active signing secret.
    case noSigningSecret
    /// A secret is empty.
    case emptySecret(SecretID)
    /// A secret is not written in the encoding the platform's keys have; names the encoding.
    case malformedSecret(SecretID, encoding: String)
    /// A setting that is part of the signed message is missing.
    case missingParameter(String)
    /// The scheme needs a kind of cryptography this program does not have.
    case unsupported(algorithm: String)
    /// libcrypto refused the key.
    case crypto(CryptoError)

    package var description: String {
        switch self {
        case .noSigningSecret: "the endpoint has no active signing secret"
        case .emptySecret(let id): "the secret \(id) is empty"
        case .malformedSecret(let id, let encoding): "the secret \(id) is not \(encoding)"
        case .missingParameter(let name): "the endpoint lacks the setting \"\(name)\""
        case .unsupported(let algorithm): "signatures of the kind \(algorithm) are not supported"
        case .crypto(let error): "\(error)"
        }
    }
}
