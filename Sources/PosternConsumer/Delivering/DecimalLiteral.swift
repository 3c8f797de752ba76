/// The exact value of a number as JSON writes it: `1`, `1.0`, `10e-1` and `0.1E+1` are equal, and no digit is lost.
///
/// Source: RFC 8259, section 6.
package struct DecimalLiteral: Sendable, Hashable {
    private let isNegative: Bool
    /// ASCII digits without zeros at either end; empty for zero.
    private let digits: [UInt8]
    /// The power of ten the last digit counts.
    private let exponent: Int

    /// Reads a literal; `nil` for what is no number, and for an exponent of more than nine digits.
    ///
    /// O(length).
    package init?(_ text: some Sequence<UInt8>) {
        var reader = Reader(Array(text))
        let isNegative = reader.take(UInt8(ascii: "-"))
        var digits = reader.digits()
        guard !digits.isEmpty, digits.count == 1 || digits[0] != UInt8(ascii: "0") else { return nil }
        var exponent = 0
        if reader.take(UInt8(ascii: ".")) {
            let fraction = reader.digits()
            guard !fraction.isEmpty else { return nil }
            digits += fraction
            exponent -= fraction.count
        }
        if reader.take(UInt8(ascii: "e")) || reader.take(UInt8(ascii: "E")) {
            let isBelow = reader.take(UInt8(ascii: "-"))
            if !isBelow { _ = reader.take(UInt8(ascii: "+")) }
            let power = reader.digits().drop { $0 == UInt8(ascii: "0") }
            guard reader.tookDigits, power.count <= 9 else { return nil }
            let value = power.reduce(0) { $0 * 10 + Int($1 - UInt8(ascii: "0")) }
            exponent += isBelow ? -value : value
        }
        guard reader.isAtEnd else { return nil }
        while digits.last == UInt8(ascii: "0") {
            digits.removeLast()
            exponent += 1
        }
        let significant = Array(digits.drop { $0 == UInt8(ascii: "0") })
        // There is one zero, whatever its sign and power.
        self.isNegative = isNegative && !significant.isEmpty
        self.digits = significant
        self.exponent = significant.isEmpty ? 0 : exponent
    }

    /// A position in a literal.
    private struct Reader {
        private let bytes: [UInt8]
        private var position = 0
        /// Whether the last look for digits found any.
        private(set) var tookDigits = false

        init(_ bytes: [UInt8]) { self.bytes = bytes }

        var isAtEnd: Bool { self.position == self.bytes.count }

        mutating func take(_ byte: UInt8) -> Bool {
            guard self.position < self.bytes.count, self.bytes[self.position] == byte else { return false }
            self.position += 1
            return true
        }

        mutating func digits() -> [UInt8] {
            let digits = self.bytes[self.position...].prefix {
                $0 >= UInt8(ascii: "0") && $0 <= UInt8(ascii: "9")
            }
            self.position += digits.count
            self.tookDigits = !digits.isEmpty
            return Array(digits)
        }
    }
}
