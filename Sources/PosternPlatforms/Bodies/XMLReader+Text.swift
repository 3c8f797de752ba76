extension XMLReader {
    static func isBlank(_ byte: UInt8) -> Bool { byte == 0x20 || byte == 0x09 || byte == 0x0A || byte == 0x0D }

    /// The error for what stands at the cursor.
    func malformed(_ reason: String) -> NormalizationError {
        .malformedXML(offset: min(self.position, self.bytes.count), reason: reason)
    }

    /// The byte so many places after the cursor.
    func byte(_ distance: Int) -> UInt8? {
        self.position + distance < self.bytes.count ? self.bytes[self.position + distance] : nil
    }

    func follows(_ mark: String) -> Bool { self.bytes[self.position...].starts(with: mark.utf8) }

    mutating func take(_ mark: String) -> Bool {
        guard self.follows(mark) else { return false }
        self.position += mark.utf8.count
        return true
    }

    /// Skips blanks; tells whether there were any.
    mutating func skipBlanks() -> Bool {
        let start = self.position
        while let byte = self.next, Self.isBlank(byte) { self.position += 1 }
        return self.position > start
    }

    /// Moves the cursor behind the next occurrence of `mark`.
    mutating func skip(past mark: String) throws(NormalizationError) {
        while self.position < self.bytes.count {
            if self.take(mark) { return }
            self.position += 1
        }
        throw self.malformed("\"\(mark)\" is missing")
    }

    /// Reads the name of an element, attribute or instruction, colons included.
    mutating func name() throws(NormalizationError) -> String {
        let start = self.position
        while let byte = self.next, Self.isName(byte, first: self.position == start) { self.position += 1 }
        guard self.position > start else { throw self.malformed("a name is missing") }
        return String(decoding: self.bytes[start..<self.position], as: UTF8.self)
    }

    private static func isName(_ byte: UInt8, first: Bool) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "_"),
            UInt8(ascii: ":"), 0x80...:
            true
        case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "."): !first
        default: false
        }
    }

    /// Reads an attribute's value with its quotes.
    mutating func attributeValue() throws(NormalizationError) -> String {
        guard let quote = self.next, quote == UInt8(ascii: "\"") || quote == UInt8(ascii: "'") else {
            throw self.malformed("a quote is missing")
        }
        self.position += 1
        let value = try self.characters(until: quote, isAttribute: true)
        guard self.next == quote else { throw self.malformed("a quote is missing") }
        self.position += 1
        return value
    }

    /// Reads characters and references up to `end`, which is not read, or the end of the document.
    mutating func characters(until end: UInt8, isAttribute: Bool) throws(NormalizationError) -> String {
        var text = ""
        var start = self.position
        while let byte = self.next, byte != end {
            if byte == UInt8(ascii: "&") {
                text += try self.normalized(start..<self.position, blanksOnly: isAttribute)
                text.unicodeScalars.append(try self.reference())
                start = self.position
            } else if isAttribute, byte == UInt8(ascii: "<") {
                throw self.malformed("\"<\" in an attribute's value")
            } else if !isAttribute, byte == UInt8(ascii: "]"), self.follows("]]>") {
                throw self.malformed("\"]]>\" in text")
            } else {
                self.position += 1
            }
        }
        return text + (try self.normalized(start..<self.position, blanksOnly: isAttribute))
    }

    /// Characters as the parser must report them: line ends as line feeds or, in attributes, all blanks as spaces.
    func normalized(_ range: Range<Int>, blanksOnly: Bool = false) throws(NormalizationError) -> String {
        var output: [UInt8] = []
        output.reserveCapacity(range.count)
        for offset in range {
            let byte = self.bytes[offset]
            switch byte {
            case 0x0D:
                // A carriage return before a line feed is part of one line end.
                if offset + 1 < range.upperBound, self.bytes[offset + 1] == 0x0A { continue }
                output.append(blanksOnly ? 0x20 : 0x0A)
            case 0x09, 0x0A: output.append(blanksOnly ? 0x20 : byte)
            case 0..<0x20: throw .malformedXML(offset: offset, reason: "a control character")
            default: output.append(byte)
            }
        }
        return String(decoding: output, as: UTF8.self)
    }

    /// Reads a reference to a character or to one of the five entities every document has.
    private mutating func reference() throws(NormalizationError) -> Unicode.Scalar {
        for (name, scalar) in [("&lt;", "<"), ("&gt;", ">"), ("&amp;", "&"), ("&quot;", "\""), ("&apos;", "'")]
            as [(String, Unicode.Scalar)]
        where self.take(name) { return scalar }
        let isHexadecimal = self.follows("&#x")
        guard isHexadecimal || self.follows("&#") else { throw self.malformed("an unknown entity") }
        let start = self.position + (isHexadecimal ? 3 : 2)
        // Seven hexadecimal or eight decimal digits are more than any character needs, leading zeros aside.
        let digits = self.bytes[start...].prefix(12).prefix { $0 != UInt8(ascii: ";") }
        let text = String(decoding: digits, as: UTF8.self)
        guard start + digits.count < self.bytes.count, self.bytes[start + digits.count] == UInt8(ascii: ";"),
            let first = text.utf8.first, first != UInt8(ascii: "+"), first != UInt8(ascii: "-"),
            let value = UInt32(text, radix: isHexadecimal ? 16 : 10), let scalar = Unicode.Scalar(value),
            value >= 0x20 || [0x09, 0x0A, 0x0D].contains(value), value != 0xFFFE, value != 0xFFFF
        else { throw self.malformed("a reference to no character") }
        self.position = start + digits.count + 1
        return scalar
    }
}
