import PosternHTTP
import Testing

@Suite struct HTTPConnectionLimitTests {
    @Test(arguments: [(9, 200), (10, 200), (11, 413)])
    func `holds an announced body to the limit`(length: Int, status: Int) throws {
        let server = try EmbeddedServer()
        let body = String(repeating: "b", count: length)
        server.send("POST /limit/10 HTTP/1.1\r\nHost: a\r\nContent-Length: \(length)\r\n\r\n\(body)")
        #expect(server.statuses == [status])
        #expect(server.isOpen == (status == 200))
        #expect(
            server.responder.transcript.last
                == (status == 200 ? "complete \(length)" : "aborted /limit/10 refused(\(Self.tooLarge))")
        )
    }

    private static let tooLarge = "PosternHTTP.Refusal.bodyTooLarge(limitBytes: 10)"

    @Test func `refuses an announced body before it comes`() throws {
        let server = try EmbeddedServer()
        server.send("POST /limit/10 HTTP/1.1\r\nHost: a\r\nContent-Length: 11\r\n\r\n")
        #expect(server.statuses == [413])
    }

    @Test(arguments: [(9, 200), (10, 200), (11, 413)])
    func `holds a chunked body to the limit as it comes`(length: Int, status: Int) throws {
        let server = try EmbeddedServer()
        server.send("POST /limit/10 HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n")
        for _ in 0..<length { server.send("1\r\nb\r\n") }
        if status == 413 { #expect(server.statuses == [413]) }
        server.send("0\r\n\r\n")
        #expect(server.statuses == [status])
        #expect(server.isOpen == (status == 200))
    }

    @Test(arguments: [(63, 200), (64, 200), (65, 414)])
    func `holds the target to the limit`(length: Int, status: Int) throws {
        var limits = ConnectionLimits()
        limits.targetBytes = 64
        let server = try EmbeddedServer(limits: limits)
        let target = "/" + String(repeating: "t", count: length - 1)
        server.send("GET \(target) HTTP/1.1\r\nHost: a\r\n\r\n")
        #expect(server.statuses == [status])
        #expect(server.isOpen == (status == 200))
    }

    @Test(arguments: [(999, 200), (1000, 200), (1001, 431), (5000, 431)])
    func `holds the header fields to the limit`(bytes: Int, status: Int) throws {
        var limits = ConnectionLimits()
        limits.headerBytes = 1000
        limits.targetBytes = 100
        let server = try EmbeddedServer(limits: limits)
        let fixed = "Host: a\r\nX: \r\n".utf8.count
        let value = String(repeating: "v", count: bytes - fixed)
        server.send("GET /now HTTP/1.1\r\nHost: a\r\nX: \(value)\r\n\r\n")
        #expect(server.statuses == [status])
    }

    @Test(arguments: [(9, 200), (10, 200), (11, 431)])
    func `holds the number of header fields to the limit`(count: Int, status: Int) throws {
        var limits = ConnectionLimits()
        limits.headerCount = 10
        let server = try EmbeddedServer(limits: limits)
        let fields = (1..<count).map { "X-\($0): v\r\n" }.joined()
        server.send("GET /now HTTP/1.1\r\nHost: a\r\n\(fields)\r\n")
        #expect(server.statuses == [status])
    }

    @Test func `bounds a header line that never ends`() throws {
        let server = try EmbeddedServer()
        server.send("GET /now HTTP/1.1\r\nHost: a\r\nX: ")
        for _ in 0..<40 where server.isOpen { server.send(String(repeating: "v", count: 1000)) }
        #expect(server.statuses == [431])
        #expect(!server.isOpen)
    }

    @Test func `bounds a target that never ends`() throws {
        let server = try EmbeddedServer()
        server.send("GET /")
        for _ in 0..<40 where server.isOpen { server.send(String(repeating: "t", count: 1000)) }
        #expect(server.statuses == [431])
        #expect(!server.isOpen)
    }

    @Test(arguments: [(99, true), (100, true), (101, false)])
    func `drops a small body nobody wants and keeps the connection`(length: Int, staysOpen: Bool) throws {
        var limits = ConnectionLimits()
        limits.discardedBodyBytes = 100
        let server = try EmbeddedServer(limits: limits)
        server.send("POST /now HTTP/1.1\r\nHost: a\r\nContent-Length: \(length)\r\n\r\n")
        #expect(server.answers().first?.fields["connection"] == (staysOpen ? nil : "close"))
        #expect(server.isOpen == staysOpen)
        guard staysOpen else { return }
        server.send(String(repeating: "b", count: length) + "GET /now HTTP/1.1\r\nHost: a\r\n\r\n")
        #expect(server.statuses == [200, 200])
    }

    @Test func `closes after a chunked body nobody wants`() throws {
        let server = try EmbeddedServer()
        server.send("POST /now HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n1\r\na\r\n")
        #expect(server.answers().map(\.fields["connection"]) == ["close"])
        #expect(!server.isOpen)
    }
}
