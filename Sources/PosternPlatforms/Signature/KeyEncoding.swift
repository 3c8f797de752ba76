internal import PosternCrypto
internal import PosternModel

/// How the bytes of a key are written in the secret an operator pastes.
package struct KeyEncoding: Sendable {
    /// The notation behind the prefix.
    enum Notation: String, Sendable, CaseIterable {
        /// The text's own UTF-8 bytes.
        case text
        /// Hexadecimal digits.
        case hex
        /// Base64 in either alphabet, padded or not.
        case base64
    }

    let notation: Notation
    /// Taken off before decoding when it is there.
    let prefix: String?

    /// The key's bytes; `nil` when the secret is not written as it should be.
    func decode(_ secret: Secret) -> Secret? {
        var bytes = secret.bytes[...]
        if let prefix, bytes.starts(with: prefix.utf8) { bytes = bytes.dropFirst(prefix.utf8.count) }
        switch self.notation {
        case .text: return Secret(Array(bytes))
        case .hex: return Hexadecimal.decode(bytes).map { Secret($0) }
        case .base64: return Base64.decode(bytes, alphabet: .either).map { Secret($0) }
        }
    }
}
