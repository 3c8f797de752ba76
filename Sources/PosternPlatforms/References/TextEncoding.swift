/// How a template function writes bytes.
package enum TextEncoding: Hashable, Sendable {
    /// Lowercase hexadecimal digits.
    case hex
    /// Base64 in the standard alphabet, padded.
    case base64
}
