import PosternModel
import PosternOutbound
import Testing

@Suite struct CustomHeaderTests {
    @Test(
        arguments: [
            ("authorization", "Bearer x"), ("X-Api-Key", "a b\tc"), ("x", ""), ("user-agent", "mine/1"),
            ("x-value", "é"), ("cookie", "a=1"), ("ce", "1"), ("webhooks", "1"),
        ]
    )
    func `is whatever a request may hold`(name: String, value: String) throws {
        try CustomHeader.check(name: name, value: Secret(value))
    }

    @Test(
        arguments: [
            "webhook-id", "Webhook-Signature", "WEBHOOK-TIMESTAMP", "webhook-x", "ce-id", "CE-Type", "host", "Host",
            "content-length", "Content-Type", "content-encoding", "transfer-encoding", "connection", "keep-alive",
            "te", "trailer", "upgrade", "expect", "proxy-connection", "accept-encoding", "postern-attempt",
        ]
    )
    func `is nothing of Postern's own`(name: String) {
        #expect(throws: CustomHeaderError.reservedName(name.lowercased())) {
            try CustomHeader.check(name: name, value: Secret("x"))
        }
    }

    @Test(arguments: ["", " ", "a b", "a:b", "x\r\ny", "ü", "x\u{0}", "(x)", String(repeating: "x", count: 257)])
    func `has a name that is a token`(name: String) {
        #expect(throws: CustomHeaderError.badName) { try CustomHeader.check(name: name, value: Secret("x")) }
    }

    @Test(
        arguments: [
            Array("a\r\nx: y".utf8), Array("a\nb".utf8), [0], [0x7F], [0xFF], [0xC3],
            Array(repeating: UInt8(ascii: "x"), count: 8193),
        ]
    )
    func `has a value without line ends and controls`(value: [UInt8]) {
        #expect(throws: CustomHeaderError.badValue) { try CustomHeader.check(name: "x", value: Secret(value)) }
    }
}
