package import PosternModel

/// A secret as lists show it: everything but its bytes.
package struct SecretListing: Sendable, Equatable {
    /// Whether it proves requests.
    package enum State: String, Sendable {
        case active
        case expired
        case revoked
    }

    package let id: SecretID
    package let kind: String
    package let state: State
    package let createdAt: Timestamp
    /// When it stops, or stopped, being active by itself; `nil` for never.
    package let expiresAt: Timestamp?
    package let revokedAt: Timestamp?
}
