package import PosternHTTP

/// What a host is that may be an IPv4 address in one of the old spellings.
///
/// The C library takes one to four numbers, decimal, octal or hexadecimal, of which the last fills what is left of the
/// 32 bits. A host whose last part looks like a number and that is no such address is no name either: resolvers differ
/// about it.
///
/// Source: inet_aton(3); WHATWG URL Standard, "ends in a number checker".
package enum NumericHost: Equatable, Sendable {
    case address(PeerAddress)
    case name
    case refused

    /// Looks at a host in lower case.
    package init(_ host: some StringProtocol) {
        let parts = host.split(separator: ".", omittingEmptySubsequences: false)
        guard let last = parts.last, Self.looksNumeric(last) else {
            self = .name
            return
        }
        guard let word = Self.word(parts),
            let address = PeerAddress(
                text: "\(word >> 24).\(word >> 16 & 0xFF).\(word >> 8 & 0xFF).\(word & 0xFF)"
            )
        else {
            self = .refused
            return
        }
        self = .address(address)
    }

    private static func looksNumeric(_ part: some StringProtocol) -> Bool {
        guard let first = part.utf8.first else { return false }
        return part.utf8.allSatisfy { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }
            || (first == UInt8(ascii: "0") && part.hasPrefix("0x"))
    }

    private static func word(_ parts: [some StringProtocol]) -> UInt64? {
        guard (1...4).contains(parts.count) else { return nil }
        var word: UInt64 = 0
        for (index, part) in parts.enumerated() {
            guard let number = Self.number(part) else { return nil }
            let isLast = index == parts.count - 1
            let bits = UInt64(isLast ? 8 * (5 - parts.count) : 8)
            guard number < 1 << bits else { return nil }
            word = word << bits | number
        }
        return word
    }

    private static func number(_ part: some StringProtocol) -> UInt64? {
        // 12 digits hold every 32-bit number in base 8, 10 and 16; longer ones are only zeros or too large.
        guard (1...16).contains(part.utf8.count), part.first != "+", part.first != "-" else { return nil }
        if part.hasPrefix("0x") {
            let digits = part.dropFirst(2)
            guard digits.first != "+", digits.first != "-" else { return nil }
            return UInt64(digits, radix: 16)
        }
        return UInt64(part, radix: part.utf8.count > 1 && part.first == "0" ? 8 : 10)
    }
}
