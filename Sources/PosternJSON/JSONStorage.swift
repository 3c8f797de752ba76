/// The bytes of one document and the index over them: what every value of the document points to.
final class JSONStorage: Sendable {
    let bytes: [UInt8]
    let tokens: [JSONToken]

    init(bytes: [UInt8], tokens: [JSONToken]) {
        self.bytes = bytes
        self.tokens = tokens
    }

    /// The content of the string token at `index`, between its quotes.
    func content(at index: Int) -> Range<Int> {
        Int(self.tokens[index].start) + 1..<Int(self.tokens[index].end) - 1
    }

    /// The bytes the string token at `index` stands for.
    func resolved(at index: Int) -> [UInt8] {
        let bytes = self.bytes
        let range = self.content(at: index)
        guard self.tokens[index].detail != 0 else { return Array(bytes[range]) }
        return JSONText.unescaped(bytes.span.extracting(range))
    }

    /// Whether the string token at `index` stands for exactly these bytes of UTF-8.
    func text(at index: Int, equals name: Span<UInt8>) -> Bool {
        if self.tokens[index].detail != 0 {
            let resolved = self.resolved(at: index)
            return Self.equal(resolved.span, name)
        }
        let range = self.content(at: index)
        guard range.count == name.count else { return false }
        let bytes = self.bytes
        return Self.equal(bytes.span.extracting(range), name)
    }

    private static func equal(_ left: Span<UInt8>, _ right: Span<UInt8>) -> Bool {
        guard left.count == right.count else { return false }
        for offset in left.indices where left[offset] != right[offset] { return false }
        return true
    }
}
