import NIOHTTP1
import PosternHTTP
import Testing

@Suite struct RequestFramingTests {
    private func framing(
        _ fields: [(String, String)],
        method: HTTPMethod = .POST,
        version: HTTPVersion = .http1_1
    ) throws -> RequestFraming {
        let head = HTTPRequestHead(version: version, method: method, uri: "/", headers: HTTPHeaders(fields))
        return try RequestFraming(head, limits: .init())
    }

    @Test func `knows a request without a body`() throws {
        let framing = try self.framing([("Host", "a")], method: .GET)
        #expect(framing == RequestFraming())
        #expect(!framing.hasBody)
    }

    @Test func `reads the length`() throws {
        let framing = try self.framing([("HOST", "a"), ("CONTENT-LENGTH", "12")])
        #expect(framing.contentLength == 12)
        #expect(framing.hasBody)
        #expect(try self.framing([("host", "a"), ("content-length", "0")]).hasBody == false)
    }

    @Test(arguments: ["", "-1", "+1", "1.0", "0x1", " ", "1 1", "١", "1234567890123456789"])
    func `refuses a length that is not 1 to 18 digits`(text: String) {
        #expect(throws: Refusal.malformedRequest) { try self.framing([("Host", "a"), ("Content-Length", text)]) }
    }

    @Test func `refuses lengths that contradict each other`() {
        let length = ("Content-Length", "1")
        let chunked = ("Transfer-Encoding", "chunked")
        for fields in [[length, length], [length, chunked], [chunked, length], [chunked, chunked]] {
            #expect(throws: Refusal.malformedRequest) { try self.framing([("Host", "a")] + fields) }
        }
    }

    @Test func `refuses transfer codings it does not know`() {
        for lines in [["gzip, chunked"], ["gzip", "chunked"], ["gzip ,\tchunked "]] {
            #expect(throws: Refusal.unsupportedTransferEncoding) {
                try self.framing([("Host", "a")] + lines.map { ("Transfer-Encoding", $0) })
            }
        }
        for lines in [["gzip"], ["chunked", "gzip"], ["chunked,"], [",chunked"], [""], ["chunked\t"], ["a,,chunked"]] {
            #expect(throws: Refusal.malformedRequest) {
                try self.framing([("Host", "a")] + lines.map { ("Transfer-Encoding", $0) })
            }
        }
    }

    @Test func `leaves out the blanks behind a value`() throws {
        #expect(try self.framing([("Host", "a \t"), ("Content-Length", "5 \t")]).contentLength == 5)
        #expect(try self.framing([("Host", "a"), ("Transfer-Encoding", "chunked  ")]).isChunked)
    }

    @Test func `wants exactly one Host, from HTTP 1 1 on`() throws {
        #expect(throws: Refusal.malformedRequest) { try self.framing([]) }
        #expect(throws: Refusal.malformedRequest) { try self.framing([("Host", "a"), ("host", "a")]) }
        #expect(throws: Refusal.malformedRequest) {
            try self.framing([("Host", "a"), ("Host", "a")], version: .http1_0)
        }
        #expect(throws: Never.self) { try self.framing([], version: .http1_0) }
    }

    @Test func `waits to be asked only when there is a body`() throws {
        let expect = ("Expect", "100-CONTINUE")
        #expect(try self.framing([("Host", "a"), ("Content-Length", "1"), expect]).expectsContinue)
        #expect(try self.framing([("Host", "a"), ("Transfer-Encoding", "chunked"), expect]).expectsContinue)
        #expect(try self.framing([("Host", "a"), expect]).expectsContinue == false)
        #expect(throws: Refusal.unknownExpectation) { try self.framing([("Host", "a"), ("Expect", "more")]) }
    }

    @Test func `keeps no connection that changes its protocol`() throws {
        #expect(try self.framing([("Host", "a"), ("Upgrade", "h2c")]).keepsAlive == false)
        #expect(try self.framing([("Host", "a")], method: .CONNECT).keepsAlive == false)
        #expect(try self.framing([("Host", "a")]).keepsAlive)
    }

    @Test func `holds the head to each limit`() throws {
        var limits = ConnectionLimits()
        limits.headerBytes = 9  // "Host: a" and its line end
        limits.headerCount = 1
        limits.targetBytes = 1
        var head = HTTPRequestHead(version: .http1_1, method: .GET, uri: "/", headers: ["Host": "a"])
        #expect(throws: Never.self) { try RequestFraming(head, limits: limits) }
        head.uri = "/a"
        #expect(throws: Refusal.targetTooLong) { try RequestFraming(head, limits: limits) }
        head.uri = "/"
        head.headers = ["Host": "ab"]
        #expect(throws: Refusal.headersTooLarge) { try RequestFraming(head, limits: limits) }
        head.headers = ["Host": "", "X": ""]
        #expect(throws: Refusal.headersTooLarge) { try RequestFraming(head, limits: limits) }
        head.version = .init(major: 2, minor: 0)
        #expect(throws: Refusal.unsupportedVersion) { try RequestFraming(head, limits: limits) }
    }
}
