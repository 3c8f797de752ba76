/// One entry of a `when:` list: `body.type = ping`, `body.type != ping`, `body.data`, `!body.data`.
package struct Condition: Hashable, Sendable, CustomStringConvertible {
    private enum Test: Hashable, Sendable {
        case present
        case absent
        case equal(String)
        case different(String)
    }

    private let path: ValuePath
    private let test: Test
    /// The condition as it was written.
    package let description: String

    /// Reads a condition.
    ///
    /// The value after `=` or `!=` is the rest of the text without blanks around it, or what its quotes enclose.
    ///
    /// - Parameters:
    ///   - text: the condition.
    ///   - bindings: the names bound by `as:` around it, outermost first.
    /// - Throws: ``ReferenceError`` with what is wrong about the text.
    package init(_ text: String, bindings: [String] = []) throws(ReferenceError) {
        var reader = ReferenceReader(text)
        reader.skipBlanks()
        let negated = reader.take("!")
        reader.skipBlanks()
        self.path = try ValuePath(reading: &reader, bindings: bindings, iterating: false)
        reader.skipBlanks()
        if reader.atEnd {
            self.test = negated ? .absent : .present
        } else if !negated, reader.take("!=") {
            self.test = .different(try Self.value(&reader))
        } else if !negated, reader.take("=") {
            self.test = .equal(try Self.value(&reader))
        } else {
            throw .trailing(reader.rest)
        }
        self.description = text
    }

    /// Whether evaluating needs the scope's body.
    package var readsBody: Bool { self.path.readsBody }

    /// The headers the condition reads.
    package var headerNames: [String] { [self.path.headerName].compactMap(\.self) }

    /// The path the condition looks at.
    package var paths: [ValuePath] { [self.path] }

    /// Whether the condition holds; `!=` also does when there is nothing at the path.
    package func holds(in scope: ReferenceScope) -> Bool {
        switch self.test {
        case .present: self.path.isPresent(in: scope)
        case .absent: !self.path.isPresent(in: scope)
        case .equal(let value): self.path.text(in: scope) == value
        case .different(let value): self.path.text(in: scope) != value
        }
    }

    private static func value(_ reader: inout ReferenceReader) throws(ReferenceError) -> String {
        reader.skipBlanks()
        if let quoted = try reader.takeQuoted() {
            reader.skipBlanks()
            guard reader.atEnd else { throw .trailing(reader.rest) }
            return quoted
        }
        var bytes = Array(reader.rest.utf8)
        while let last = bytes.last, last == 0x20 || last == 0x09 { bytes.removeLast() }
        guard !bytes.isEmpty else { throw .valueMissing }
        return String(decoding: bytes, as: UTF8.self)
    }
}

extension [Condition] {
    /// Whether every condition of the list holds.
    package func allHold(in scope: ReferenceScope) -> Bool { self.allSatisfy { $0.holds(in: scope) } }
}
