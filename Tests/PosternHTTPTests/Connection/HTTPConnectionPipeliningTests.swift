import NIOCore
import NIOEmbedded
import NIOHTTP1
import PosternHTTP
import Testing

@Suite struct HTTPConnectionPipeliningTests {
    private func request(_ path: String, _ body: String) -> String {
        "POST \(path) HTTP/1.1\r\nHost: a\r\nContent-Length: \(body.utf8.count)\r\n\r\n\(body)"
    }

    @Test func `answers a hundred requests of one read in order`() throws {
        let server = try EmbeddedServer()
        server.send((1...100).map { self.request("/echo", "body \($0)") }.joined())
        #expect(server.answers().map(\.body) == (1...100).map { "body \($0)" })
        #expect(server.isOpen)
    }

    @Test func `begins the next request only when the one before is answered`() throws {
        let server = try EmbeddedServer()
        server.send((1...3).map { self.request("/later", "\($0)") }.joined())
        #expect(server.responder.transcript == ["begin POST /later", "complete 1"])
        for count in 1...3 {
            server.responder.answerOldest()
            #expect(server.statuses.count == count)
        }
        #expect(server.responder.waiting.isEmpty)
        #expect(server.isOpen)
    }

    @Test func `goes on when answers come at once after one that was late`() throws {
        let server = try EmbeddedServer()
        server.send(self.request("/later", "1") + self.request("/echo", "2") + self.request("/echo", "3"))
        server.responder.answerOldest(PreparedAnswer(status: .ok, text: "1"))
        #expect(server.answers().map(\.body) == ["1", "2", "3"])
    }

    @Test func `takes a request whose end comes after the one before was answered`() throws {
        let server = try EmbeddedServer()
        server.send(self.request("/later", "1") + "POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 4\r\n\r\nab")
        server.responder.answerOldest()
        #expect(server.statuses == [200])
        server.send("cd")
        #expect(server.answers().map(\.body) == ["fixed", "abcd"])
    }

    @Test(arguments: [(3, 4), (4, 5), (5, 5), (50, 5)])
    func `answers what it admitted and then closes when too many wait`(waiting: Int, answered: Int) throws {
        var limits = ConnectionLimits()
        limits.pipelinedRequests = 4
        let server = try EmbeddedServer(limits: limits)
        server.send((0...waiting).map { self.request("/later", "\($0)") }.joined())
        for _ in 0..<answered { server.responder.answerOldest() }
        #expect(server.statuses.count == answered)
        let closes = waiting > 4
        #expect(server.answers().last?.fields["connection"] == (closes ? "close" : nil))
        #expect(server.isOpen == !closes)
    }

    @Test func `closes after an answer that closes though more requests wait`() throws {
        let server = try EmbeddedServer()
        server.send(
            "POST /later HTTP/1.1\r\nHost: a\r\nConnection: close\r\nContent-Length: 0\r\n\r\n"
                + self.request("/echo", "2")
        )
        server.responder.answerOldest()
        #expect(server.statuses == [200])
        #expect(!server.isOpen)
    }

    @Test func `begins nothing for a peer that does not read`() throws {
        let server = try EmbeddedServer()
        server.channel.isWritable = false
        server.channel.pipeline.fireChannelWritabilityChanged()
        server.send(self.request("/echo", "1"))
        #expect(server.responder.transcript == [])
        server.channel.isWritable = true
        server.channel.pipeline.fireChannelWritabilityChanged()
        #expect(server.statuses == [200])
    }
}
