import PosternHTTP
import PosternOutbound
import Testing

@Suite struct OutboundURLTests {
    @Test(
        arguments: [
            ("https://example.com", "https://example.com/"),
            ("HTTPS://Example.COM:443/In?A=%2f", "https://example.com/In?A=%2f"),
            ("http://example.com:80?x", "http://example.com/?x"),
            ("http://example.com:443/", "http://example.com:443/"),
            ("https://example.com:0080/", "https://example.com:80/"),
            ("http://a_b-c.d1.internal:8080/x;y=1/../z", "http://a_b-c.d1.internal:8080/x;y=1/../z"),
            ("http://xn--bcher-kva.example/", "http://xn--bcher-kva.example/"),
            ("http://192.0.2.7/", "http://192.0.2.7/"),
            ("http://2130706433/", "http://127.0.0.1/"),
            ("http://0x7f.1:81/", "http://127.0.0.1:81/"),
            ("http://0XA9FEA9FE/", "http://169.254.169.254/"),
            ("http://[::1]/", "http://[0:0:0:0:0:0:0:1]/"),
            ("http://[::FFFF:10.0.0.1]:99/", "http://10.0.0.1:99/"),
            ("https://[2001:DB8::1]:8443/x", "https://[2001:db8:0:0:0:0:0:1]:8443/x"),
        ]
    )
    func `has one spelling`(written: String, text: String) throws {
        let url = try OutboundURL(written)
        #expect(url.text == text)
        #expect(try OutboundURL(url.text) == url)
    }

    @Test func `tells host, port and scheme apart`() throws {
        let url = try OutboundURL("https://[2001:db8::1]:8443/x")
        #expect((url.host, url.port, url.isSecure) == ("2001:db8:0:0:0:0:0:1", 8443, true))
        #expect(url.address?.description == url.host)
        let named = try OutboundURL("http://Example.com?x")
        #expect((named.host, named.port, named.isSecure) == ("example.com", 80, false))
        #expect(named.address == nil)
        #expect(try OutboundURL("https://example.com").port == 443)
    }

    @Test(
        arguments: [
            ("", .badScheme), ("example.com", .badScheme), ("//example.com", .badScheme), ("/x", .badScheme),
            ("ftp://example.com", .badScheme), ("file:///etc/passwd", .badScheme), ("gopher://x:70/1", .badScheme),
            ("http+unix://%2Frun%2Fx.sock/", .badScheme), ("javascript://x/%0Aalert(1)", .badScheme),
            ("http:example.com", .badScheme), (" https://example.com", .badScheme),
            ("https://", .noHost), ("https:///x", .noHost), ("https://?x", .noHost), ("https://[]/", .noHost),
            ("https://:80/", .noHost),
            ("https://user@example.com/", .hasUser), ("https://user:pass@example.com/", .hasUser),
            ("https://example.com@127.0.0.1/", .hasUser), ("https://@example.com/", .hasUser),
            ("https://example.com#@127.0.0.1/", .hasFragment), ("https://example.com/x#y", .hasFragment),
            ("https://example.com\\@127.0.0.1/", .hasUser), ("https://example.com\\.evil.com/", .badHost),
            ("https://exa mple.com/", .badHost), ("https://example.com\n/", .badHost), ("https://a..b/", .badHost),
            ("https://.example.com/", .badHost), ("https://example.com./", .badHost), ("https://-a.com/", .badHost),
            ("https://a-.com/", .badHost), ("https://%65xample.com/", .badHost), ("https://exa%00mple.com/", .badHost),
            ("https://*.example.com/", .badHost), ("https://a,b/", .badHost), ("https://[::1/", .badHost),
            ("https://[::1]x/", .badHost), ("https://[fe80::1%25eth0]/", .badHost), ("https://[v1.x]/", .badHost),
            ("https://[127.0.0.1]/", .badHost), ("https://::1/", .badPort), ("https://1.2.3.4.5/", .badHost),
            ("https://256.1.1.1/", .badHost), ("https://0x100000000/", .badHost), ("https://08.1.1.1/", .badHost),
            ("https://a.1/", .badHost), ("https://1.2.3.0xg/", .badHost), ("https://0x/", .badHost),
            ("https://" + String(repeating: "a", count: 64) + ".com/", .badHost),
            ("https://" + String(repeating: "a.", count: 126) + "com/", .badHost),
            ("https://bücher.example/", .internationalHost), ("https://ｅxample.com/", .internationalHost),
            ("https://127。0。0。1/", .internationalHost), ("https://①②⑦.0.0.1/", .internationalHost),
            ("https://example.com:/", .badPort), ("https://example.com:0/", .badPort),
            ("https://example.com:65536/", .badPort), ("https://example.com:-1/", .badPort),
            ("https://example.com:+80/", .badPort), ("https://example.com:80:80/", .badPort),
            ("https://example.com:8O/", .badPort), ("https://example.com:000080/", .badPort),
            ("https://example.com/ü", .badCharacter), ("https://example.com/a b", .badCharacter),
            ("https://example.com/\r\nx: y", .badCharacter), ("https://example.com/\u{0}", .badCharacter),
            ("https://example.com/%", .badCharacter), ("https://example.com/%2", .badCharacter),
            ("https://example.com/%zz", .badCharacter), ("https://example.com/<>", .badCharacter),
            ("https://example.com/{x}", .badCharacter), ("https://example.com/a\\b", .badCharacter),
        ] as [(String, OutboundURLError)]
    )
    func `is nothing else`(text: String, error: OutboundURLError) {
        #expect(throws: error) { try OutboundURL(text) }
    }

    @Test func `has at most 2000 bytes`() throws {
        let text = "https://example.com/" + String(repeating: "x", count: 1980)
        #expect(try OutboundURL(text).text == text)
        #expect(throws: OutboundURLError.tooLong(limitBytes: 2000)) { try OutboundURL(text + "x") }
    }
}
