/// The members of an object, in order, duplicates included.
package struct JSONMembers: Sequence, IteratorProtocol, Sendable {
    private let storage: JSONStorage
    private var position: Int
    private let end: Int

    /// The members of `value`; none when it is no object.
    init(_ value: JSONValue) {
        self.storage = value.storage
        self.position = value.index + 1
        self.end = value.kind == .object ? Int(value.token.next) : 0
    }

    /// The next member, or `nil` after the last.
    package mutating func next() -> (name: String, value: JSONValue)? {
        guard self.position < self.end else { return nil }
        let name = JSONValue(storage: self.storage, index: self.position)
        let value = JSONValue(storage: self.storage, index: self.position + 1)
        self.position = Int(value.token.next)
        return (name.text ?? "", value)
    }
}
