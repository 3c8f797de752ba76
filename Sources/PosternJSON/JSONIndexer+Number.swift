extension JSONIndexer {
    /// Reads a number literal by the grammar of RFC 8259, section 6; its value is never computed.
    mutating func number(_ bytes: Span<UInt8>) throws(JSONError) {
        let start = self.position
        if bytes[self.position] == UInt8(ascii: "-") { self.position += 1 }
        if self.position < bytes.count, bytes[self.position] == UInt8(ascii: "0") {
            self.position += 1
        } else {
            try self.digits(bytes, of: start)
        }
        if self.position < bytes.count, bytes[self.position] == UInt8(ascii: ".") {
            self.position += 1
            try self.digits(bytes, of: start)
        }
        if self.position < bytes.count, bytes[self.position] | 0x20 == UInt8(ascii: "e") {
            self.position += 1
            try self.exponent(bytes, of: start)
        }
        guard self.position - start <= JSONLimits.numberBytes else { throw .numberOutOfRange(at: start) }
        // A digit here follows a leading zero.
        if self.position < bytes.count, Self.isDigit(bytes[self.position]) { throw .malformedNumber(at: start) }
        self.append(from: start)
    }

    private mutating func exponent(_ bytes: Span<UInt8>, of start: Int) throws(JSONError) {
        if self.position < bytes.count,
            bytes[self.position] == UInt8(ascii: "+") || bytes[self.position] == UInt8(ascii: "-")
        {
            self.position += 1
        }
        let first = self.position
        try self.digits(bytes, of: start)
        var value = 0
        for offset in first..<self.position {
            value = value * 10 + Int(bytes[offset] - UInt8(ascii: "0"))
            guard value <= JSONLimits.exponent else { throw .numberOutOfRange(at: start) }
        }
    }

    /// Reads one digit or more.
    private mutating func digits(_ bytes: Span<UInt8>, of start: Int) throws(JSONError) {
        let first = self.position
        while self.position < bytes.count, Self.isDigit(bytes[self.position]) { self.position += 1 }
        guard self.position > first else {
            throw self.position == bytes.count ? .unexpectedEnd(at: self.position) : .malformedNumber(at: start)
        }
    }

    private static func isDigit(_ byte: UInt8) -> Bool { byte >= UInt8(ascii: "0") && byte <= UInt8(ascii: "9") }
}
