/// Why a signature plan did not accept a request.
package enum VerificationFailure: String, Error, CaseIterable, Sendable {
    /// A signature or token was there and no active secret explains it.
    case signatureMismatch = "signature_mismatch"
    /// The place where the signature or token belongs is empty.
    case missingSignature = "missing_signature"
    /// The signature or its timestamp is not in the form the platform documents.
    case malformedSignature = "malformed_signature"
    /// The signed time lies outside the tolerance.
    case staleTimestamp = "stale_timestamp"
    /// The shared token in the body or the URL is wrong.
    case badToken = "bad_token"
}
