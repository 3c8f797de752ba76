import PosternHTTP
import Testing

@Suite struct NetworkPrefixTests {
    @Test(arguments: [
        (
            "10.0.0.0/8", "10.0.0.0/8", ["10.0.0.0", "10.255.255.255", "::ffff:10.1.2.3"],
            ["9.255.255.255", "11.0.0.0"]
        ),
        ("192.0.2.7", "192.0.2.7/32", ["192.0.2.7"], ["192.0.2.6", "192.0.2.8"]),
        ("0.0.0.0/0", "0.0.0.0/0", ["0.0.0.0", "255.255.255.255"], ["::", "::1"]),
        ("192.0.2.6/31", "192.0.2.6/31", ["192.0.2.6", "192.0.2.7"], ["192.0.2.5", "192.0.2.8"]),
        (
            "2001:db8::/32", "2001:db8:0:0:0:0:0:0/32", ["2001:db8::", "2001:db8:ffff:ffff:ffff:ffff:ffff:ffff"],
            ["2001:db7:ffff:ffff:ffff:ffff:ffff:ffff", "2001:db9::", "10.0.0.1"]
        ),
        ("2001:db8::1", "2001:db8:0:0:0:0:0:1/128", ["2001:db8::1"], ["2001:db8::", "2001:db8::2"]),
        ("2001:db8:0:0:8000::/65", "2001:db8:0:0:8000:0:0:0/65", ["2001:db8:0:0:ffff::"], ["2001:db8::7fff:0:0:1"]),
        ("::/0", "0:0:0:0:0:0:0:0/0", ["::", "ffff::1"], ["10.0.0.1"]),
        ("::ffff:10.0.0.0/104", "10.0.0.0/8", ["10.255.0.0"], ["11.0.0.0"]),
    ])
    func `holds the addresses between its first and its last`(
        text: String,
        normal: String,
        inside: [String],
        outside: [String]
    ) throws {
        let prefix = try #require(NetworkPrefix(text: text))
        #expect(prefix.description == normal)
        for address in inside { #expect(prefix.contains(try #require(PeerAddress(text: address)))) }
        for address in outside { #expect(!prefix.contains(try #require(PeerAddress(text: address)))) }
        #expect(!prefix.contains(.local))
    }

    @Test(arguments: [
        "", "/8", "10.0.0.0/", "10.0.0.0/33", "10.0.0.0/-1", "10.0.0.0/+8", "10.0.0.0/08", "10.0.0.0/8/8",
        "10.0.0.0/ 8", "10.0.0.1/8", "10.0.0.0/7x", "10/8", "10.0.0.0/999999999999999999999", "2001:db8::/129",
        "2001:db8::1/32", "fe80::1%eth0", "fe80::%eth0/64", "::ffff:10.0.0.0/95", "[::1]", "localhost", "unix/8",
        "local",
    ])
    func `refuses anything else`(text: String) {
        #expect(NetworkPrefix(text: text) == nil)
    }

    @Test func `knows the peers on unix sockets by a name`() throws {
        let prefix = try #require(NetworkPrefix(text: "unix"))
        #expect(prefix.contains(.local))
        #expect(!prefix.contains(try #require(PeerAddress(text: "0.0.0.0"))))
        #expect(prefix.description == "unix")
    }
}
