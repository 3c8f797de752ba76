package import PosternModel

/// A quarantined request that verifies now.
package struct QuarantineAdmission: Sendable {
    package let request: QuarantinedRequest
    /// The secret that proved it; `nil` where the scheme has none.
    package let secret: SecretID?

    /// Joins the values.
    package init(_ request: QuarantinedRequest, provedBy secret: SecretID?) {
        self.request = request
        self.secret = secret
    }
}
