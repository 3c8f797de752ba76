import PosternHTTP
import Testing

@Suite struct HTTPConnectionMalformedTests {
    private static let table: [(String, Int)] = [
        ("nonsense\r\n\r\n", 400),
        ("\u{16}\u{03}\u{01}\u{02}\u{00}\u{01}\u{00}\u{01}\u{FC}", 400),
        ("GET\r\n\r\n", 400),
        ("GET /\r\n\r\n", 505),
        ("GET / HTTP/1.1\r\n\r\n", 400),
        ("GET / HTTP/2.0\r\nHost: a\r\n\r\n", 505),
        ("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", 400),
        ("GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n", 400),
        ("GET / HTTP/1.1\r\nHost: a\r\n: empty\r\n\r\n", 400),
        ("GET / HTTP/1.1\r\nHost: a\r\nX Y: z\r\n\r\n", 400),
        ("GET / HTTP/1.1\r\nHost: a\r\nX : z\r\n\r\n", 400),
        ("GET / HTTP/1.1\r\nHost: a\r\nX: a\u{00}b\r\n\r\n", 400),
        ("GET / HTTP/1.1\r\nHost: a\r\nno colon\r\n\r\n", 400),
        ("GET /a b HTTP/1.1\r\nHost: a\r\n\r\n", 400),
        ("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: -1\r\n\r\n", 400),
        ("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: +1\r\n\r\na", 400),
        ("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1x\r\n\r\na", 400),
        ("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 0x1\r\n\r\na", 400),
        ("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1, 1\r\n\r\na", 400),
        ("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 99999999999999999999999\r\n\r\na", 400),
        ("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 9223372036854775807\r\n\r\na", 400),
        ("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\nContent-Length: 1\r\n\r\na", 400),
        ("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\na", 400),
        ("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", 400),
        ("POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\nContent-Length: 1\r\n\r\n0\r\n\r\n", 400),
        (
            "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
            400
        ),
        ("POST / HTTP/1.0\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", 400),
        ("POST /echo HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\nx\r\n", 400),
        ("POST /echo HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n1\r\nabc\r\n", 400),
        ("POST /echo HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n-1\r\n", 400),
        ("POST /echo HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\nfffffffffffffffff\r\n", 400),
    ]

    @Test(arguments: Self.table)
    func `refuses what is not one clear request`(bytes: String, status: Int) throws {
        let server = try EmbeddedServer()
        server.send(bytes.unicodeScalars.map { UInt8(truncatingIfNeeded: $0.value) })
        let answer = try #require(server.answers().first)
        #expect(answer.status == status)
        #expect(answer.fields["connection"] == "close")
        #expect(answer.fields["content-type"] == "application/json")
        #expect(answer.body.hasPrefix("{\"success\":false,"))
        #expect(server.statuses.count == 1)
        #expect(!server.isOpen)
    }

    @Test(arguments: ["gzip", "identity", "chunked, gzip", "gzip, chunked", "xchunked"])
    func `refuses other transfer codings`(coding: String) throws {
        let server = try EmbeddedServer()
        server.send("POST /echo HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: \(coding)\r\n\r\n0\r\n\r\n")
        let status = try #require(server.statuses.first)
        #expect([400, 501].contains(status))
        #expect(!server.isOpen)
    }

    @Test func `aborts a request whose chunks go wrong`() throws {
        let server = try EmbeddedServer()
        server.send("POST /echo HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n1\r\na\r\nzz")
        #expect(
            server.responder.transcript
                == ["begin POST /echo", "aborted /echo refused(PosternHTTP.Refusal.malformedRequest)"]
        )
        #expect(
            server.observer.transcript.suffix(3) == [
                "refused malformed_request", "answered 400 after 0 ms", "closed refused",
            ]
        )
    }

    @Test func `answers the requests before the malformed one first`() throws {
        let server = try EmbeddedServer()
        server.send("GET /later HTTP/1.1\r\nHost: a\r\n\r\nGET /later HTTP/1.1\r\nHost: a\r\n\r\nnonsense\r\n\r\n")
        #expect(server.statuses == [])
        server.responder.answerOldest()
        #expect(server.statuses == [200])
        server.responder.answerOldest()
        #expect(server.statuses == [200, 200, 400])
        #expect(!server.isOpen)
    }

    @Test func `says nothing more when the body of an answered request is malformed`() throws {
        let server = try EmbeddedServer()
        server.send("POST /now HTTP/1.1\r\nHost: a\r\nContent-Length: 4\r\n\r\nab")
        server.send("cdnonsense\r\n\r\n")
        #expect(server.statuses == [200, 400])
        #expect(!server.isOpen)
    }

    @Test func `ignores bytes after a malformed request`() throws {
        let server = try EmbeddedServer()
        server.send("nonsense\r\n\r\n")
        server.send("GET /now HTTP/1.1\r\nHost: a\r\n\r\n")
        #expect(server.statuses == [400])
        #expect(server.responder.transcript.isEmpty)
    }
}
