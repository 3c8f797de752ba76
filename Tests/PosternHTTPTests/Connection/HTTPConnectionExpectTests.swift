import PosternHTTP
import Testing

@Suite struct HTTPConnectionExpectTests {
    private func head(_ path: String, length: Int, expect: String = "100-continue", version: String = "1.1") -> String {
        "POST \(path) HTTP/\(version)\r\nHost: a\r\nContent-Length: \(length)\r\nExpect: \(expect)\r\n\r\n"
    }

    @Test func `sends 100 Continue once the head is accepted`() throws {
        let server = try EmbeddedServer()
        server.send(self.head("/echo", length: 3))
        #expect(String(decoding: server.output, as: UTF8.self) == "HTTP/1.1 100 Continue\r\n\r\n")
        server.send("abc")
        #expect(server.answers().map(\.body) == ["", "abc"])
        #expect(server.isOpen)
    }

    @Test func `gives a refused head its final status and closes`() throws {
        let server = try EmbeddedServer()
        server.send(self.head("/refuse", length: 3))
        #expect(server.statuses == [401])
        #expect(server.answers().first?.fields["connection"] == "close")
        #expect(!server.isOpen)
    }

    @Test func `refuses an announced body that is too large without asking for it`() throws {
        let server = try EmbeddedServer()
        server.send(self.head("/limit/2", length: 3))
        #expect(server.statuses == [413])
        #expect(!server.isOpen)
    }

    @Test func `does not ask for an empty body`() throws {
        let server = try EmbeddedServer()
        server.send(self.head("/echo", length: 0))
        #expect(server.statuses == [200])
    }

    @Test func `ignores the expectation of HTTP 1 0`() throws {
        let server = try EmbeddedServer()
        server.send(self.head("/echo", length: 1, version: "1.0") + "a")
        #expect(server.statuses == [200])
    }

    @Test func `knows the expectation in any case`() throws {
        let server = try EmbeddedServer()
        server.send(self.head("/echo", length: 1, expect: "100-Continue"))
        #expect(server.statuses == [100])
    }

    @Test func `refuses any other expectation`() throws {
        let server = try EmbeddedServer()
        server.send(self.head("/echo", length: 1, expect: "200-ok") + "a")
        #expect(server.statuses == [417])
        #expect(!server.isOpen)
    }
}
