extension JSONIndexer {
    /// Checks a number literal by the grammar of RFC 8259, section 6, and returns the offset after it.
    ///
    /// Its value is never computed.
    static func endOfNumber(_ bytes: Span<UInt8>, from start: Int) throws(JSONError) -> Int {
        var position = start
        if bytes[position] == UInt8(ascii: "-") { position += 1 }
        if position < bytes.count, bytes[position] == UInt8(ascii: "0") {
            position += 1
        } else {
            position = try Self.endOfDigits(bytes, from: position, of: start)
        }
        if position < bytes.count, bytes[position] == UInt8(ascii: ".") {
            position = try Self.endOfDigits(bytes, from: position + 1, of: start)
        }
        if position < bytes.count, bytes[position] | 0x20 == UInt8(ascii: "e") {
            position = try Self.endOfExponent(bytes, from: position + 1, of: start)
        }
        guard position - start <= JSONLimits.numberBytes else { throw .numberOutOfRange(at: start) }
        // A digit here follows a leading zero.
        if position < bytes.count, Self.isDigit(bytes[position]) { throw .malformedNumber(at: start) }
        return position
    }

    private static func endOfExponent(
        _ bytes: Span<UInt8>,
        from sign: Int,
        of start: Int
    ) throws(JSONError) -> Int {
        var first = sign
        if first < bytes.count, bytes[first] == UInt8(ascii: "+") || bytes[first] == UInt8(ascii: "-") { first += 1 }
        let end = try Self.endOfDigits(bytes, from: first, of: start)
        var value = 0
        for offset in first..<end {
            value = value * 10 + Int(bytes[offset] - UInt8(ascii: "0"))
            guard value <= JSONLimits.exponent else { throw .numberOutOfRange(at: start) }
        }
        return end
    }

    /// Reads one digit or more, and returns the offset after them.
    private static func endOfDigits(
        _ bytes: Span<UInt8>,
        from first: Int,
        of start: Int
    ) throws(JSONError) -> Int {
        var position = first
        while position < bytes.count, Self.isDigit(bytes[position]) { position += 1 }
        guard position > first else {
            throw position == bytes.count ? .unexpectedEnd(at: position) : .malformedNumber(at: start)
        }
        return position
    }

    private static func isDigit(_ byte: UInt8) -> Bool { byte >= UInt8(ascii: "0") && byte <= UInt8(ascii: "9") }
}
