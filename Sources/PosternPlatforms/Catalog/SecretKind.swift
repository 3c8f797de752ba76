/// A kind of secret that an endpoint of a platform holds.
package struct SecretKind: Equatable, Sendable {
    /// The kind that signatures and tokens are checked with.
    package static let signing = "signing"

    /// The word in the definition and in settings.
    package let name: String
    /// What it is and where to find it.
    package let about: String
    /// Whether the person in front of the platform's console makes it up, so that Postern can offer a random one.
    package let isGenerated: Bool
}
