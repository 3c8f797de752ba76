import NIOCore
import NIOEmbedded
import PosternHTTP
import Testing

@Suite struct HTTPConnectionDeadlineTests {
    @Test func `closes a fresh connection without a word when nothing comes`() throws {
        let server = try EmbeddedServer()
        server.pass(.milliseconds(9_999))
        #expect(server.isOpen)
        server.pass(.milliseconds(1))
        #expect(!server.isOpen)
        #expect(server.statuses == [])
        #expect(server.observer.transcript == ["opened", "closed idle"])
    }

    @Test func `answers 408 when a head does not end, however busily it comes`() throws {
        let server = try EmbeddedServer()
        server.send("GET /now HTTP/1.1\r\n")
        for _ in 0..<9 {
            server.pass(.seconds(1))
            server.send("X: y\r\n")
        }
        #expect(server.isOpen)
        server.pass(.seconds(1))
        #expect(server.statuses == [408])
        #expect(!server.isOpen)
        #expect(
            server.observer.transcript.suffix(3) == [
                "refused head_timeout", "answered 408 after 0 ms", "closed refused",
            ]
        )
    }

    @Test func `gives a later head its time from its first byte`() throws {
        let server = try EmbeddedServer()
        server.send("GET /now HTTP/1.1\r\nHost: a\r\n\r\n")
        server.pass(.seconds(70))
        server.send("G")
        server.pass(.seconds(9))
        server.send("E")
        server.pass(.milliseconds(999))
        #expect(server.isOpen)
        server.pass(.milliseconds(1))
        #expect(server.statuses == [200, 408])
        #expect(!server.isOpen)
    }

    @Test func `answers 408 when a body does not end and aborts the request`() throws {
        let server = try EmbeddedServer()
        server.send("POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 100\r\n\r\n")
        for _ in 0..<29 {
            server.pass(.seconds(1))
            server.send("b")
        }
        server.pass(.milliseconds(999))
        #expect(server.isOpen)
        server.pass(.milliseconds(1))
        #expect(server.statuses == [408])
        #expect(
            server.responder.transcript
                == ["begin POST /echo", "aborted /echo refused(PosternHTTP.Refusal.bodyTimeout)"]
        )
    }

    @Test func `answers 503 for a responder that does not`() throws {
        let server = try EmbeddedServer()
        server.send("GET /silent HTTP/1.1\r\nHost: a\r\n\r\n")
        server.pass(.milliseconds(29_999))
        #expect(server.isOpen)
        server.pass(.milliseconds(1))
        #expect(server.statuses == [503])
        #expect(server.answers().first?.fields["retry-after"] == "5")
        #expect(server.responder.transcript.last == "aborted /silent refused(PosternHTTP.Refusal.answerOverdue)")
    }

    @Test func `closes an idle connection after its time`() throws {
        let server = try EmbeddedServer()
        server.pass(.seconds(5))
        server.send("GET /now HTTP/1.1\r\nHost: a\r\n\r\n")
        server.pass(.milliseconds(74_999))
        #expect(server.isOpen)
        server.pass(.milliseconds(1))
        #expect(!server.isOpen)
        #expect(server.observer.transcript.last == "closed idle")
    }

    @Test func `starts the idle time anew after each answer`() throws {
        let server = try EmbeddedServer()
        for _ in 0..<20 {
            server.send("GET /now HTTP/1.1\r\nHost: a\r\n\r\n")
            server.pass(.seconds(70))
        }
        #expect(server.isOpen)
        #expect(server.statuses.count == 20)
    }

    @Test func `counts the time of an answer from the end of the head`() throws {
        let server = try EmbeddedServer()
        server.send("POST /later HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\n\r\n")
        server.pass(.milliseconds(7))
        server.send("b")
        server.pass(.milliseconds(5))
        server.responder.answerOldest()
        #expect(server.observer.transcript.last == "answered 200 after 12 ms")
    }

    @Test func `drops the rest of a slow body nobody wants without a second answer`() throws {
        let server = try EmbeddedServer()
        server.send("POST /now HTTP/1.1\r\nHost: a\r\nContent-Length: 10\r\n\r\n")
        server.pass(.seconds(30))
        #expect(server.statuses == [200])
        #expect(!server.isOpen)
    }
}
