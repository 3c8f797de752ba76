import PosternHTTP
import PosternOutbound
import Testing

@Suite struct AddressGuardTests {
    @Test(
        arguments: [
            ("8.8.8.8", true, true), ("127.0.0.1", false, true), ("10.1.2.3", false, true),
            ("100.64.1.1", false, true), ("fd12::1", false, true), ("64:ff9b::10.0.0.1", false, true),
            ("169.254.169.254", false, false), ("fd00:ec2::254", false, false), ("169.254.1.1", false, false),
            ("fe80::1", false, false), ("0.0.0.0", false, false), ("::", false, false), ("224.0.0.1", false, false),
            ("255.255.255.255", false, false), ("192.0.2.1", false, false), ("198.18.0.1", false, false),
            ("240.0.0.1", false, false), ("::127.0.0.1", false, false), ("2002:a9fe:a9fe::", false, false),
        ]
    )
    func `lets a destination reach private addresses only if it may, and the rest never`(
        text: String,
        isReached: Bool,
        isReachedByPrivate: Bool
    ) throws {
        let address = try #require(PeerAddress(text: text))
        let guardian = AddressGuard()
        #expect((guardian.refusal(of: address, allowsPrivate: false) == nil) == isReached)
        #expect((guardian.refusal(of: address, allowsPrivate: true) == nil) == isReachedByPrivate)
    }

    @Test func `lets every destination reach the networks that the operator lists`() throws {
        let networks = try ["10.1.0.0/16", "169.254.169.254", "fd00::/16"].map {
            try #require(NetworkPrefix(text: $0))
        }
        let guardian = AddressGuard(allowedNetworks: NetworkSet(networks))
        func refusal(_ text: String) throws -> AddressClass? {
            guardian.refusal(of: try #require(PeerAddress(text: text)), allowsPrivate: false)
        }
        #expect(try refusal("10.1.255.255") == nil)
        #expect(try refusal("10.2.0.0") == .private)
        #expect(try refusal("169.254.169.254") == nil)
        #expect(try refusal("169.254.169.253") == .linkLocal)
        #expect(try refusal("fd00::1") == nil)
        // Listed as IPv4, reached by a translation: another way, another line in the list.
        #expect(try refusal("64:ff9b::10.1.0.1") == .private)
    }

    @Test func `refuses a name for one of its addresses`() throws {
        let addresses = try ["8.8.8.8", "2606:4700::1", "10.0.0.1"].map { try #require(PeerAddress(text: $0)) }
        let refusal = AddressGuard().refusal(among: addresses, allowsPrivate: false)
        #expect(refusal?.address == addresses[2])
        #expect(refusal?.because == .private)
        #expect(AddressGuard().refusal(among: Array(addresses[..<2]), allowsPrivate: false) == nil)
    }
}
