/// The content of strings that the indexer has already checked.
enum JSONText {
    /// The characters of a string with its escapes resolved.
    static func unescaped(_ bytes: Span<UInt8>) -> [UInt8] {
        var output: [UInt8] = []
        output.reserveCapacity(bytes.count)
        var position = 0
        while position < bytes.count {
            let byte = bytes[position]
            if byte != UInt8(ascii: "\\") || position + 1 >= bytes.count {
                output.append(byte)
                position += 1
            } else if bytes[position + 1] == UInt8(ascii: "u") {
                let (scalar, end) = Self.scalar(bytes, at: position)
                output.append(contentsOf: UTF8.encode(scalar) ?? UTF8.encodedReplacementCharacter)
                position = end
            } else {
                output.append(Self.character(bytes[position + 1]))
                position += 2
            }
        }
        return output
    }

    /// The value of a hexadecimal digit in either case.
    static func hexadecimalValue(_ byte: UInt8) -> UInt16? {
        switch byte {
        case UInt8(ascii: "0")...UInt8(ascii: "9"): UInt16(byte - UInt8(ascii: "0"))
        case UInt8(ascii: "a")...UInt8(ascii: "f"): UInt16(byte - UInt8(ascii: "a") + 10)
        case UInt8(ascii: "A")...UInt8(ascii: "F"): UInt16(byte - UInt8(ascii: "A") + 10)
        default: nil
        }
    }

    private static func character(_ letter: UInt8) -> UInt8 {
        switch letter {
        case UInt8(ascii: "b"): 0x08
        case UInt8(ascii: "f"): 0x0C
        case UInt8(ascii: "n"): 0x0A
        case UInt8(ascii: "r"): 0x0D
        case UInt8(ascii: "t"): 0x09
        default: letter
        }
    }

    /// The character of the `\uXXXX` or surrogate pair at `start`, U+FFFD for half a pair, and the offset after it.
    private static func scalar(_ bytes: Span<UInt8>, at start: Int) -> (Unicode.Scalar, Int) {
        let unit = Self.unit(bytes, at: start)
        guard unit & 0xFC00 == 0xD800, start + 7 < bytes.count, bytes[start + 6] == UInt8(ascii: "\\"),
            bytes[start + 7] == UInt8(ascii: "u")
        else { return (Unicode.Scalar(unit) ?? "\u{FFFD}", start + 6) }
        let low = Self.unit(bytes, at: start + 6)
        guard low & 0xFC00 == 0xDC00 else { return ("\u{FFFD}", start + 6) }
        let value = 0x10000 + (unit & 0x3FF) << 10 + low & 0x3FF
        return (Unicode.Scalar(value) ?? "\u{FFFD}", start + 12)
    }

    private static func unit(_ bytes: Span<UInt8>, at start: Int) -> UInt32 {
        var unit: UInt32 = 0
        for offset in (start + 2)..<(start + 6) where offset < bytes.count {
            unit = unit << 4 | UInt32(Self.hexadecimalValue(bytes[offset]) ?? 0)
        }
        return unit
    }
}
