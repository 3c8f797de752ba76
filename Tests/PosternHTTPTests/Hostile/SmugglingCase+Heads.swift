extension SmugglingCase {
    /// Request lines: targets, methods, versions.
    static let requestLines: [SmugglingCase] = [
        .line("RFC 9112, 3.2.1", "origin-form", "GET /echo?a=b HTTP/1.1", .served(["begin GET /echo?a=b"])),
        .line("RFC 9112, 3.2.1", "two slashes", "GET //other/echo HTTP/1.1", .served(["begin GET //other/echo"])),
        .line("RFC 9112, 3.2.1", "dot segments, as sent", "GET /a/../b HTTP/1.1", .served(["begin GET /a/../b"])),
        .line(
            "RFC 9110, 4.2.3",
            "escaped slashes, as sent",
            "GET /a%2F%2e%2e HTTP/1.1",
            .served(["begin GET /a%2F%2e%2e"])
        ),
        .line(
            "RFC 9110, 4.2.3",
            "an escaped NUL and line end, as sent",
            "GET /a%00%0D%0A HTTP/1.1",
            .served(["begin GET /a%00%0D%0A"])
        ),
        .line("RFC 9112, 3.2.2", "absolute-form", "GET http://other/echo?a HTTP/1.1", .served(["begin GET /echo?a"])),
        .line(
            "RFC 9112, 3.2.2",
            "absolute-form, capitals, port",
            "GET HTTPS://Other:443/echo HTTP/1.1",
            .served(["begin GET /echo"])
        ),
        .line("RFC 9112, 3.2.2", "absolute-form without a path", "GET http://other HTTP/1.1", .served(["begin GET /"])),
        .line(
            "RFC 9112, 3.2.2",
            "absolute-form, query only",
            "GET http://other?a HTTP/1.1",
            .served(["begin GET /?a"])
        ),
        .line("RFC 9110, 4.2.4", "absolute-form with a user", "GET http://u:p@other/ HTTP/1.1", .refused(400)),
        .line("RFC 9110, 4.2.1", "absolute-form without a host", "GET http:///echo HTTP/1.1", .refused(400)),
        .line("RFC 9112, 3.2.2", "another scheme", "GET ftp://other/echo HTTP/1.1", .refused(400)),
        .line("RFC 9112, 3.2.2", "absolute-form with a bad port", "GET http://other:x/echo HTTP/1.1", .refused(400)),
        .line("RFC 9112, 3.2.3", "authority-form", "GET a:80 HTTP/1.1", .refused(400)),
        .line("RFC 9112, 3.2.3", "CONNECT", "CONNECT a:80 HTTP/1.1", .last(["begin CONNECT a:80"], [200])),
        .line("RFC 9112, 3.2.3", "CONNECT without authority-form", "CONNECT /echo HTTP/1.1", .refused(400)),
        .line("RFC 9110, 9.3.6", "CONNECT with a bad port", "CONNECT a:x HTTP/1.1", .refused(400)),
        .line("RFC 9112, 3.2.4", "asterisk-form", "OPTIONS * HTTP/1.1", .served(["begin OPTIONS *"])),
        .line("RFC 9112, 3.2.4", "asterisk-form without OPTIONS", "GET * HTTP/1.1", .refused(400)),
        .line("RFC 9112, 3.2", "no slash", "GET echo HTTP/1.1", .refused(400)),
        .line("RFC 9112, 3.2.1", "a fragment", "GET /echo#part HTTP/1.1", .refused(400)),
        .line("RFC 9112, 3.2.1", "a backslash", "GET /a\\..\\b HTTP/1.1", .refused(400)),
        .line("RFC 9112, 3.2.1", "bytes beyond ASCII", "GET /\u{C3}\u{A9} HTTP/1.1", .refused(400)),
        .line("RFC 9112, 3.2", "a blank in the target", "GET /a b HTTP/1.1", .refused(400)),
        .line("RFC 9112, 3.2", "a request line in the target", "GET /a HTTP/1.1 /b HTTP/1.1", .refused(505)),
        .line("RFC 9112, 3.2", "a NUL in the target", "GET /a\u{0}b HTTP/1.1", .refused(400)),
        .line("RFC 9112, 3.2", "a tab in the target", "GET /a\tb HTTP/1.1", .refused(400)),
        .line("RFC 9112, 3.2", "a form feed in the target", "GET /a\u{0C}b HTTP/1.1", .refused(400)),
        .line("RFC 9112, 2.2", "a bare CR in the target", "GET /a\rb HTTP/1.1", .refused(400)),
        .line("RFC 9112, 3.2", "DEL in the target", "GET /a\u{7F} HTTP/1.1", .refused(400)),
        .line(
            "RFC 9110, 15.5.15",
            "a target beyond the limit",
            "GET /\(String(repeating: "a", count: 8192)) HTTP/1.1",
            .refused(414)
        ),
        .line("RFC 9112, 3", "no target", "GET  HTTP/1.1", .refused(400)),
        .line(
            "RFC 9112, 3",
            "two blanks, which may be taken for one",
            "GET  /echo HTTP/1.1",
            .served(["begin GET /echo"])
        ),
        .line("RFC 9112, 3", "tabs for blanks", "GET\t/echo\tHTTP/1.1", .refused(400)),
        .line("RFC 9112, 3", "a word after the version", "GET /echo HTTP/1.1 x", .refused(505)),
        .line("RFC 9112, 3", "a blank before the method", " GET /echo HTTP/1.1", .refused(400)),
        .line("RFC 9110, 9.1", "a method in lower case", "get /echo HTTP/1.1", .refused(400)),
        .line("RFC 9110, 9.1", "an unknown method", "SMUGGLE /echo HTTP/1.1", .refused(400)),
        .line("RFC 9112, 2.3", "HTTP/0.9 in words", "GET /echo HTTP/0.9", .refused(505)),
        .line("RFC 9112, 2.3", "HTTP/1.2", "GET /echo HTTP/1.2", .refused(505)),
        .line("RFC 9112, 2.3", "HTTP/2.0", "GET /echo HTTP/2.0", .refused(505)),
        .line("RFC 9112, 2.3", "HTTP/1.10", "GET /echo HTTP/1.10", .refused(505)),
        .line("RFC 9112, 2.3", "the version in lower case", "GET /echo http/1.1", .refused(400)),
        .line("RFC 9112, 2.3", "the version without its minor", "GET /echo HTTP/1", .refused(505)),
        .line("RFC 9112, 2.3", "another protocol", "SETUP /echo RTSP/1.0", .refused(400)),
        .line(
            "RFC 9112, 2.3",
            "another name of HTTP/1.0, which frames alike",
            "POST /echo RTSP/1.0",
            .last(["begin POST /echo"], [200])
        ),
        .line("RFC 9112, 2.3", "a radio's protocol", "SOURCE /echo ICE/1.0", .refused(400)),
        SmugglingCase("RFC 9112, 2.3", "HTTP/0.9", "GET /echo\r\n", .refused(400)),
        SmugglingCase("RFC 9113, 3.4", "the preface of HTTP/2", "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", .refused(400)),
        SmugglingCase(
            "RFC 9112, 2.2",
            "empty lines before the request line",
            "\r\n\r\nGET /echo HTTP/1.1\r\nHost: a\r\n\r\n",
            .served(["begin GET /echo"])
        ),
    ]

    /// Fields other than those that frame a body.
    static let fieldForms: [SmugglingCase] = [
        .fields(
            "RFC 9110, 5.5",
            "text beyond ASCII",
            "Content-Length: 5\r\nX: \u{E9}",
            .served(["begin POST /echo"], bytes: 5)
        ),
        .fields("RFC 9110, 5.1", "an empty name", "Content-Length: 5\r\n: y", .refused(400)),
        .fields("RFC 9110, 5.1", "a blank in a name", "Content-Length: 5\r\nX Y: z", .refused(400)),
        .fields("RFC 9112, 5.1", "a blank before a colon", "Content-Length: 5\r\nX : y", .refused(400)),
        .fields("RFC 9110, 5.1", "a parenthesis in a name", "Content-Length: 5\r\nX(: y", .refused(400)),
        .fields("RFC 9110, 5.1", "a byte beyond ASCII in a name", "Content-Length: 5\r\nX\u{E9}: y", .refused(400)),
        .fields("RFC 9110, 5.1", "a NUL in a name", "Content-Length: 5\r\nX\u{0}: y", .refused(400)),
        .fields("RFC 9112, 5", "a line without a colon", "Content-Length: 5\r\nX", .refused(400)),
        .fields("RFC 9112, 5.2", "a folded value", "Content-Length: 5\r\nX: y\r\n z", .refused(400)),
        .fields("RFC 9112, 5.2", "a value folded with a tab", "Content-Length: 5\r\nX: y\r\n\tz", .refused(400)),
        .fields("RFC 9110, 5.5", "a NUL in a value", "Content-Length: 5\r\nX: a\u{0}b", .refused(400)),
        .fields("RFC 9110, 5.5", "a control character in a value", "Content-Length: 5\r\nX: a\u{1}b", .refused(400)),
        .fields("RFC 9110, 5.5", "DEL in a value", "Content-Length: 5\r\nX: a\u{7F}b", .refused(400)),
        .fields("RFC 9112, 2.2", "a bare CR in a value", "Content-Length: 5\r\nX: a\rb", .refused(400)),
        .fields("RFC 9112, 2.2", "a bare CR in a name", "Content-Length: 5\r\nX\rY: b", .refused(400)),
        .fields("RFC 9112, 2.2", "CR CR LF", "Content-Length: 5\r\nX: a\r\r\nY: b", .refused(400)),
        .fields("RFC 9112, 3.2", "two Hosts", "Content-Length: 5\r\nHost: b", .refused(400)),
        .fields("RFC 9112, 3.2", "the same Host twice", "Content-Length: 5\r\nHOST: a", .refused(400)),
        SmugglingCase("RFC 9112, 3.2", "no Host", "GET /echo HTTP/1.1\r\nX: y\r\n\r\n", .refused(400)),
        SmugglingCase("RFC 9112, 3.2", "no field at all", "GET /echo HTTP/1.1\r\n\r\n", .refused(400)),
        .host("blanks behind the Host", "a \t", .served(["begin GET /echo"])),
        .host("an empty Host", "", .served(["begin GET /echo"])),
        .host("Host with a port", "example.com:8080", .served(["begin GET /echo"])),
        .host("Host with an empty port", "example.com:", .served(["begin GET /echo"])),
        .host("Host, an IPv6 address", "[2001:db8::1]:80", .served(["begin GET /echo"])),
        .host("Host with a blank", "a b", .refused(400)),
        .host("Host with a path", "a/b", .refused(400)),
        .host("Host with a user", "a@b", .refused(400)),
        .host("Host with a query", "a?b", .refused(400)),
        .host("a list of Hosts", "a, b", .refused(400)),
        .host("Host with a bad port", "a:b", .refused(400)),
        .host("Host with two ports", "a:1:2", .refused(400)),
        .host("Host, an address without its bracket", "[::1", .refused(400)),
        .host("Host, text behind the bracket", "[::1]x", .refused(400)),
        .host("Host, no address in brackets", "[example]", .refused(400)),
        .host("Host beyond ASCII", "\u{E9}", .refused(400)),
        .host("Host with a backslash", "a\\b", .refused(400)),
        SmugglingCase(
            "RFC 9112, 2.2",
            "a blank before the first field",
            "GET /echo HTTP/1.1\r\n Host: a\r\n\r\n",
            .refused(400)
        ),
        SmugglingCase("RFC 9112, 2.2", "bare LFs", "GET /echo HTTP/1.1\nHost: a\n\n", .refused(505)),
        SmugglingCase("RFC 9112, 2.2", "a bare LF ends the head", "GET /echo HTTP/1.1\r\nHost: a\r\n\n", .refused(400)),
        SmugglingCase(
            "RFC 9112, 2.2",
            "a bare CR ends the head",
            "GET /echo HTTP/1.1\r\nHost: a\r\n\rX",
            .refused(400)
        ),
    ]

    /// What lets a connection end, change or wait.
    static let connections: [SmugglingCase] = [
        SmugglingCase(
            "RFC 9112, 9.6",
            "a request behind Connection: close",
            "GET /echo HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n",
            .last(["begin GET /echo"], [200])
        ),
        SmugglingCase(
            "RFC 9112, 9.3",
            "a request behind one of HTTP/1.0",
            "GET /echo HTTP/1.0\r\n\r\n",
            .last(["begin GET /echo"], [200])
        ),
        SmugglingCase(
            "RFC 9112, 9.3",
            "a kept connection of HTTP/1.0",
            "POST /echo HTTP/1.0\r\nConnection: keep-alive\r\nContent-Length: 5\r\n\r\nhello",
            .served(["begin POST /echo"], bytes: 5)
        ),
        SmugglingCase(
            "RFC 9110, 7.8",
            "Upgrade to HTTP/2: answered in HTTP/1.1, and the end",
            "GET /echo HTTP/1.1\r\nHost: a\r\nConnection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\n"
                + "HTTP2-Settings: AAMAAABkAAQAAP__\r\n\r\n",
            .last(["begin GET /echo"], [200])
        ),
        SmugglingCase(
            "RFC 9110, 7.8",
            "Upgrade with a body",
            "POST /echo HTTP/1.1\r\nHost: a\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nContent-Length: 5\r\n\r\nhello",
            .last(["begin POST /echo"], [200])
        ),
        SmugglingCase(
            "RFC 9110, 7.8",
            "Upgrade that Connection does not name",
            "GET /echo HTTP/1.1\r\nHost: a\r\nUpgrade: websocket\r\n\r\n",
            .last(["begin GET /echo"], [200])
        ),
        .fields("RFC 9110, 10.1.1", "another expectation", "Content-Length: 5\r\nExpect: miracles", .refused(417)),
        .fields(
            "RFC 9110, 10.1.1",
            "two expectations",
            "Content-Length: 5\r\nExpect: 100-continue, more",
            .refused(417)
        ),
        SmugglingCase(
            "RFC 9110, 10.1.1",
            "100-continue refused, and its body a request",
            "POST /refuse HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\nContent-Length: 36\r\n\r\n"
                + "GET /hidden HTTP/1.1\r\nHost: hidden\r\n\r\n",
            .last(["begin POST /refuse"], [401])
        ),
        SmugglingCase(
            "RFC 9110, 8.6",
            "a body beyond its limit, a request in it",
            "POST /limit/4 HTTP/1.1\r\nHost: a\r\nContent-Length: 36\r\n\r\nGET /hidden HTTP/1.1\r\nHost: hidden\r\n\r\n",
            .refused(413, begun: ["begin POST /limit/4"])
        ),
    ]

    private static func host(_ name: String, _ value: String, _ outcome: Outcome) -> SmugglingCase {
        SmugglingCase("RFC 9112, 3.2", name, "GET /echo HTTP/1.1\r\nHost: \(value)\r\n\r\n", outcome)
    }
}
