/// One node of a definition file: a text, a list or a mapping, with the place where it stands.
package struct DefinitionNode: Sendable {
    /// What a node is.
    indirect enum Content: Sendable {
        /// The literal text; `isNull` for an empty, `~` or `null` plain scalar.
        case text(String, isNull: Bool)
        case list([DefinitionNode])
        /// In the order of the file; names are unique.
        case mapping([(name: String, line: Int, node: DefinitionNode)])
    }

    /// The file as the reader was given it.
    package let file: String
    /// The line where the node begins, from 1.
    package let line: Int
    let content: Content

    /// Makes a node; reading a file is the work of ``DefinitionFile``.
    init(file: String, line: Int, content: Content) {
        self.file = file
        self.line = line
        self.content = content
    }

    /// Tells whether this is a list.
    package var isList: Bool { if case .list = self.content { true } else { false } }
    /// Tells whether this is a mapping.
    package var isMapping: Bool { if case .mapping = self.content { true } else { false } }

    /// An error at this node's line.
    package func error(_ reason: String) -> DefinitionError {
        DefinitionError(file: self.file, line: self.line, reason: reason)
    }

    /// The literal text of a scalar: `1`, `"1"` and `true` give what is written, without quotes.
    package func text() throws(DefinitionError) -> String {
        guard case .text(let text, let isNull) = self.content else {
            throw self.error("here belongs a text, not a \(self.isList ? "list" : "mapping")")
        }
        guard !isNull else { throw self.error("here belongs a text, not nothing") }
        return text
    }

    /// A whole number within `bounds`.
    package func integer(in bounds: ClosedRange<Int>) throws(DefinitionError) -> Int {
        let text = try self.text()
        guard let value = Int(text), bounds.contains(value) else {
            throw self.error(
                "here belongs a whole number from \(bounds.lowerBound) to \(bounds.upperBound), not \"\(text)\""
            )
        }
        return value
    }

    /// `true` or `false`.
    package func boolean() throws(DefinitionError) -> Bool {
        switch try self.text() {
        case "true": return true
        case "false": return false
        case let other: throw self.error("here belongs true or false, not \"\(other)\"")
        }
    }

    /// One of the words of an enumeration.
    package func word<Word: RawRepresentable & CaseIterable>(
        _ type: Word.Type = Word.self
    ) throws(DefinitionError) -> Word where Word.RawValue == String {
        let text = try self.text()
        guard let word = Word(rawValue: text) else {
            let known = Word.allCases.map(\.rawValue).joined(separator: ", ")
            throw self.error("\"\(text)\" is not one of: \(known)")
        }
        return word
    }

    /// The items of a list.
    package func list() throws(DefinitionError) -> [DefinitionNode] {
        guard case .list(let nodes) = self.content else { throw self.error("here belongs a list") }
        return nodes
    }

    /// The items of a list, or the node itself when it is no list.
    package func oneOrMore() throws(DefinitionError) -> [DefinitionNode] {
        guard case .list(let nodes) = self.content else { return [self] }
        guard !nodes.isEmpty else { throw self.error("the list is empty") }
        return nodes
    }

    /// The fields of a mapping; `what` names the mapping in messages ("an event rule").
    package func fields(_ what: String) throws(DefinitionError) -> DefinitionFields {
        guard case .mapping(let entries) = self.content else {
            throw self.error("here belongs a mapping with the fields of \(what)")
        }
        return DefinitionFields(of: self, what: what, entries: entries)
    }
}
