internal import PosternModel

/// A cursor over the text of a path, template or condition.
struct ReferenceReader {
    private let bytes: [UInt8]
    private(set) var position = 0

    init(_ text: String) { self.bytes = Array(text.utf8) }

    var atEnd: Bool { self.position >= self.bytes.count }

    /// The byte at the cursor, or `nil` at the end.
    var next: UInt8? { self.atEnd ? nil : self.bytes[self.position] }

    /// What has not been read, for messages.
    var rest: String { String(decoding: self.bytes[self.position...], as: UTF8.self) }

    /// What was read since `start`.
    func text(from start: Int) -> String { String(decoding: self.bytes[start..<self.position], as: UTF8.self) }

    /// Whether these bytes follow.
    func follows(_ mark: StaticString) -> Bool {
        self.bytes[self.position...].starts(with: mark.description.utf8)
    }

    /// Skips these bytes when they follow.
    mutating func take(_ mark: StaticString) -> Bool {
        guard self.follows(mark) else { return false }
        self.position += mark.utf8CodeUnitCount
        return true
    }

    /// Reads one byte.
    mutating func advance() -> UInt8? {
        guard let byte = self.next else { return nil }
        self.position += 1
        return byte
    }

    /// Skips blanks.
    mutating func skipBlanks() {
        while let byte = self.next, byte == 0x20 || byte == 0x09 { self.position += 1 }
    }

    /// Reads bytes as long as `accept` likes them.
    mutating func take(while accept: (UInt8) -> Bool) -> String {
        let start = self.position
        while let byte = self.next, accept(byte) { self.position += 1 }
        return self.text(from: start)
    }

    /// Reads a name in quotes when one follows, without its quotes; `nil` when the next byte is no quote.
    mutating func takeQuoted() throws(ReferenceError) -> String? {
        guard self.take("\"") else { return nil }
        let name = self.take { $0 != UInt8(ascii: "\"") }
        guard self.take("\"") else { throw .unclosedQuote }
        return name
    }

    /// Reads a root, function, binding or member name: letters, digits, `_`, `-`, `$`, `@` and all beyond ASCII.
    mutating func takeWord() -> String { self.take(while: Self.isWord) }

    static func isWord(_ byte: UInt8) -> Bool {
        byte.isLetterOrDigitASCII || byte >= 0x80 || "_-$@".utf8.contains(byte)
    }
}
