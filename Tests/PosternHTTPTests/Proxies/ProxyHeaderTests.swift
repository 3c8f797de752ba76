import NIOCore
import PosternHTTP
import Testing

@Suite struct ProxyHeaderTests {
    private static let signature: [UInt8] = [13, 10, 13, 10, 0, 13, 10, 81, 85, 73, 84, 10]

    private static func binary(_ command: UInt8, _ family: UInt8, _ rest: [UInt8], length: UInt16? = nil) -> [UInt8] {
        let length = length ?? UInt16(rest.count)
        return Self.signature + [command, family, UInt8(length >> 8), UInt8(length & 0xFF)] + rest
    }

    private static let ipv4: [UInt8] = [192, 0, 2, 1, 198, 51, 100, 2, 0x9C, 0x40, 1, 187]
    private static let ipv6: [UInt8] =
        [0x20, 1, 0x0D, 0xB8] + Array(repeating: 0, count: 11) + [1] + Array(repeating: 0, count: 15) + [2, 0, 1, 0, 2]
    private static let mapped: [UInt8] =
        Array(repeating: 0, count: 10) + [0xFF, 0xFF, 192, 0, 2, 9] + Array(repeating: 0, count: 20)

    private static let good: [([UInt8], String?)] = [
        (Array("PROXY TCP4 192.0.2.1 198.51.100.2 40000 443\r\n".utf8), "192.0.2.1"),
        (Array("PROXY TCP6 2001:db8::1 2001:db8::2 0 65535\r\n".utf8), "2001:db8:0:0:0:0:0:1"),
        (Array("PROXY TCP6 ::ffff:192.0.2.9 ::1 1 2\r\n".utf8), "192.0.2.9"),
        (Array("PROXY UNKNOWN\r\n".utf8), nil),
        (Array("PROXY UNKNOWN whatever, \t this is\r\n".utf8), nil),
        (
            Array(
                "PROXY UNKNOWN ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff 65535 65535\r\n"
                    .utf8
            ), nil
        ),
        (Self.binary(0x21, 0x11, Self.ipv4), "192.0.2.1"),
        (Self.binary(0x21, 0x21, Self.ipv6), "2001:db8:0:0:0:0:0:1"),
        (Self.binary(0x21, 0x21, Self.mapped), "192.0.2.9"),
        (Self.binary(0x21, 0x11, Self.ipv4 + [4, 0, 3, 1, 2, 3]), "192.0.2.1"),
        (Self.binary(0x20, 0x00, []), nil),
        (Self.binary(0x20, 0xFF, [1, 2, 3]), nil),
        (Self.binary(0x21, 0x00, [1, 2, 3]), nil),
        (Self.binary(0x21, 0x12, Self.ipv4), nil),
        (Self.binary(0x21, 0x22, Self.ipv6), nil),
        (Self.binary(0x21, 0x31, Array(repeating: 0, count: 216)), nil),
        (Self.binary(0x21, 0x11, Self.ipv4 + Array(repeating: 0, count: 4096 - 28)), "192.0.2.1"),
    ]

    @Test(arguments: Self.good)
    func `reads a header, cut anywhere, and leaves what follows`(bytes: [UInt8], address: String?) throws {
        let expected = ProxyHeader.Reading.complete(
            try address.map { .proxied(try #require(PeerAddress(text: $0))) } ?? .own
        )
        for cut in bytes.indices {
            var start = ByteBuffer(bytes: bytes[..<cut])
            #expect(ProxyHeader.read(from: &start) == .incomplete)
            #expect(start.readableBytes == cut)
        }
        var whole = ByteBuffer(bytes: bytes + Array("GET /".utf8))
        whole.writeString("")
        #expect(ProxyHeader.read(from: &whole) == expected)
        #expect(String(buffer: whole) == "GET /")
    }

    @Test(arguments: [
        "GET / HTTP/1.1\r\n", "PROXX", "proxy TCP4", "PROXY\r\n", "PROXY \r\n", "PROXY TCP4\r\n", "PROXY  UNKNOWN\r\n",
        "PROXY TCP5 1.2.3.4 1.2.3.4 1 2\r\n", "PROXY TCP4 1.2.3.4 1.2.3.4 1\r\n",
        "PROXY TCP4 1.2.3.4 1.2.3.4 1 2 3\r\n",
        "PROXY TCP4 1.2.3.4  1.2.3.4 1 2\r\n", "PROXY TCP4 1.2.3.4 1.2.3.4 1 2 \r\n", "PROXY TCP4 ::1 ::1 1 2\r\n",
        "PROXY TCP6 1.2.3.4 1.2.3.4 1 2\r\n", "PROXY TCP4 1.2.3.400 1.2.3.4 1 2\r\n", "PROXY TCP4 1.2.3.4 x 1 2\r\n",
        "PROXY TCP6 fe80::1%eth0 ::1 1 2\r\n", "PROXY TCP4 1.2.3.4 1.2.3.4 65536 2\r\n",
        "PROXY TCP4 1.2.3.4 1.2.3.4 01 2\r\n", "PROXY TCP4 1.2.3.4 1.2.3.4 -1 2\r\n",
        "PROXY TCP4 1.2.3.4 1.2.3.4  2\r\n",
        "PROXY UNKNOWN\n", "\r\nGET", "\r\n\r\n\0\r\nQUIX",
    ])
    func `refuses what is no header`(text: String) {
        var buffer = ByteBuffer(string: text)
        #expect(ProxyHeader.read(from: &buffer) == .malformed)
    }

    @Test(arguments: [
        Self.binary(0x11, 0x11, Self.ipv4), Self.binary(0x31, 0x11, Self.ipv4), Self.binary(0x22, 0x11, Self.ipv4),
        Self.binary(0x21, 0x10, Self.ipv4), Self.binary(0x21, 0x23, Self.ipv6), Self.binary(0x21, 0x41, Self.ipv4),
        Self.binary(0x21, 0x11, Array(Self.ipv4.dropLast())), Self.binary(0x21, 0x21, Array(Self.ipv6.dropLast())),
        Self.binary(0x21, 0x11, [], length: 4081), Self.binary(0x20, 0x00, [], length: 65_535),
    ])
    func `refuses versions, commands, families and lengths it does not know`(bytes: [UInt8]) {
        var buffer = ByteBuffer(bytes: bytes)
        #expect(ProxyHeader.read(from: &buffer) == .malformed)
    }

    @Test(arguments: [(107, true), (108, false)])
    func `bounds a line`(length: Int, isTaken: Bool) {
        let padding = String(repeating: "x", count: length - 16)
        var line = ByteBuffer(string: "PROXY UNKNOWN \(padding)\r\n")
        #expect(line.readableBytes == length)
        #expect(ProxyHeader.read(from: &line) == (isTaken ? .complete(.own) : .malformed))
        var endless = ByteBuffer(string: "PROXY UNKNOWN " + String(repeating: "x", count: length - 15))
        #expect(endless.readableBytes == length - 1)
        #expect(ProxyHeader.read(from: &endless) == (isTaken ? .incomplete : .malformed))
    }

    @Test(arguments: [1, 2, 3, 4] as [UInt64])
    func `survives damage`(seed: UInt64) {
        var random = SeededGenerator(seed: seed)
        for _ in 0..<2000 {
            var bytes = Self.good[Int.random(in: 0..<Self.good.count, using: &random)].0
            for _ in 0..<Int.random(in: 1...4, using: &random) {
                bytes[Int.random(in: 0..<bytes.count, using: &random)] = UInt8.random(in: 0...255, using: &random)
            }
            var buffer = ByteBuffer(bytes: bytes)
            if ProxyHeader.read(from: &buffer) == .incomplete { #expect(bytes.count < ProxyHeader.binaryLimitBytes) }
        }
    }
}
