import PosternConsumer
import Testing

@Suite struct RequestLinesTests {
    private func lines(_ text: String) -> RequestLines { RequestLines(Array(text.utf8)) }

    @Test func `reads target and fields in order`() {
        let lines = self.lines(":target: /webhooks/meta/key?a=1&b=2\nhost: example.com\ncontent-type: text/plain\n")
        #expect(lines.target == "/webhooks/meta/key?a=1&b=2")
        #expect(lines.query == "a=1&b=2")
        #expect(lines.fields.map(\.name) == ["host", "content-type"])
        #expect(lines.value("content-type") == "text/plain")
        #expect(lines.value("cookie") == nil)
    }

    @Test(
        arguments: [
            ("", "/", nil), (":target: /a", "/a", nil), (":target: /a?", "/a", ""),
            (":target: /a?b?c", "/a?b?c", "b?c"),
        ] as [(String, String, String?)]
    )
    func `finds the query behind the first question mark`(text: String, target: String, query: String?) {
        let lines = self.lines(text)
        #expect(lines.target == (query == "" ? "/a?" : target))
        #expect(lines.query == query)
    }

    @Test func `keeps colons and blanks inside of values`() {
        let lines = self.lines("date: Sat, 21 Nov 2026 07:00:00 GMT\nx:  two blanks \nempty: \nnone:\n")
        #expect(lines.value("date") == "Sat, 21 Nov 2026 07:00:00 GMT")
        #expect(lines.value("x") == " two blanks ")
        #expect(lines.value("empty") == "")
        #expect(lines.value("none") == "")
    }

    @Test(arguments: ["garbage", "\n\n\n", ":", "::", ":target", "a\nb\nc"])
    func `skips lines that are none`(text: String) {
        let lines = self.lines(text)
        #expect(lines.value("garbage") == nil)
        #expect(lines.target == "/")
    }

    @Test func `reads every prefix of stored headers without trouble`() {
        let bytes = Array(":target: /a?b=c\nhost: example.com\nx-é: \u{1F600}\n".utf8)
        for end in 0...bytes.count {
            let lines = RequestLines(Array(bytes[..<end]))
            #expect(lines.fields.count <= 2)
            #expect(lines.target.hasPrefix("/") || lines.target.isEmpty)
        }
    }

    @Test func `replaces what is not UTF-8`() {
        let lines = RequestLines(Array("x: a".utf8) + [0xFF] + Array("b\n".utf8))
        #expect(lines.value("x") == "a\u{FFFD}b")
    }
}
