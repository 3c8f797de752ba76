/// The one pass over a document's bytes: checks them against the grammar and records where every value is.
///
/// Iterative, so nesting costs no stack. Safe on any input. Where the pass stands is in local variables, handed on by value
/// and returned: kept in a structure that several functions change, they cost 39 instructions a byte instead of 31
/// (callgrind, a list of GitHub's events).
enum JSONIndexer {
    /// What the grammar allows at the current position.
    private enum Expectation {
        case value
        case firstElementOrEnd
        case nameOrEnd
        case name
        case separatorOrEnd
    }

    /// Stands for "no container around this one".
    private static let none = UInt32.max

    /// Indexes the whole text.
    ///
    /// - Returns: The tokens in document order.
    static func tokens(of bytes: Span<UInt8>, limits: JSONLimits) throws(JSONError) -> [JSONToken] {
        guard bytes.count <= limits.bytes else { throw .tooLarge(limit: limits.bytes, bytes: bytes.count) }
        // Every token has a byte of its own, and a separator before it unless it stands first in its container; every
        // container that is closed has one byte more. So there are at most (bytes + 1 + containers open) / 2.
        let most = bytes.count / 2 + min(limits.depth, bytes.count) + 2
        return try Array(capacity: most) { (tokens: inout OutputSpan<JSONToken>) throws(JSONError) in
            try Self.run(bytes, into: &tokens, depthLimit: limits.depth)
        }
    }

    private static func run(
        _ bytes: Span<UInt8>,
        into tokens: inout OutputSpan<JSONToken>,
        depthLimit: Int
    ) throws(JSONError) {
        var position = 0
        var container = Self.none
        var isObject = false
        var depth = 0
        var expectation = Expectation.value
        while true {
            position = Self.skipBlanks(bytes, from: position)
            if expectation == .separatorOrEnd, container == Self.none {
                guard position == bytes.count else { throw .trailingBytes(at: position) }
                return
            }
            guard position < bytes.count else { throw .unexpectedEnd(at: position) }
            let byte = bytes[position]
            let closes: Bool
            switch expectation {
            case .value: closes = false
            case .firstElementOrEnd: closes = byte == UInt8(ascii: "]")
            case .nameOrEnd: closes = byte == UInt8(ascii: "}")
            case .name: closes = false
            case .separatorOrEnd:
                if byte == UInt8(ascii: ",") {
                    position += 1
                    expectation = isObject ? .name : .value
                    continue
                }
                guard byte == (isObject ? UInt8(ascii: "}") : UInt8(ascii: "]")) else {
                    throw .unexpectedByte(byte, at: position)
                }
                closes = true
            }
            if closes {
                position += 1
                let closed = Int(container)
                container = tokens[closed].next
                tokens[closed].end = UInt32(position)
                tokens[closed].next = UInt32(tokens.count)
                isObject = container != Self.none && bytes[Int(tokens[Int(container)].start)] == UInt8(ascii: "{")
                depth -= 1
                expectation = .separatorOrEnd
                continue
            }
            if expectation == .name || expectation == .nameOrEnd {
                position = try Self.name(bytes, from: position, into: &tokens)
                expectation = .value
                continue
            }
            if container != Self.none { tokens[Int(container)].detail += 1 }
            guard byte == UInt8(ascii: "{") || byte == UInt8(ascii: "[") else {
                position = try Self.scalar(bytes, from: position, into: &tokens)
                expectation = .separatorOrEnd
                continue
            }
            guard depth < depthLimit else { throw .tooDeep(limit: depthLimit, at: position) }
            depth += 1
            let opened = UInt32(tokens.count)
            tokens.append(
                JSONToken(start: UInt32(position), end: UInt32(position), next: container, detail: 0)
            )
            container = opened
            position += 1
            isObject = byte == UInt8(ascii: "{")
            expectation = isObject ? .nameOrEnd : .firstElementOrEnd
        }
    }

    /// Reads one value that is no container; the offset after it.
    private static func scalar(
        _ bytes: Span<UInt8>,
        from start: Int,
        into tokens: inout OutputSpan<JSONToken>
    ) throws(JSONError) -> Int {
        let byte = bytes[start]
        let end: Int
        switch byte {
        case UInt8(ascii: "\""): return try Self.string(bytes, from: start, into: &tokens)
        case UInt8(ascii: "-"), UInt8(ascii: "0")...UInt8(ascii: "9"): end = try Self.endOfNumber(bytes, from: start)
        case UInt8(ascii: "t"): end = try Self.endOfLiteral("true", bytes, from: start)
        case UInt8(ascii: "f"): end = try Self.endOfLiteral("false", bytes, from: start)
        case UInt8(ascii: "n"): end = try Self.endOfLiteral("null", bytes, from: start)
        default: throw .unexpectedByte(byte, at: start)
        }
        Self.append(start, end, into: &tokens)
        return end
    }

    /// Reads a member's name and the colon after it; the offset after the colon.
    private static func name(
        _ bytes: Span<UInt8>,
        from start: Int,
        into tokens: inout OutputSpan<JSONToken>
    ) throws(JSONError) -> Int {
        guard bytes[start] == UInt8(ascii: "\"") else { throw .unexpectedByte(bytes[start], at: start) }
        let colon = Self.skipBlanks(bytes, from: try Self.string(bytes, from: start, into: &tokens))
        guard colon < bytes.count else { throw .unexpectedEnd(at: colon) }
        guard bytes[colon] == UInt8(ascii: ":") else { throw .unexpectedByte(bytes[colon], at: colon) }
        return colon + 1
    }

    /// Records a value without content.
    static func append(_ start: Int, _ end: Int, detail: UInt32 = 0, into tokens: inout OutputSpan<JSONToken>) {
        tokens.append(
            JSONToken(start: UInt32(start), end: UInt32(end), next: UInt32(tokens.count + 1), detail: detail)
        )
    }

    private static func endOfLiteral(
        _ word: String,
        _ bytes: Span<UInt8>,
        from start: Int
    ) throws(JSONError) -> Int {
        let letters = word.utf8.span
        for index in letters.indices {
            guard start + index < bytes.count else { throw .unexpectedEnd(at: start + index) }
            guard bytes[start + index] == letters[index] else {
                throw .unexpectedByte(bytes[start + index], at: start + index)
            }
        }
        return start + letters.count
    }

    private static func skipBlanks(_ bytes: Span<UInt8>, from start: Int) -> Int {
        var position = start
        while position < bytes.count {
            let byte = bytes[position]
            // Nearly always the first look is the last.
            guard byte <= 0x20, byte == 0x20 || byte == 0x0A || byte == 0x0D || byte == 0x09 else { break }
            position += 1
        }
        return position
    }
}
