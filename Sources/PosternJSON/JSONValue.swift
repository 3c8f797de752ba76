/// A place in a checked document: one reference and one number, cheap to make and to copy.
package struct JSONValue: Sendable {
    let storage: JSONStorage
    let index: Int

    init(storage: JSONStorage, index: Int) {
        self.storage = storage
        self.index = index
    }

    var token: JSONToken { self.storage.tokens[self.index] }

    /// The document this value is in.
    package var document: JSONDocument { JSONDocument(storage: self.storage) }

    /// What kind of value this is.
    package var kind: JSONKind {
        switch self.storage.bytes[Int(self.token.start)] {
        case UInt8(ascii: "{"): .object
        case UInt8(ascii: "["): .array
        case UInt8(ascii: "\""): .string
        case UInt8(ascii: "t"), UInt8(ascii: "f"): .boolean
        case UInt8(ascii: "n"): .null
        default: .number
        }
    }

    /// Whether this is the literal `null`.
    package var isNull: Bool { self.kind == .null }

    /// The number of elements or members; 0 for everything that is no container.
    package var count: Int {
        switch self.kind {
        case .array: Int(self.token.detail)
        case .object: Int(self.token.detail)
        case .string, .number, .boolean, .null: 0
        }
    }

    /// The first member of this name, or `nil` when there is none or this is no object.
    ///
    /// O(members).
    package func member(_ name: String) -> JSONValue? { self.member(name.utf8.span) }

    /// The first member whose name is these bytes of UTF-8, or `nil` when there is none or this is no object.
    package func member(_ name: Span<UInt8>) -> JSONValue? {
        guard self.kind == .object else { return nil }
        let end = Int(self.token.next)
        var position = self.index + 1
        while position < end {
            if self.storage.text(at: position, equals: name) {
                return JSONValue(storage: self.storage, index: position + 1)
            }
            position = Int(self.storage.tokens[position + 1].next)
        }
        return nil
    }

    /// The element at this place, counted from 0, or `nil` past the end or when this is no array.
    ///
    /// O(position).
    package func element(at place: Int) -> JSONValue? {
        guard place >= 0, place < self.count, self.kind == .array else { return nil }
        return self.elements.dropFirst(place).first { _ in true }
    }

    /// The elements in order; none when this is no array.
    package var elements: JSONElements { JSONElements(self) }

    /// The members in order, duplicates included; none when this is no object.
    package var members: JSONMembers { JSONMembers(self) }

    /// Where the value's exact bytes are in the document.
    package var raw: Range<Int> { Int(self.token.start)..<Int(self.token.end) }

    /// The value's exact bytes.
    package var rawBytes: ArraySlice<UInt8> { self.storage.bytes[self.raw] }
}
