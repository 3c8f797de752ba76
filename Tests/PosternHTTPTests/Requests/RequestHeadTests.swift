import NIOCore
import NIOHTTP1
import PosternHTTP
import Testing

@Suite struct RequestHeadTests {
    private func head(_ target: String, _ fields: [(String, String)] = [("Host", "a")]) throws -> RequestHead {
        let head = HTTPRequestHead(version: .http1_1, method: .PUT, uri: target, headers: HTTPHeaders(fields))
        return RequestHead(head, framing: try RequestFraming(head, limits: .init()), peer: .local)
    }

    @Test(
        arguments: [
            ("/", "/", nil), ("/a/b", "/a/b", nil), ("/a?", "/a", ""), ("/a?b=c&d", "/a", "b=c&d"),
            ("/a?b?c", "/a", "b?c"),
            ("?", "", ""), ("*", "*", nil), ("/%3F?x", "/%3F", "x"),
        ] as [(String, String, String?)]
    )
    func `splits the target`(target: String, path: String, query: String?) throws {
        let head = try self.head(target)
        #expect(head.target == target)
        #expect(head.path == path)
        #expect(head.query.map(String.init) == query)
    }

    @Test func `shows what was sent`() throws {
        let head = try self.head("/", [("Host", "a"), ("Content-Length", "7"), ("X-Two", "2")])
        #expect(head.method == .PUT)
        #expect(head.headers.first(name: "x-two") == "2")
        #expect(head.contentLength == 7)
        #expect(!head.isChunked)
        #expect(head.isKeepAlive)
        #expect(head.peer == .local)
    }
}
