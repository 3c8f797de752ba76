package import PosternHTTP

extension AddressClass {
    /// What class an address is of; `nil` for one of the public internet.
    ///
    /// An IPv6 address that carries an IPv4 address (NAT64, 6to4, Teredo) is also of that one's class: it may be
    /// translated to it on the way. IPv4 mapped into IPv6 is IPv4 already.
    package init?(_ address: PeerAddress) {
        // A unix socket is no place on any network.
        guard address.family != .local else {
            self = .reserved
            return
        }
        guard let found = Self.listed(address) ?? Self.embedded(in: address).lazy.compactMap(Self.listed).first else {
            return nil
        }
        self = found
    }

    private static func listed(_ address: PeerAddress) -> AddressClass? {
        for entry in Self.networks where entry.network.contains(address) { return entry.of }
        return nil
    }

    /// The IPv4 addresses in an IPv6 address.
    ///
    /// Source: RFC 6052, section 2.1; RFC 3056, section 2; RFC 4380, section 4.
    private static func embedded(in address: PeerAddress) -> [PeerAddress] {
        guard address.family == .ipv6 else { return [] }
        let low = UInt32(truncatingIfNeeded: address.low)
        switch address.high >> 32 {
        // 64:ff9b::V4ADDR.
        case 0x0064_FF9B: return [Self.ipv4(low)]
        // 2002:V4ADDR::/48.
        case 0x2002_0000...0x2002_FFFF: return [Self.ipv4(UInt32(truncatingIfNeeded: address.high >> 16))]
        // 2001:0:SERVER:flags:port:~CLIENT.
        case 0x2001_0000: return [Self.ipv4(UInt32(truncatingIfNeeded: address.high)), Self.ipv4(~low)]
        default: return []
        }
    }

    private static func ipv4(_ word: UInt32) -> PeerAddress {
        PeerAddress(text: "\(word >> 24).\(word >> 16 & 0xFF).\(word >> 8 & 0xFF).\(word & 0xFF)") ?? .local
    }

    /// What networks are, the first that holds an address counting; `nil`: a part of the public internet.
    ///
    /// Metadata services: most clouds (169.254.169.254), Amazon (169.254.170.2, 169.254.170.23, fd00:ec2::/32), Google
    /// (fd20:ce::254), Alibaba (100.100.100.200, fd00:100::100:200), Azure's platform address (168.63.129.16), Oracle
    /// (192.0.0.192, fd00:c1::a9fe:a9fe), Akamai (fd00:a9fe:a9fe::1), Scaleway (fd00:42::42). Their numbers
    /// alone do not tell what they are.
    ///
    /// Source: IANA IPv4 and IPv6 Special-Purpose Address Registries; IANA Internet Protocol Version 6 Address Space.
    private static let networks: [(network: NetworkPrefix, of: AddressClass?)] =
        ([
            ("169.254.169.254", .metadata), ("169.254.170.2", .metadata), ("169.254.170.23", .metadata),
            ("100.100.100.200", .metadata), ("192.0.0.192", .metadata), ("168.63.129.16", .metadata),
            ("0.0.0.0/8", .unspecified), ("10.0.0.0/8", .private), ("100.64.0.0/10", .shared),
            ("127.0.0.0/8", .loopback), ("169.254.0.0/16", .linkLocal), ("172.16.0.0/12", .private),
            ("192.0.0.0/24", .reserved), ("192.0.2.0/24", .documentation), ("192.88.99.0/24", .reserved),
            ("192.168.0.0/16", .private), ("198.18.0.0/15", .benchmarking), ("198.51.100.0/24", .documentation),
            ("203.0.113.0/24", .documentation), ("224.0.0.0/4", .multicast), ("255.255.255.255", .broadcast),
            ("240.0.0.0/4", .reserved),
            ("fd00:ec2::/32", .metadata), ("fd20:ce::254", .metadata), ("fd00:100::100:200", .metadata),
            ("fd00:c1::a9fe:a9fe", .metadata), ("fd00:a9fe:a9fe::1", .metadata), ("fd00:42::42", .metadata),
            ("::", .unspecified), ("::1", .loopback), ("fc00::/7", .private), ("fec0::/10", .private),
            ("fe80::/10", .linkLocal), ("ff00::/8", .multicast),
            ("2001:2::/48", .benchmarking), ("2001:db8::/32", .documentation), ("3fff::/20", .documentation),
            // Of what the IETF keeps for protocols, only Teredo leads anywhere.
            ("2001::/32", nil), ("2001::/23", .reserved),
            // NAT64 is how machines without IPv4 reach the internet.
            ("64:ff9b::/96", nil), ("2000::/3", nil), ("::/0", .reserved),
        ] as [(String, AddressClass?)]).map { text, found in
            guard let network = NetworkPrefix(text: text) else { preconditionFailure("\(text) is not a network") }
            return (network, found)
        }
}
