internal import PosternModel

/// Writes text so that it stays on its line and inside its quotes.
enum LogEscape {
    /// Whether a text-form key or value must be quoted to be read back.
    static func needsQuotes(_ text: String) -> Bool {
        text.isEmpty
            || text.utf8.contains { byte in
                byte <= 0x20 || byte == 0x7F || byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "=")
            }
    }

    /// Writes text with JSON's escapes; control characters of ISO 8859 and Unicode's line ends are escaped too.
    ///
    /// Source: RFC 8259, section 7. Without quotes, quotation marks stand for themselves.
    static func write(_ text: String, quoting: Bool, to output: inout [UInt8]) {
        if quoting { output.append(UInt8(ascii: "\"")) }
        for scalar in text.unicodeScalars {
            switch scalar.value {
            case 0x22 where quoting: output += "\\\"".utf8
            case 0x5C: output += "\\\\".utf8
            case 0x0A: output += "\\n".utf8
            case 0x0D: output += "\\r".utf8
            case 0x09: output += "\\t".utf8
            case 0..<0x20, 0x7F..<0xA0, 0x2028, 0x2029:
                output += "\\u".utf8
                for shift in stride(from: 12, through: 0, by: -4) {
                    output.append(Hexadecimal.digit(of: UInt8(truncatingIfNeeded: scalar.value >> UInt32(shift)) & 0xF))
                }
            default: output += UTF8.encode(scalar) ?? UTF8.encodedReplacementCharacter
            }
        }
        if quoting { output.append(UInt8(ascii: "\"")) }
    }
}
