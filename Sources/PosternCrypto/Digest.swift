internal import PosternModel

/// A hash value, or a signature as decoded from a request: up to 64 bytes, held without allocation.
///
/// Deliberately not `Equatable`: ``matches(_:)`` compares in constant time.
package struct Digest: Sendable {
    /// The most bytes that fit.
    package static let capacity = 64

    private var storage: InlineArray<64, UInt8>
    /// How many bytes there are: 0 to 64.
    package private(set) var count: Int

    /// Takes the first `count` bytes of `storage`.
    init(_ storage: InlineArray<64, UInt8>, count: Int) {
        self.storage = storage
        self.count = count
    }

    /// Copies bytes; `nil` when there are more than 64.
    package init?(_ bytes: some Sequence<UInt8>) {
        self.init(InlineArray(repeating: 0), count: 0)
        for byte in bytes {
            guard self.append(byte) else { return nil }
        }
    }

    /// Decodes hexadecimal digits of either case; `nil` when the text is anything else, empty or too long.
    package init?(hexadecimal text: Span<UInt8>) {
        guard text.count > 0, text.count % 2 == 0, text.count <= Self.capacity * 2 else { return nil }
        self.init(InlineArray(repeating: 0), count: text.count / 2)
        for index in 0..<self.count {
            guard let upper = Hexadecimal.value(of: text[index * 2]),
                let lower = Hexadecimal.value(of: text[index * 2 + 1])
            else { return nil }
            self.storage[index] = upper << 4 | lower
        }
    }

    /// Decodes base64 in the standard alphabet, padded or not; `nil` when the text is anything else, empty or too long.
    package init?(base64 text: Span<UInt8>) {
        self.init(InlineArray(repeating: 0), count: 0)
        var decoder = Base64.Decoder(.standard)
        for index in text.indices {
            switch decoder.next(text[index]) {
            case .byte(let byte):
                guard self.append(byte) else { return nil }
            case .more: break
            case .refused: return nil
            }
        }
        guard decoder.isComplete, self.count > 0 else { return nil }
    }

    private mutating func append(_ byte: UInt8) -> Bool {
        guard self.count < Self.capacity else { return false }
        self.storage[self.count] = byte
        self.count += 1
        return true
    }

    /// Tells whether both hold the same bytes, in time that depends on their length alone.
    package func matches(_ other: Digest) -> Bool {
        guard self.count == other.count else { return false }
        // Both are zero behind `count`, so the whole storage can be compared: one length for all.
        return ConstantTime.equal(self.storage.span, other.storage.span)
    }

    /// Lends the bytes.
    package func withBytes<Result>(_ body: (Span<UInt8>) -> Result) -> Result {
        body(self.storage.span.extracting(0..<self.count))
    }

    /// The bytes as an array.
    package var bytes: [UInt8] { (0..<self.count).map { self.storage[$0] } }

    /// Lowercase hexadecimal digits.
    package var hexadecimal: String { Hexadecimal.encode(self.bytes) }

    /// Base64 in the standard alphabet with padding.
    package var base64: String { Base64.encode(self.bytes) }
}
