extension JSONIndexer {
    /// Reads a string and returns the offset after it: its escapes are checked and, outside them, its UTF-8.
    static func string(
        _ bytes: Span<UInt8>,
        from start: Int,
        into tokens: inout OutputSpan<JSONToken>
    ) throws(JSONError) -> Int {
        var position = start + 1
        var escaped: UInt32 = 0
        while position < bytes.count {
            position = Self.endOfPlainText(bytes, from: position)
            guard position < bytes.count else { break }
            let byte = bytes[position]
            if Self.isPlain(byte) {
                // One of the last bytes, too few to be looked at together.
                position += 1
            } else if byte == UInt8(ascii: "\"") {
                Self.append(start, position + 1, detail: escaped, into: &tokens)
                return position + 1
            } else if byte == UInt8(ascii: "\\") {
                escaped = 1
                position = try Self.escape(bytes, at: position)
            } else if byte < 0x20 {
                throw .controlCharacter(byte, at: position)
            } else {
                position = try Self.sequence(bytes, at: position)
            }
        }
        throw .unexpectedEnd(at: bytes.count)
    }

    /// Whether a byte stands for itself and nothing else: ASCII, neither a control character, a quote nor a backslash.
    private static func isPlain(_ byte: UInt8) -> Bool {
        byte >= 0x20 && byte < 0x80 && byte != UInt8(ascii: "\"") && byte != UInt8(ascii: "\\")
    }

    /// Steps over plain bytes, eight at a time, as far as eight are left; where it ends the next byte may be plain.
    ///
    /// Source: the tests for a zero byte and for a byte below a bound in a word, "Bit Twiddling Hacks" (Sean Eron
    /// Anderson, graphics.stanford.edu/~seander/bithacks.html). A borrow may mark a byte falsely, but only one above a
    /// byte that is marked rightly, and the lowest is the one that counts.
    private static func endOfPlainText(_ bytes: Span<UInt8>, from start: Int) -> Int {
        let (ones, highs): (UInt64, UInt64) = (0x0101_0101_0101_0101, 0x8080_8080_8080_8080)
        let text = unsafe bytes.bytes
        var position = start
        while position + 8 <= bytes.count {
            // Within the bytes by the line above; the check is left out because it would be made eight times.
            let word = unsafe UInt64(
                littleEndian: text.unsafeLoadUnaligned(fromByteOffset: position, as: UInt64.self)
            )
            let quotes = word ^ (ones &* UInt64(UInt8(ascii: "\"")))
            let backslashes = word ^ (ones &* UInt64(UInt8(ascii: "\\")))
            let marked =
                word | ((word &- ones &* 0x20) & ~word) | ((quotes &- ones) & ~quotes)
                | ((backslashes &- ones) & ~backslashes)
            guard marked & highs == 0 else { return position + (marked & highs).trailingZeroBitCount / 8 }
            position += 8
        }
        return position
    }

    /// Checks the escape whose backslash is at `start` and returns the offset after it.
    private static func escape(_ bytes: Span<UInt8>, at start: Int) throws(JSONError) -> Int {
        guard start + 1 < bytes.count else { throw .unexpectedEnd(at: bytes.count) }
        switch bytes[start + 1] {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"), UInt8(ascii: "b"), UInt8(ascii: "f"),
            UInt8(ascii: "n"), UInt8(ascii: "r"), UInt8(ascii: "t"):
            return start + 2
        case UInt8(ascii: "u"):
            // Half of a surrogate pair is let through, as the grammar allows: senders cut texts inside an emoji, and
            // such a delivery must not become a dead letter. Read as text, it is U+FFFD (RFC 8259, section 8.2).
            _ = try Self.unit(bytes, at: start)
            return start + 6
        default:
            throw .malformedEscape(at: start)
        }
    }

    /// The code unit of the `\uXXXX` at `start`.
    private static func unit(_ bytes: Span<UInt8>, at start: Int) throws(JSONError) -> UInt16 {
        var unit: UInt16 = 0
        for offset in (start + 2)..<(start + 6) {
            guard offset < bytes.count else { throw .unexpectedEnd(at: bytes.count) }
            guard let digit = JSONText.hexadecimalValue(bytes[offset]) else { throw .malformedEscape(at: start) }
            unit = unit << 4 | digit
        }
        return unit
    }

    /// Checks the multi-byte UTF-8 sequence at `start` and returns the offset after it.
    ///
    /// Source: RFC 3629, section 4: the table of well-formed sequences.
    private static func sequence(_ bytes: Span<UInt8>, at start: Int) throws(JSONError) -> Int {
        var length = 2
        var second: ClosedRange<UInt8> = 0x80...0xBF
        switch bytes[start] {
        case 0xC2...0xDF: break
        case 0xE0: (length, second) = (3, 0xA0...0xBF)
        case 0xED: (length, second) = (3, 0x80...0x9F)
        case 0xE1...0xEF: length = 3
        case 0xF0: (length, second) = (4, 0x90...0xBF)
        case 0xF1...0xF3: length = 4
        case 0xF4: (length, second) = (4, 0x80...0x8F)
        default: throw .malformedUTF8(at: start)
        }
        guard start + 1 < bytes.count else { throw .unexpectedEnd(at: bytes.count) }
        guard second.contains(bytes[start + 1]) else { throw .malformedUTF8(at: start) }
        for offset in (start + 2)..<(start + length) {
            guard offset < bytes.count else { throw .unexpectedEnd(at: bytes.count) }
            guard bytes[offset] & 0xC0 == 0x80 else { throw .malformedUTF8(at: start) }
        }
        return start + length
    }
}
