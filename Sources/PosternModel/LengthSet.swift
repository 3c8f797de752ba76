/// The lengths of some words: most others are told apart by theirs alone, before any byte is compared.
package struct LengthSet: Sendable {
    /// Bit n: some word is n bytes long; 63 stands for all longer ones.
    @usableFromInline var bits: UInt64 = 0

    /// Starts empty.
    package init() {}

    /// Starts with lengths in bytes, each 0 or more.
    package init(_ lengths: some Sequence<Int>) {
        for length in lengths { self.insert(length) }
    }

    /// Adds a length in bytes, 0 or more.
    package mutating func insert(_ length: Int) { self.bits |= Self.bit(of: length) }

    /// Whether some word may be that long; certain below 63 bytes.
    ///
    /// Inlinable: asked for each header of a request.
    @inlinable package func mayContain(_ length: Int) -> Bool { self.bits & Self.bit(of: length) != 0 }

    @inlinable static func bit(of length: Int) -> UInt64 { 1 << UInt64(min(length, 63)) }
}
