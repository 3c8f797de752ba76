package import PosternModel

/// One secret of an endpoint, opened.
package struct SecretRecord: Sendable, Equatable {
    package let id: SecretID
    /// What it is for, in the platform definition's words: `signing`, `verify_token`.
    package let kind: String
    package let secret: Secret
    package let createdAt: Timestamp
    /// When it stops being active; `nil` for a secret that stays until it is revoked.
    package let expiresAt: Timestamp?

    /// Joins the values.
    package init(id: SecretID, kind: String, secret: Secret, createdAt: Timestamp, expiresAt: Timestamp? = nil) {
        self.id = id
        self.kind = kind
        self.secret = secret
        self.createdAt = createdAt
        self.expiresAt = expiresAt
    }

    /// Whether it still proves requests at `time`.
    package func isActive(at time: Timestamp) -> Bool { self.expiresAt.map { time < $0 } ?? true }

    /// What a sealed secret is bound to, so that it opens on no other endpoint and for no other purpose.
    package static func sealingContext(endpoint: EndpointID, kind: String) -> [UInt8] {
        var context: [UInt8] = []
        context.reserveCapacity(16 + kind.utf8.count)
        for half in [endpoint.id.high, endpoint.id.low] {
            for shift in stride(from: 56, through: 0, by: -8) {
                context.append(UInt8(truncatingIfNeeded: half >> UInt64(shift)))
            }
        }
        context.append(contentsOf: kind.utf8)
        return context
    }
}
