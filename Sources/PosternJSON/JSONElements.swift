/// The elements of an array, in order.
package struct JSONElements: Sequence, IteratorProtocol, Sendable {
    private let storage: JSONStorage
    private var position: Int
    private let end: Int

    /// The elements of `value`; none when it is no array.
    init(_ value: JSONValue) {
        self.storage = value.storage
        self.position = value.index + 1
        self.end = value.kind == .array ? Int(value.token.next) : 0
    }

    /// The next element, or `nil` after the last.
    package mutating func next() -> JSONValue? {
        guard self.position < self.end else { return nil }
        let element = JSONValue(storage: self.storage, index: self.position)
        self.position = Int(element.token.next)
        return element
    }
}
