import PosternLoad
import Testing

@Suite struct BodyPaddingTests {
    private func pad(_ body: String, _ count: Int, _ type: String? = "application/json") -> String? {
        BodyPadding.pad(Array(body.utf8), to: count, contentType: type).map { String(decoding: $0, as: UTF8.self) }
    }

    @Test(arguments: [("{}", 40), ("{\"a\":1}", 64), ("{\"a\":{}} \n", 1024), ("{}", 15)])
    func `gives an object a member`(body: String, count: Int) throws {
        let padded = try #require(self.pad(body, count))
        #expect(padded.utf8.count == count)
        #expect(padded.contains(body == "{}" ? "{\"padding\":\"" : ",\"padding\":\""))
        #expect(padded.hasSuffix(body.hasSuffix("\n") ? "\"} \n" : "\"}"))
    }

    @Test(arguments: [("[1]", "application/json"), ("<a/>", "text/xml"), ("{}", "application/json")])
    func `puts blanks behind what has no room for a member`(body: String, type: String) {
        #expect(self.pad(body, body.utf8.count + 4, type) == body + "    ")
    }

    @Test func `gives a form a field`() throws {
        let padded = try #require(self.pad("a=1", 32, "application/x-www-form-urlencoded"))
        #expect(padded.utf8.count == 32)
        #expect(padded.hasPrefix("a=1&padding="))
    }

    @Test func `leaves a body of the right size alone`() {
        #expect(self.pad("Hello", 5, "text/plain") == "Hello")
    }

    @Test func `refuses what is too long or cannot be padded`() {
        #expect(self.pad("{\"a\":1}", 6) == nil)
        #expect(self.pad("Hello", 6, "text/plain") == nil)
        #expect(self.pad("a=1", 8, "application/x-www-form-urlencoded") == nil)
    }

    @Test func `does not repeat itself`() throws {
        let padded = try #require(self.pad("{}", 100_000))
        let pieces = stride(from: 20, to: 99_980, by: 16).map { offset in
            let start = padded.utf8.index(padded.startIndex, offsetBy: offset)
            return String(padded[start..<padded.utf8.index(start, offsetBy: 16)])
        }
        #expect(Set(pieces).count == pieces.count)
    }
}
