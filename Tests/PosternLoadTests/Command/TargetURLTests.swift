import PosternLoad
import Testing

@Suite struct TargetURLTests {
    @Test(arguments: [
        ("http://127.0.0.1:8080/webhooks/github/key", "127.0.0.1", 8080, "127.0.0.1:8080", "/webhooks/github/key"),
        ("http://localhost", "localhost", 80, "localhost", "/"),
        ("http://localhost?a=b", "localhost", 80, "localhost", "/?a=b"),
        ("http://[::1]:81/x", "::1", 81, "[::1]:81", "/x"),
        ("http://[::1]/x", "::1", 80, "[::1]", "/x"),
    ])
    func `cuts a URL`(url: String, host: String, port: Int, authority: String, path: String) throws {
        let cut = try TargetURL(url)
        #expect(cut.host == host)
        #expect(cut.port == port)
        #expect(cut.authority == authority)
        #expect(cut.path == path)
    }

    @Test(arguments: [
        "", "localhost", "https://localhost/", "http:///x", "http://a:/", "http://a:b/", "http://a:65536/",
        "http://a/ b", "http://a/ü", "http://a/#b", "http://user@a/",
    ])
    func `refuses what it could not send to`(url: String) {
        #expect(throws: LoadFailure.self) { try TargetURL(url) }
    }
}
