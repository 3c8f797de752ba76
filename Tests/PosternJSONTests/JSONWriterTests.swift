import PosternJSON
import Testing

@Suite struct JSONWriterTests {
    @Test func `puts commas where they belong and nowhere else`() {
        var writer = JSONWriter()
        writer.beginObject()
        writer.member("a", integer: 1)
        writer.name("b")
        writer.beginArray()
        writer.beginArray()
        writer.endArray()
        writer.boolean(true)
        writer.null()
        writer.beginObject()
        writer.endObject()
        writer.endArray()
        writer.member("c", string: "x")
        writer.member("d", raw: Array(#"{"kept": 1.0}"#.utf8))
        writer.endObject()
        #expect(writer.text == #"{"a":1,"b":[[],true,null,{}],"c":"x","d":{"kept": 1.0}}"#)
    }

    @Test(arguments: [
        ("", #""""#), ("a\"b\\c/d", #""a\"b\\c/d""#), ("\u{8}\u{9}\u{A}\u{C}\u{D}", #""\b\t\n\f\r""#),
        ("\u{0}\u{1}\u{F}\u{10}\u{1F}", #""\u0000\u0001\u000f\u0010\u001f""#), (" ~\u{7F}", "\" ~\u{7F}\""),
        ("é😀\u{2028}", "\"é😀\u{2028}\""),
    ])
    func `escapes what must be escaped`(text: String, written: String) throws {
        var writer = JSONWriter()
        writer.string(text)
        #expect(writer.text == written)
        #expect(try JSONDocument(bytes: writer.bytes).root.text == text)
    }

    @Test func `every ASCII character comes back as it went`() throws {
        let all = String(String.UnicodeScalarView((0..<128).map { Unicode.Scalar($0) }))
        var writer = JSONWriter(capacity: 0)
        writer.beginObject()
        writer.member(all, string: all)
        writer.endObject()
        #expect(try JSONDocument(bytes: writer.bytes).root.member(all)?.text == all)
    }

    @Test func `repairs bytes that are not UTF-8`() {
        var writer = JSONWriter()
        writer.string(utf8: [0x61, 0xFF, 0x62])
        #expect(writer.text == "\"a\u{FFFD}b\"")
    }

    @Test func `writes numbers that JSON has words for`() {
        var writer = JSONWriter()
        writer.beginArray()
        writer.integer(Int64.min)
        writer.integer(UInt64.max)
        writer.number(0.25)
        writer.number(-1e300)
        writer.number(.infinity)
        writer.number(.nan)
        writer.endArray()
        #expect(writer.text == "[-9223372036854775808,18446744073709551615,0.25,-1e+300,null,null]")
    }

    @Test func `writes absent values as null`() {
        var writer = JSONWriter()
        writer.beginObject()
        writer.member("a", string: String?.none)
        writer.member("b", integer: Int64?.none)
        writer.member("c", string: Optional("x"))
        writer.member("d", integer: Optional(Int64(7)))
        writer.member("e", boolean: false)
        writer.member("f", number: 1.5)
        writer.endObject()
        #expect(writer.text == #"{"a":null,"b":null,"c":"x","d":7,"e":false,"f":1.5}"#)
    }
}
