internal import PosternCrypto

/// The one digest that keys are made of.
enum TextDigest {
    /// The lowercase hexadecimal SHA-256 of the bytes.
    static func sha256(_ bytes: some Sequence<UInt8>) -> String { Self.sha256(Array(bytes).span) }

    /// The lowercase hexadecimal SHA-256 of the bytes.
    ///
    /// Traps when libcrypto is configured without SHA-256: no delivery could have been verified then either.
    static func sha256(_ bytes: Span<UInt8>) -> String {
        do throws(CryptoError) {
            return try HashStream.digest(.sha256, bytes).hexadecimal
        } catch {
            preconditionFailure("libcrypto offers no SHA-256: \(error)")
        }
    }
}
