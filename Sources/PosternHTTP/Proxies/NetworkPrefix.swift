/// A network of addresses: `10.0.0.0/8`, `2001:db8::/32`, one address, or all peers on unix sockets.
package struct NetworkPrefix: Hashable, Sendable {
    /// The kind of addresses in it.
    package let family: PeerAddress.Family
    /// The first address, as a number: 32 bits of IPv4, 128 of IPv6.
    let first: UInt128
    /// The last address.
    let last: UInt128
    private let length: Int

    /// Reads a network in text form; `nil` for anything else, for bits set behind the prefix, and for a zone.
    ///
    /// - Parameter text: An address, alone or with `/` and a length without sign or leading zeros; or `unix`, the
    ///   network of every peer on a unix socket. IPv4 addresses mapped into IPv6 (`::ffff:10.0.0.0/104`) are IPv4
    ///   networks.
    ///
    /// Source: RFC 4632, section 3.1; RFC 4291, section 2.3.
    package init?(text: some StringProtocol) {
        if text == "unix" {
            self.init(family: .local, first: 0, bits: 0, length: 0)
            return
        }
        let parts = text.split(separator: "/", maxSplits: 1, omittingEmptySubsequences: false)
        guard let written = parts.first, !written.utf8.contains(UInt8(ascii: "%")),
            let address = PeerAddress(text: written)
        else { return nil }
        let isMapped = address.family == .ipv4 && written.utf8.contains(UInt8(ascii: ":"))
        let bits = address.family == .ipv4 ? 32 : 128
        var length = bits
        if parts.count == 2 {
            guard let number = Self.length(parts[1]) else { return nil }
            length = isMapped ? number - 96 : number
        }
        guard (0...bits).contains(length) else { return nil }
        self.init(family: address.family, first: address.number, bits: bits, length: length)
        guard self.first == address.number else { return nil }
    }

    private init(family: PeerAddress.Family, first: UInt128, bits: Int, length: Int) {
        // A shift by the whole width is zero in Swift, so length 0 needs no case of its own.
        let host = (UInt128(1) << UInt128(bits - length)) &- 1
        self.family = family
        self.first = first & ~host
        self.last = first | host
        self.length = length
    }

    /// Whether an address is in the network.
    package func contains(_ address: PeerAddress) -> Bool {
        address.family == self.family && self.first <= address.number && address.number <= self.last
    }

    private static func length(_ text: some StringProtocol) -> Int? {
        guard (1...3).contains(text.utf8.count), text.utf8.count == 1 || text.utf8.first != UInt8(ascii: "0"),
            text.utf8.allSatisfy({ (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) })
        else { return nil }
        return Int(text)
    }
}

extension NetworkPrefix: CustomStringConvertible {
    /// The address as ``PeerAddress`` writes it, a slash and the length; or `unix`.
    package var description: String {
        switch self.family {
        case .local: "unix"
        case .ipv4, .ipv6: "\(PeerAddress(family: self.family, number: self.first))/\(self.length)"
        }
    }
}
