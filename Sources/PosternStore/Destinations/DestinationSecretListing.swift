package import PosternModel

/// A secret of a destination as lists show it: everything but its bytes.
package struct DestinationSecretListing: Sendable, Equatable {
    package let id: SecretID
    package let kind: DestinationSecret.Kind
    /// The header's name; `nil` for a signing secret.
    package let name: String?
    package let state: SecretListing.State
    package let createdAt: Timestamp
    /// When it stops, or stopped, being active by itself; `nil` for never.
    package let expiresAt: Timestamp?
    package let revokedAt: Timestamp?
}
