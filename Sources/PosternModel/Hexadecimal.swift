/// The two directions between bytes and hexadecimal digits.
package enum Hexadecimal {
    /// The value of one ASCII digit in either case, or `nil` for any other byte.
    package static func value(of byte: UInt8) -> UInt8? {
        switch byte {
        case UInt8(ascii: "0")...UInt8(ascii: "9"): byte - UInt8(ascii: "0")
        case UInt8(ascii: "a")...UInt8(ascii: "f"): byte - UInt8(ascii: "a") + 10
        case UInt8(ascii: "A")...UInt8(ascii: "F"): byte - UInt8(ascii: "A") + 10
        default: nil
        }
    }

    /// The lowercase ASCII digit of the low four bits of `value`.
    package static func digit(of value: UInt8) -> UInt8 {
        let nibble = value & 0x0F
        return nibble < 10 ? UInt8(ascii: "0") + nibble : UInt8(ascii: "a") + nibble - 10
    }

    /// Decodes an even number of digits; `nil` when a byte is not a digit or one is left over.
    package static func decode(_ digits: some Sequence<UInt8>) -> [UInt8]? {
        var bytes: [UInt8] = []
        var pending: UInt8?
        for digit in digits {
            guard let value = Self.value(of: digit) else { return nil }
            if let upper = pending {
                bytes.append(upper << 4 | value)
                pending = nil
            } else {
                pending = value
            }
        }
        return pending == nil ? bytes : nil
    }

    /// Encodes bytes as lowercase digits.
    package static func encode(_ bytes: some Collection<UInt8>) -> String {
        var digits: [UInt8] = []
        digits.reserveCapacity(bytes.count * 2)
        for byte in bytes {
            digits.append(Self.digit(of: byte >> 4))
            digits.append(Self.digit(of: byte))
        }
        return String(decoding: digits, as: UTF8.self)
    }
}
