package import PosternCrypto
package import PosternModel

/// A secret that requests to a destination are signed with.
///
/// Written `whsec_` and the base64 of 24 to 64 bytes.
///
/// Source: Standard Webhooks specification, "Signature scheme" (read 2026-11-21).
package struct SigningSecret: Sendable {
    /// The key, ready for use: preparing it is half the work of signing a small message.
    package let key: HMACKey
    private let secret: Secret

    /// How many bytes a secret may have.
    package static let byteCounts = 24...64

    private static let prefix = "whsec_"

    /// Reads the text form; `nil` for anything else.
    package init?(_ text: String) {
        guard text.hasPrefix(Self.prefix),
            let bytes = Base64.decode(text.utf8.dropFirst(Self.prefix.utf8.count))
        else { return nil }
        self.init(bytes: bytes)
    }

    /// Reads the text form out of a secret that was sealed; `nil` for anything else.
    package init?(_ text: Secret) { self.init(String(decoding: text.bytes, as: UTF8.self)) }

    private init?(bytes: [UInt8]) {
        guard Self.byteCounts.contains(bytes.count) else { return nil }
        let secret = Secret(bytes)
        do throws(CryptoError) {
            self.key = try HMACKey(.sha256, key: secret)
        } catch {
            return nil
        }
        self.secret = secret
    }

    /// Makes a secret of 32 random bytes.
    package static func generate() -> SigningSecret {
        guard let made = SigningSecret(bytes: RandomBytes.make(32)) else {
            // As with randomness: going on without signatures would be worse than stopping.
            preconditionFailure("libcrypto has no SHA-256")
        }
        return made
    }

    /// The text form: hand it to the operator who asked, or seal it; nowhere else.
    package var text: String { Self.prefix + Base64.encode(self.secret.bytes) }
}

extension SigningSecret: CustomStringConvertible, CustomReflectable {
    package var description: String { self.secret.description }
    package var customMirror: Mirror { self.secret.customMirror }
}

extension SigningSecret: Equatable {
    package static func == (left: SigningSecret, right: SigningSecret) -> Bool { left.secret == right.secret }
}
