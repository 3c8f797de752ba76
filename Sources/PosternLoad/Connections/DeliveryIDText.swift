/// The text of a `Postern-Delivery-Id`, kept without an allocation.
package struct DeliveryIDText {
    /// More than a UUID needs; a longer text is taken for none.
    static let limit = 48

    private var bytes = InlineArray<48, UInt8>(repeating: 0)
    /// How many bytes it has; 0 when there is none.
    package private(set) var count = 0

    /// Starts with none.
    init() {}

    /// Forgets it.
    mutating func clear() { self.count = 0 }

    /// Takes a part of the bytes; one that is too long, or would not be one word of a ledger's line, is left.
    mutating func set(_ source: Span<UInt8>, _ range: Range<Int>) {
        self.count = 0
        guard range.count <= Self.limit else { return }
        for (index, position) in range.enumerated() {
            guard case 0x21...0x7E = source[position] else { return }
            self.bytes[index] = source[position]
        }
        self.count = range.count
    }

    /// Appends it to `output`, or `-` when there is none.
    package func append(to output: inout [UInt8]) {
        guard self.count > 0 else { return output.append(UInt8(ascii: "-")) }
        for index in 0..<self.count { output.append(self.bytes[index]) }
    }
}
