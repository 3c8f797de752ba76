/// Commands on their way to Redis, written as the protocol wants them, in one contiguous piece of memory.
///
/// Every argument carries its length, so no byte in one can end it or begin another command.
///
/// Source: Redis documentation, "Redis serialization protocol specification", RESP2 arrays of bulk strings (read
/// 2026-11-21).
package struct RedisPipeline: ~Copyable, Sendable {
    /// The commands, one after the other.
    private(set) var bytes: [UInt8] = []
    /// How many commands there are; as many answers come back.
    package private(set) var count = 0

    /// Makes an empty pipeline.
    package init() {}

    /// Makes an empty pipeline with room for `bytes` bytes.
    package init(bytes: Int) { self.bytes.reserveCapacity(bytes) }

    /// How many bytes the commands take.
    package var byteCount: Int { self.bytes.count }

    /// Adds one command with its arguments.
    package mutating func append(_ words: String...) { self.append(words) }

    /// Adds one command with its arguments; none adds nothing.
    package mutating func append(_ words: [String]) { self.append(words.lazy.map(\.utf8)) }

    /// Adds one command with its arguments, which may be any bytes; none adds nothing.
    package mutating func append(bytes words: [[UInt8]]) { self.append(words) }

    private mutating func append(_ words: some Collection<some Collection<UInt8>>) {
        guard !words.isEmpty else { return }
        self.write("*", words.count)
        for word in words {
            self.write("$", word.count)
            self.bytes.append(contentsOf: word)
            self.endLine()
        }
        self.count += 1
    }

    private mutating func write(_ kind: Unicode.Scalar, _ number: Int) {
        self.bytes.append(UInt8(ascii: kind))
        self.bytes.append(contentsOf: String(number).utf8)
        self.endLine()
    }

    private mutating func endLine() {
        self.bytes.append(UInt8(ascii: "\r"))
        self.bytes.append(UInt8(ascii: "\n"))
    }
}
