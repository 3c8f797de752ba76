/// Why bytes are not a JSON text that Postern reads, and where: `at` is a byte offset from the start.
///
/// Source: RFC 8259, sections 2 to 9.
package enum JSONError: Error, Hashable, Sendable {
    /// The text stops in the middle of a value, or is empty.
    case unexpectedEnd(at: Int)
    /// A byte that cannot stand here.
    case unexpectedByte(UInt8, at: Int)
    /// Something follows the one value a text may have.
    case trailingBytes(at: Int)
    /// A number that does not follow the grammar, such as `01`, `1.` or `-`.
    case malformedNumber(at: Int)
    /// A number of more than 512 digits or with an exponent past ±9999.
    case numberOutOfRange(at: Int)
    /// A backslash followed by something that is no escape.
    case malformedEscape(at: Int)
    /// A raw control character inside a string.
    case controlCharacter(UInt8, at: Int)
    /// Bytes inside a string that are not UTF-8 (overlong forms and encoded surrogates included).
    case malformedUTF8(at: Int)
    /// More than `limit` containers inside one another.
    case tooDeep(limit: Int, at: Int)
    /// A text of more than `limit` bytes.
    case tooLarge(limit: Int, bytes: Int)

    /// The byte offset at which reading stopped.
    package var offset: Int {
        switch self {
        case .unexpectedEnd(let at), .unexpectedByte(_, let at), .trailingBytes(let at), .malformedNumber(let at),
            .numberOutOfRange(let at), .malformedEscape(let at), .controlCharacter(_, let at),
            .malformedUTF8(let at), .tooDeep(_, let at):
            at
        case .tooLarge(let limit, _): limit
        }
    }

    /// What is wrong, in words and without the offset.
    package var reason: String {
        switch self {
        case .unexpectedEnd: "the text ends too early"
        case .unexpectedByte(let byte, _): "unexpected \(Self.name(of: byte))"
        case .trailingBytes: "more text after the end of the value"
        case .malformedNumber: "malformed number"
        case .numberOutOfRange: "number too long or exponent too large"
        case .malformedEscape: "malformed escape sequence"
        case .controlCharacter(let byte, _): "unescaped control character \(Self.name(of: byte))"
        case .malformedUTF8: "invalid UTF-8"
        case .tooDeep(let limit, _): "more than \(limit) levels of nesting"
        case .tooLarge(let limit, let bytes): "\(bytes) bytes where at most \(limit) are read"
        }
    }

    private static func name(of byte: UInt8) -> String {
        if byte > 0x20, byte < 0x7F { return "'\(Character(Unicode.Scalar(byte)))'" }
        let digits = String(byte, radix: 16)
        return "byte 0x\(digits.utf8.count < 2 ? "0" : "")\(digits)"
    }
}

extension JSONError: CustomStringConvertible {
    /// The reason and the offset: `malformed number at byte 17`.
    package var description: String { "\(self.reason) at byte \(self.offset)" }
}
