internal import NIOCore

/// The parts of pipelined requests that wait for the request in progress.
///
/// One read of the socket can bring thousands of tiny requests, and NIO's decoder cannot be stopped inside it. So past
/// the limit whole requests are dropped and nothing more is taken: the connection closes after the admitted ones are
/// answered, and the sender repeats the rest (RFC 9112, section 9.3.2).
package struct RequestQueue<Part>: ~Copyable {
    private var parts = CircularBuffer<Part>(initialCapacity: 0)
    private var heads = 0
    private var bytes = 0
    private let limit: Int
    private let byteLimit: Int

    /// Whether requests were dropped: no part is taken from then on.
    package private(set) var hasOverflowed = false

    /// Makes an empty queue for at most `limit` requests with `byteLimit` bytes of body together.
    package init(limit: Int, byteLimit: Int) {
        self.limit = limit
        self.byteLimit = byteLimit
    }

    /// Whether nothing waits.
    package var isEmpty: Bool { self.parts.isEmpty }

    /// Adds the head of a request, or drops it when it is past the limit.
    package mutating func offer(head part: Part) {
        guard !self.hasOverflowed else { return }
        guard self.heads < self.limit else {
            self.hasOverflowed = true
            return
        }
        self.heads += 1
        self.parts.append(part)
    }

    /// Adds a later part of the newest request, or drops it when the bytes are past the limit.
    ///
    /// Reading pauses while anything waits, so only a peer that has closed its side gets near that limit.
    package mutating func offer(_ part: Part, bytes: Int) {
        guard !self.hasOverflowed else { return }
        guard bytes <= self.byteLimit - self.bytes else {
            self.hasOverflowed = true
            return
        }
        self.bytes += bytes
        self.parts.append(part)
    }

    /// Removes the oldest part; `nil` when nothing waits.
    package mutating func take() -> Part? {
        let part = self.parts.popFirst()
        if self.parts.isEmpty {
            self.heads = 0
            self.bytes = 0
        }
        return part
    }

    /// Drops everything that waits, and everything that comes.
    package mutating func close() {
        self.hasOverflowed = true
        self.parts.removeAll()
    }
}
