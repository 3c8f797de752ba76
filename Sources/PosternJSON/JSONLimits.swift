/// How much nesting and how many bytes a JSON document may have.
package struct JSONLimits: Hashable, Sendable {
    /// The number of containers that may be open at once; `[[1]]` has depth 2.
    package let depth: Int
    /// The length of the whole text.
    package let bytes: Int

    /// The limits used where nothing else is said: 64 levels, 32 MiB.
    package static let standard = JSONLimits()

    /// The longest number literal in bytes; real ones have at most 20, and nobody can store one of a megabyte.
    static let numberBytes = 512

    /// The largest exponent of a number literal, in either direction; PostgreSQL's `jsonb` refuses far larger ones.
    static let exponent = 9999

    /// Sets both limits.
    ///
    /// Offsets are kept in 32 bits, so `bytes` is cut to 2 GiB - 1; nonsense below zero becomes zero.
    package init(depth: Int = 64, bytes: Int = 32 << 20) {
        self.depth = max(0, depth)
        self.bytes = min(max(0, bytes), Int(Int32.max))
    }
}
