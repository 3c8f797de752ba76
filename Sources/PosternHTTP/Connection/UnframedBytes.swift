/// Bounds the bytes of a connection that become neither a head nor a body: blanks before values, empty lines, chunk
/// sizes with their extensions, trailers.
///
/// No clock, no I/O. The parser counts names and values and holds on to everything from a field's first byte, so that a
/// name and a gigabyte of blanks behind its colon would be a gigabyte of memory; chunk extensions it reads without end.
///
/// A read in which a head or a body ended counts as nothing: it cannot say which of its bytes came after. That forgives
/// at most one read, 64 KiB, and only to a sender whose requests get on.
///
/// Source: RFC 9112, section 7.1.1 (a server ought to limit chunk extensions); the allowance is that of Go's
/// `net/http/internal/chunked.go`: 16 bytes a chunk and twice its data.
package struct UnframedBytes: ~Copyable {
    private let limit: Int
    private var count = 0
    private var allowance = 0
    private var sawBoundary = false
    /// Whether a head has come and its body has not ended.
    package private(set) var isInBody = false

    /// Makes the counter of a fresh connection.
    ///
    /// - Parameter limit: Bytes that may come without a head, a body chunk or an end.
    package init(limit: Int) { self.limit = limit }

    /// Notes the end of a head.
    package mutating func headEnded() {
        self.isInBody = true
        self.sawBoundary = true
    }

    /// Notes bytes of a body.
    package mutating func body(bytes: Int) { self.allowance += 16 + 3 * bytes }

    /// Notes the end of a body.
    package mutating func bodyEnded() {
        self.isInBody = false
        self.sawBoundary = true
    }

    /// Counts the bytes of a read, after what they became was noted; `false` when the limit is passed.
    package mutating func isWithinLimit(afterRead bytes: Int) -> Bool {
        self.count = self.sawBoundary ? 0 : max(0, self.count + bytes - self.allowance)
        self.sawBoundary = false
        self.allowance = 0
        return self.count <= self.limit
    }
}
