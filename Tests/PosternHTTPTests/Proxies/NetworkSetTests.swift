import PosternHTTP
import Testing

@Suite struct NetworkSetTests {
    private static func set(_ texts: [String]) throws -> NetworkSet {
        NetworkSet(try texts.map { try #require(NetworkPrefix(text: $0)) })
    }

    @Test func `holds nothing when empty`() throws {
        #expect(NetworkSet().isEmpty)
        #expect(!NetworkSet().contains(.local))
        #expect(!NetworkSet().contains(try #require(PeerAddress(text: "::"))))
    }

    @Test func `holds what any of its networks holds, in any order`() throws {
        let texts = ["10.1.0.0/16", "192.0.2.9", "10.0.0.0/8", "2001:db8::/32", "unix", "10.0.0.0/16", "2001:db8::1"]
        let set = try Self.set(texts)
        #expect(set == (try Self.set(texts.reversed())))
        #expect(!set.isEmpty)
        for text in ["10.0.0.0", "10.1.255.255", "10.255.255.255", "192.0.2.9", "2001:db8::1", "2001:db8:1::"] {
            #expect(set.contains(try #require(PeerAddress(text: text))), "\(text)")
        }
        for text in ["9.255.255.255", "11.0.0.0", "192.0.2.8", "192.0.2.10", "2001:db9::", "::"] {
            #expect(!set.contains(try #require(PeerAddress(text: text))), "\(text)")
        }
        #expect(set.contains(.local))
        #expect(!(try Self.set(["0.0.0.0/0", "::/0"]).contains(.local)))
    }

    @Test(arguments: [1, 2, 3] as [UInt64])
    func `agrees with asking every network`(seed: UInt64) throws {
        var random = SeededGenerator(seed: seed)
        let texts = (0..<60).map { _ in
            "10.0.\(Int.random(in: 0...3, using: &random)).\(Int.random(in: 0...63, using: &random) * 4)/30"
        }
        let prefixes = try texts.map { try #require(NetworkPrefix(text: $0)) }
        let set = NetworkSet(prefixes)
        for third in 0...4 {
            for last in 0...255 {
                let address = try #require(PeerAddress(text: "10.0.\(third).\(last)"))
                #expect(set.contains(address) == prefixes.contains { $0.contains(address) })
            }
        }
    }
}
