/// The one pass over a document's bytes: checks them against the grammar and records where every value is.
///
/// Iterative, so nesting costs no stack; all state is in the tokens. Safe on any input.
struct JSONIndexer {
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

    private(set) var tokens: [JSONToken] = []
    var position = 0
    private var container = Self.none
    private var depth = 0
    private let limits: JSONLimits

    init(limits: JSONLimits) { self.limits = limits }

    /// Indexes the whole text.
    mutating func run(_ bytes: Span<UInt8>) throws(JSONError) {
        guard bytes.count <= self.limits.bytes else {
            throw .tooLarge(limit: self.limits.bytes, bytes: bytes.count)
        }
        // Webhook bodies have about one token in 12 bytes (measured over the samples); growth covers the rest.
        self.tokens.reserveCapacity(bytes.count / 12 + 4)
        var expectation = Expectation.value
        while true {
            self.skipBlanks(bytes)
            if expectation == .separatorOrEnd, self.container == Self.none {
                guard self.position == bytes.count else { throw .trailingBytes(at: self.position) }
                return
            }
            guard self.position < bytes.count else { throw .unexpectedEnd(at: self.position) }
            let byte = bytes[self.position]
            switch expectation {
            case .value:
                expectation = try self.value(byte, bytes)
            case .firstElementOrEnd:
                expectation = byte == UInt8(ascii: "]") ? self.close() : try self.value(byte, bytes)
            case .nameOrEnd:
                if byte == UInt8(ascii: "}") {
                    expectation = self.close()
                } else {
                    expectation = try self.name(byte, bytes)
                }
            case .name:
                expectation = try self.name(byte, bytes)
            case .separatorOrEnd:
                expectation = try self.separatorOrEnd(byte, bytes)
            }
        }
    }

    /// Reads one value, or the opening bracket of one.
    private mutating func value(_ byte: UInt8, _ bytes: Span<UInt8>) throws(JSONError) -> Expectation {
        if self.container != Self.none { self.tokens[Int(self.container)].detail += 1 }
        switch byte {
        case UInt8(ascii: "\""):
            try self.string(bytes)
        case UInt8(ascii: "{"):
            try self.open()
            return .nameOrEnd
        case UInt8(ascii: "["):
            try self.open()
            return .firstElementOrEnd
        case UInt8(ascii: "-"), UInt8(ascii: "0")...UInt8(ascii: "9"):
            try self.number(bytes)
        case UInt8(ascii: "t"):
            try self.literal("true", bytes)
        case UInt8(ascii: "f"):
            try self.literal("false", bytes)
        case UInt8(ascii: "n"):
            try self.literal("null", bytes)
        default:
            throw .unexpectedByte(byte, at: self.position)
        }
        return .separatorOrEnd
    }

    /// Reads a member's name and the colon after it.
    private mutating func name(_ byte: UInt8, _ bytes: Span<UInt8>) throws(JSONError) -> Expectation {
        guard byte == UInt8(ascii: "\"") else { throw .unexpectedByte(byte, at: self.position) }
        try self.string(bytes)
        self.skipBlanks(bytes)
        guard self.position < bytes.count else { throw .unexpectedEnd(at: self.position) }
        guard bytes[self.position] == UInt8(ascii: ":") else {
            throw .unexpectedByte(bytes[self.position], at: self.position)
        }
        self.position += 1
        return .value
    }

    private mutating func separatorOrEnd(_ byte: UInt8, _ bytes: Span<UInt8>) throws(JSONError) -> Expectation {
        let isObject = bytes[Int(self.tokens[Int(self.container)].start)] == UInt8(ascii: "{")
        if byte == UInt8(ascii: ",") {
            self.position += 1
            return isObject ? .name : .value
        }
        guard byte == (isObject ? UInt8(ascii: "}") : UInt8(ascii: "]")) else {
            throw .unexpectedByte(byte, at: self.position)
        }
        return self.close()
    }

    private mutating func open() throws(JSONError) {
        guard self.depth < self.limits.depth else { throw .tooDeep(limit: self.limits.depth, at: self.position) }
        self.depth += 1
        let opened = UInt32(self.tokens.count)
        self.tokens.append(
            JSONToken(start: UInt32(self.position), end: UInt32(self.position), next: self.container, detail: 0)
        )
        self.container = opened
        self.position += 1
    }

    private mutating func close() -> Expectation {
        self.position += 1
        let closed = Int(self.container)
        self.container = self.tokens[closed].next
        self.tokens[closed].end = UInt32(self.position)
        self.tokens[closed].next = UInt32(self.tokens.count)
        self.depth -= 1
        return .separatorOrEnd
    }

    /// Records a value without content that ends at the current position.
    mutating func append(from start: Int, detail: UInt32 = 0) {
        self.tokens.append(
            JSONToken(
                start: UInt32(start),
                end: UInt32(self.position),
                next: UInt32(self.tokens.count + 1),
                detail: detail
            )
        )
    }

    private mutating func literal(_ word: StaticString, _ bytes: Span<UInt8>) throws(JSONError) {
        let start = self.position
        for scalar in word.description.unicodeScalars {
            guard self.position < bytes.count else { throw .unexpectedEnd(at: self.position) }
            guard UInt32(bytes[self.position]) == scalar.value else {
                throw .unexpectedByte(bytes[self.position], at: self.position)
            }
            self.position += 1
        }
        self.append(from: start)
    }

    private mutating func skipBlanks(_ bytes: Span<UInt8>) {
        while self.position < bytes.count {
            switch bytes[self.position] {
            case 0x20, 0x0A, 0x0D, 0x09: self.position += 1
            default: return
            }
        }
    }
}
