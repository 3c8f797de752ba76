import NIOCore
import NIOEmbedded
import PosternHTTP
import Testing

@Suite struct HTTPConnectionTests {
    @Test func `answers a request with the body it was sent`() throws {
        let server = try EmbeddedServer()
        server.send("POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\nhello")
        let answer = try #require(server.answers().first)
        #expect(answer.status == 200)
        #expect(answer.body == "hello")
        #expect(server.responder.transcript == ["begin POST /echo", "complete 5"])
        #expect(server.observer.transcript == ["opened", "answered 200 after 0 ms"])
        #expect(server.isOpen)
    }

    @Test func `writes the whole answer as documented`() throws {
        let server = try EmbeddedServer()
        server.send("GET /now HTTP/1.1\r\nHost: a\r\n\r\n")
        #expect(
            String(decoding: server.output, as: UTF8.self) == """
                HTTP/1.1 200 OK\r
                X-Content-Type-Options: nosniff\r
                Cache-Control: no-store\r
                Content-Security-Policy: default-src 'none'\r
                Referrer-Policy: no-referrer\r
                Content-Type: text/plain\r
                Content-Length: 5\r
                Date: Sat, 21 Nov 2026 07:00:00 GMT\r
                \r
                fixed
                """
        )
    }

    private static let split = """
        POST /echo?a=b HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\nX-Long: vvvvvvvvvvvvvvvvvvvvvvvvvvvvvv\r\n\r\nhello\
        POST /echo HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n\
        3\r\nabc\r\n2;x=y\r\nde\r\n0\r\nT: u\r\n\r\n\
        GET /now HTTP/1.1\r\nHost: a\r\n\r\n
        """

    @Test func `understands requests cut in two at every point`() throws {
        let bytes = Array(Self.split.utf8)
        for point in 0...bytes.count {
            let server = try EmbeddedServer()
            server.send(bytes[..<point])
            server.send(bytes[point...])
            #expect(server.answers().map(\.body) == ["hello", "abcde", "fixed"], "cut at \(point)")
            #expect(server.isOpen)
        }
    }

    @Test func `understands requests that come byte by byte`() throws {
        let server = try EmbeddedServer()
        for byte in Self.split.utf8 { server.send([byte]) }
        #expect(server.answers().map(\.body) == ["hello", "abcde", "fixed"])
    }

    @Test func `aborts a request that is cut off at any point of its body`() throws {
        let bytes = Array("POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\nhello".utf8)
        let head = bytes.count - 5
        for point in 0..<bytes.count {
            let server = try EmbeddedServer()
            server.send(bytes[..<point])
            server.channel.close(promise: nil)
            let begun = ["begin POST /echo", "aborted /echo disconnected"]
            #expect(server.responder.transcript == (point < head ? [] : begun), "cut at \(point)")
            #expect(server.observer.transcript == ["opened", "closed peer"])
            #expect(server.ledger.count == 0)
            #expect(server.loop.connectionCount == 0)
        }
    }

    @Test func `leaves out the body of an answer to HEAD but not its length`() throws {
        let server = try EmbeddedServer()
        server.send("HEAD /now HTTP/1.1\r\nHost: a\r\n\r\nGET /now HTTP/1.1\r\nHost: a\r\n\r\n")
        let answers = server.answers(bodyless: 1)
        #expect(answers.map(\.fields["content-length"]) == ["5", "5"])
        #expect(answers.map(\.body) == ["", "fixed"])
    }

    @Test(arguments: [
        ("1.1", "", nil, true), ("1.1", "Connection: keep-alive\r\n", nil, true),
        ("1.1", "Connection: close\r\n", "close", false),
        ("1.1", "Connection: Close, TE\r\n", "close", false), ("1.0", "", "close", false),
        ("1.0", "Connection: keep-alive\r\n", "keep-alive", true),
        ("1.1", "Connection: Upgrade\r\nUpgrade: h2c\r\n", "close", false),
    ])
    func `keeps or closes the connection as asked`(
        version: String,
        fields: String,
        connection: String?,
        staysOpen: Bool
    ) throws {
        for path in ["/now", "/echo"] {
            let server = try EmbeddedServer()
            server.send("GET \(path) HTTP/\(version)\r\nHost: a\r\n\(fields)\r\n")
            #expect(server.answers().map(\.fields["connection"]) == [connection])
            #expect(server.isOpen == staysOpen)
            #expect(server.observer.transcript.last == (staysOpen ? "answered 200 after 0 ms" : "closed answered"))
        }
    }

    @Test func `takes an answer given while the head is decided`() throws {
        let server = try EmbeddedServer()
        server.send(
            "POST /begin HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\n\r\nabcGET /now HTTP/1.1\r\nHost: a\r\n\r\n"
        )
        #expect(server.statuses == [200, 200])
        #expect(server.responder.transcript == ["begin POST /begin", "begin GET /now"])
    }

    @Test func `traps when the responder says that it answered and did not`() async {
        await #expect(processExitsWith: .failure) {
            try EmbeddedServer().send("GET /lie HTTP/1.1\r\nHost: a\r\n\r\n")
        }
    }

    @Test func `takes an answer given while the body comes`() throws {
        let server = try EmbeddedServer()
        server.send("POST /early HTTP/1.1\r\nHost: a\r\nContent-Length: 6\r\n\r\nabc")
        #expect(server.statuses == [200])
        server.send("defGET /now HTTP/1.1\r\nHost: a\r\n\r\n")
        #expect(server.statuses == [200, 200])
        #expect(server.responder.transcript == ["begin POST /early", "chunk", "begin GET /now"])
    }

    @Test func `counts the first answer only and ignores late ones`() throws {
        let server = try EmbeddedServer()
        server.send("POST /later HTTP/1.1\r\nHost: a\r\nContent-Length: 0\r\n\r\n")
        let exchange = try #require(server.responder.waiting.first)
        #expect(exchange.isOpen)
        #expect(exchange.number == 1)
        exchange.answer(ScriptedResponder.fixed)
        exchange.answer(ScriptedResponder.fixed)
        #expect(!exchange.isOpen)
        #expect(exchange.state == nil)
        server.send("POST /later HTTP/1.1\r\nHost: a\r\nContent-Length: 0\r\n\r\n")
        exchange.answer(ScriptedResponder.fixed)
        exchange.state = self.marker
        #expect(server.statuses == [200])
        #expect(server.responder.waiting.last?.state is ScriptedResponder.Notes)
        server.channel.close(promise: nil)
        server.responder.waiting.last?.answer(ScriptedResponder.fixed)
        #expect(server.statuses == [200])
    }

    private var marker: ScriptedResponder.Notes { .init(path: "/marker") }

    @Test func `adds fields that cannot break out of their line`() throws {
        let server = try EmbeddedServer()
        server.send("GET /fields HTTP/1.1\r\nHost: a\r\n\r\n")
        let answer = try #require(server.answers().first)
        #expect(answer.fields["postern-delivery-id"] == "one  Injected: two")
        #expect(answer.fields["injected"] == nil)
        #expect(answer.fields["retry-after"] == "7")
        #expect(answer.body == "fixed")
    }

    @Test func `tells the responder where the peer is`() throws {
        let server = try EmbeddedServer()
        server.send("GET /later HTTP/1.1\r\nHost: a\r\n\r\n")
        #expect(server.responder.peers.map(\.description) == ["192.0.2.7"])
        #expect(server.responder.waiting.first?.peer.description == "192.0.2.7")
    }
}
