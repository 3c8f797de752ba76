import NIOCore
import PosternHTTP
import Testing

@Suite struct HTTPConnectionDamageTests {
    private static let requests = [
        "POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\nhello", "GET /now HTTP/1.1\r\nHost: a\r\n\r\n",
        "POST /echo HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n\r\n",
        "POST /later HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\n\r\nab", "HEAD /now HTTP/1.1\r\nHost: a\r\n\r\n",
        "POST /early HTTP/1.1\r\nHost: a\r\nContent-Length: 6\r\n\r\nabcdef", "GET /later HTTP/1.0\r\n\r\n",
        "POST /limit/3 HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\nContent-Length: 3\r\n\r\nabc",
        "POST /begin HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\n\r\nx",
    ]

    @Test(arguments: 0..<20 as Range<UInt64>)
    func `survives damaged requests, cut anywhere, and settles every one it took`(seed: UInt64) throws {
        var random = SeededGenerator(seed: seed)
        for _ in 0..<50 {
            let server = try EmbeddedServer()
            var bytes: [UInt8] = []
            for _ in 0..<Int.random(in: 1...6, using: &random) {
                bytes += (Self.requests.randomElement(using: &random) ?? "").utf8
            }
            for _ in 0..<Int.random(in: 0...3, using: &random) {
                let place = bytes.indices.randomElement(using: &random) ?? 0
                switch Int.random(in: 0...2, using: &random) {
                case 0: bytes[place] = UInt8.random(in: 0...255, using: &random)
                case 1: bytes.remove(at: place)
                default: bytes.insert(UInt8.random(in: 0...255, using: &random), at: place)
                }
            }
            while !bytes.isEmpty {
                let count = Int.random(in: 1...bytes.count, using: &random)
                server.send(bytes.prefix(count))
                bytes.removeFirst(count)
                switch Int.random(in: 0...5, using: &random) {
                case 0: server.responder.answerOldest()
                case 1: server.pass(.seconds(Int64.random(in: 0...40, using: &random)))
                default: break
                }
            }
            let unanswered = server.responder.waiting.count { $0.isOpen }
            server.channel.close(promise: nil)
            server.pass(.seconds(100))
            #expect(server.responder.waiting.allSatisfy { !$0.isOpen && $0.state == nil })
            #expect(server.responder.transcript.count { $0.hasPrefix("aborted /later") } >= unanswered)
            #expect(!server.responder.transcript.contains { $0.contains("without notes") })
            #expect(server.observer.transcript.count { $0.hasPrefix("closed") } == 1)
            #expect(server.ledger.count == 0)
            #expect(server.loop.connectionCount == 0)
        }
    }
}
