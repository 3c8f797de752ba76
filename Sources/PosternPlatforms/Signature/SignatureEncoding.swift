internal import PosternCrypto

/// How the bytes of a signature are written.
enum SignatureEncoding: String, Sendable, CaseIterable {
    /// Hexadecimal digits of either case.
    case hex
    /// Base64 in the standard alphabet, with or without padding.
    case base64

    /// Reads a signature; `nil` when it is not written so.
    func decode(_ text: Substring) -> Digest? {
        switch self {
        case .hex: Digest(hexadecimal: text.utf8.span)
        case .base64: Digest(base64: text.utf8.span)
        }
    }

    /// Writes a signature.
    func encode(_ digest: Digest) -> String {
        switch self {
        case .hex: digest.hexadecimal
        case .base64: digest.base64
        }
    }
}
