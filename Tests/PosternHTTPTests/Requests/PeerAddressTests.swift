import NIOCore
import PosternHTTP
import Testing

@Suite struct PeerAddressTests {
    @Test(arguments: [
        ("192.0.2.1", "192.0.2.1"), ("0.0.0.0", "0.0.0.0"), ("255.255.255.255", "255.255.255.255"),
        ("::ffff:192.0.2.1", "192.0.2.1"), ("::FFFF:c000:0201", "192.0.2.1"), ("::", "0:0:0:0:0:0:0:0"),
        ("::1", "0:0:0:0:0:0:0:1"), ("1::", "1:0:0:0:0:0:0:0"),
        ("2001:db8::8:800:200c:417a", "2001:db8:0:0:8:800:200c:417a"),
        ("1:2:3:4:5:6:7:8", "1:2:3:4:5:6:7:8"), ("1:2:3:4:5:6:7::", "1:2:3:4:5:6:7:0"),
        ("::2:3:4:5:6:7:8", "0:2:3:4:5:6:7:8"),
        ("fe80::1%eth0", "fe80:0:0:0:0:0:0:1"), ("64:ff9b::192.0.2.33", "64:ff9b:0:0:0:0:c000:221"),
    ])
    func `reads addresses in text form`(text: String, normal: String) {
        #expect(PeerAddress(text: text)?.description == normal)
    }

    @Test(arguments: [
        "", "1", "1.2.3", "1.2.3.4.5", "1.2.3.256", "1.2.3.", "1..2.3", "01234.1.1.1", "a.b.c.d", "1.2.3.+4",
        " 1.2.3.4",
        ":", ":::", "1:", ":1", "1:::2", "1:2:3:4:5:6:7:", "1.2.3.4::1", "1:2:3:4:5:6:7:1.2.3.4", "1:2",
        "1:2:3:4:5:6:7", "1:2:3:4:5:6:7:8:9", "1::2::3", "12345::", "g::", "::1:", ":1::", "+1::",
        "1:2:3:4:5:6:7:8::", "::1.2.3", "1.2.3.4::", "unix", "192.0.2.1:80", "[::1]",
        "0000:0000:0000:0000:0000:0000:0000:0000:0000:0000",
    ])
    func `refuses anything else`(text: String) {
        #expect(PeerAddress(text: text) == nil)
    }

    @Test func `takes the network of limits`() throws {
        let first = try #require(PeerAddress(text: "2001:db8:1:2:3:4:5:6"))
        let second = try #require(PeerAddress(text: "2001:db8:1:2:ffff::"))
        let other = try #require(PeerAddress(text: "2001:db8:1:3::"))
        #expect(first.network == second.network)
        #expect(first.network != other.network)
        let narrow = try #require(PeerAddress(text: "192.0.2.1"))
        #expect(narrow.network == narrow)
        #expect(narrow.family == .ipv4)
    }

    @Test func `reads the addresses of sockets`() throws {
        #expect(PeerAddress(try SocketAddress(ipAddress: "192.0.2.9", port: 1)).description == "192.0.2.9")
        #expect(PeerAddress(try SocketAddress(ipAddress: "2001:db8::9", port: 1)).description == "2001:db8:0:0:0:0:0:9")
        #expect(PeerAddress(try SocketAddress(unixDomainSocketPath: "/tmp/x")) == .local)
        #expect(PeerAddress(nil).description == "local")
    }
}
