import NIOHTTP1
import PosternHTTP
import Testing

@Suite struct RequestTargetTests {
    @Test(arguments: [
        ("/", HTTPMethod.GET), ("//", .POST), ("/a?b=c|d{e}%zz", .GET), ("/http://other/", .GET), ("*", .OPTIONS),
        ("a:1", .CONNECT), ("[::1]:443", .CONNECT),
    ])
    func `leaves a target as it was sent`(target: String, method: HTTPMethod) throws {
        #expect(try RequestTarget(target, method: method) == .asSent)
    }

    @Test(arguments: [
        ("http://a", "a", "/"), ("HTTP://a/", "a", "/"), ("https://a:1/b?c", "a:1", "/b?c"),
        ("http://a?b/c", "a", "/?b/c"),
        ("http://[::1]:80/x", "[::1]:80", "/x"), ("http://a//b", "a", "//b"),
    ])
    func `takes a URL apart`(target: String, authority: String, origin: String) throws {
        let expected = RequestTarget.absolute(authority: authority, origin: origin)
        #expect(try RequestTarget(target, method: .GET) == expected)
    }

    @Test(arguments: [
        ("", HTTPMethod.GET), ("a", .GET), ("*", .GET), ("**", .OPTIONS), ("*?a", .OPTIONS), ("a:1", .GET),
        ("http:", .GET), ("http:/a", .GET), ("http://", .GET), ("http:///a", .GET), ("http://:80/", .GET),
        ("http://a@b/", .GET), ("http://a:b/", .GET), ("http://[a]/", .GET), ("http://[::1/", .GET), ("ws://a/", .GET),
        ("/#", .GET), ("/\\", .GET), ("/ ", .GET), ("/\u{7F}", .GET), ("/é", .GET), ("/\t", .GET), ("/\0", .GET),
        ("", .CONNECT), ("/", .CONNECT), ("a", .CONNECT), ("a:", .CONNECT), (":1", .CONNECT), ("[::1]", .CONNECT),
        ("a:1/", .CONNECT), ("u@a:1", .CONNECT), ("a:1#", .CONNECT),
    ])
    func `refuses any other target`(target: String, method: HTTPMethod) {
        #expect(throws: Refusal.malformedRequest) { try RequestTarget(target, method: method) }
    }

    @Test func `shows the responder the host of a URL instead of the field's`() throws {
        let server = try EmbeddedServer()
        server.send("GET http://other:1/later?a HTTP/1.1\r\nHost: a\r\n\r\n")
        #expect(server.responder.transcript.first == "begin GET /later?a")
        #expect(server.responder.hosts == ["other:1"])
    }
}
