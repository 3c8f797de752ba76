package import PosternModel

/// What came of checking one request.
package enum Verdict: Equatable, Sendable {
    /// The request is the platform's.
    ///
    /// - `secret`: the secret that proved it; `nil` where the URL alone does.
    /// - `signedTime`: the time the platform signed, where it does and the time could be read.
    /// - `redactions`: ranges of the body that hold a shared token and are to be masked before the body is stored, in
    ///   ascending order.
    case accepted(secret: SecretID?, signedTime: Timestamp?, redactions: [Range<Int>])
    /// The request is not proven.
    case refused(VerificationFailure)
}
