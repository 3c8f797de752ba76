package import NIOCore

/// Where a connection comes from, without its port.
///
/// IPv4 addresses mapped into IPv6 (`::ffff:192.0.2.1`) are IPv4 addresses here.
package struct PeerAddress: Hashable, Sendable {
    /// The kind of address.
    package enum Family: Hashable, Sendable {
        case ipv4
        case ipv6
        /// A unix socket, or an address of unknown kind.
        case local
    }

    /// The kind of address.
    package let family: Family
    /// The first eight bytes of an IPv6 address; zero otherwise.
    package let high: UInt64
    /// The last eight bytes of an IPv6 address; the four bytes of an IPv4 address; zero otherwise.
    package let low: UInt64

    /// Joins the parts of an address.
    private init(family: Family, high: UInt64, low: UInt64) {
        self.family = family
        self.high = high
        self.low = low
    }

    /// Takes an address as a number; an IPv4 address mapped into IPv6 becomes one of IPv4.
    init(family: Family, number: UInt128) {
        let low = UInt64(truncatingIfNeeded: number)
        switch family {
        case .ipv4: self.init(family: .ipv4, high: 0, low: low & 0xFFFF_FFFF)
        case .ipv6: self.init(ipv6High: UInt64(truncatingIfNeeded: number >> 64), low: low)
        case .local: self = .local
        }
    }

    /// The address as a number: 32 bits of IPv4, 128 of IPv6, zero for ``local``.
    var number: UInt128 { UInt128(self.high) << 64 | UInt128(self.low) }

    /// The address of every unix-socket peer.
    package static let local = PeerAddress(family: .local, high: 0, low: 0)

    /// Takes the address out of a socket's; anything but IPv4 and IPv6 is ``local``.
    package init(_ address: SocketAddress?) {
        // Through its text: NIO's raw form is not readable without unsafe code, and this is once per connection.
        self = address?.ipAddress.flatMap { PeerAddress(text: $0) } ?? .local
    }

    /// Reads an IPv4 or IPv6 address in text form, as a forwarding proxy may send it; `nil` for anything else.
    ///
    /// Source: RFC 4291, section 2.2. A zone (`%eth0`) is left out.
    package init?(text: some StringProtocol) {
        let address = text.prefix { $0 != "%" }
        if let word = Self.ipv4(address) {
            self.init(family: .ipv4, high: 0, low: word)
            return
        }
        var halves = (high: UInt64(0), low: UInt64(0))
        guard let groups = Self.ipv6Groups(address) else { return nil }
        for (index, group) in groups.enumerated() {
            if index < 4 { halves.high = halves.high << 16 | group } else { halves.low = halves.low << 16 | group }
        }
        self.init(ipv6High: halves.high, low: halves.low)
    }

    private init(ipv6High high: UInt64, low: UInt64) {
        if high == 0, low >> 32 == 0xFFFF {
            self.init(family: .ipv4, high: 0, low: low & 0xFFFF_FFFF)
        } else {
            self.init(family: .ipv6, high: high, low: low)
        }
    }

    /// What limits count as one peer: an IPv4 address, an IPv6 /64, or all unix-socket peers together.
    package var network: PeerAddress {
        switch self.family {
        case .ipv4, .local: self
        case .ipv6: PeerAddress(family: .ipv6, high: self.high, low: 0)
        }
    }

    private static func ipv4(_ text: some StringProtocol) -> UInt64? {
        var word: UInt64 = 0
        var byte: UInt64 = 0
        var digits = 0
        var dots = 0
        for character in text.utf8 {
            switch character {
            case UInt8(ascii: "0")...UInt8(ascii: "9"):
                byte = byte * 10 + UInt64(character - UInt8(ascii: "0"))
                digits += 1
                guard digits <= 3, byte <= 255 else { return nil }
            case UInt8(ascii: "."):
                dots += 1
                guard digits > 0, dots <= 3 else { return nil }
                word = word << 8 | byte
                byte = 0
                digits = 0
            default: return nil
            }
        }
        return digits > 0 && dots == 3 ? word << 8 | byte : nil
    }

    private static func ipv6Groups(_ text: some StringProtocol) -> [UInt64]? {
        guard let gap = text.firstRange(of: "::") else {
            guard let groups = Self.groups(text, mayEndInIPv4: true), groups.count == 8 else { return nil }
            return groups
        }
        guard let before = Self.groups(text[..<gap.lowerBound], mayEndInIPv4: false),
            let after = Self.groups(text[gap.upperBound...], mayEndInIPv4: true),
            before.count + after.count <= 7
        else { return nil }
        return before + Array(repeating: 0, count: 8 - before.count - after.count) + after
    }

    /// Reads groups between single colons; the last one may be an IPv4 address and then counts as two.
    private static func groups(_ text: some StringProtocol, mayEndInIPv4: Bool) -> [UInt64]? {
        guard text.utf8.count <= 45 else { return nil }
        guard !text.isEmpty else { return [] }
        var groups: [UInt64] = []
        for part in text.split(separator: ":", omittingEmptySubsequences: false) {
            if mayEndInIPv4, part.endIndex == text.endIndex, let word = Self.ipv4(part) {
                groups += [word >> 16, word & 0xFFFF]
            } else if (1...4).contains(part.utf8.count), part.first != "+", part.first != "-",
                let group = UInt64(part, radix: 16)
            {
                groups.append(group)
            } else {
                return nil
            }
        }
        return groups
    }
}

extension PeerAddress: CustomStringConvertible {
    /// `192.0.2.1`, eight hexadecimal groups without compression for IPv6, or `local`.
    package var description: String {
        switch self.family {
        case .ipv4:
            stride(from: 24, through: 0, by: -8).map { String((self.low >> UInt64($0)) & 0xFF) }.joined(separator: ".")
        case .ipv6:
            [self.high, self.low].flatMap { half in
                stride(from: 48, through: 0, by: -16).map { String((half >> UInt64($0)) & 0xFFFF, radix: 16) }
            }.joined(separator: ":")
        case .local: "local"
        }
    }
}
