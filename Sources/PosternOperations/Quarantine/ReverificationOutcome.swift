package import PosternModel
package import PosternStore

/// What came of checking one quarantined request again.
package enum ReverificationOutcome: Sendable {
    /// It is proven now and may be admitted; tokens in its body are masked.
    case valid(QuarantineAdmission)
    /// It is proven now, and a handshake that no delivery comes of.
    case handshake
    /// It is still not proven.
    case refused(VerificationFailure)
}
