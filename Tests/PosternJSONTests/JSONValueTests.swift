import PosternJSON
import Testing

@Suite struct JSONValueTests {
    @Test(arguments: [
        ("{}", JSONKind.object), ("[]", .array), (#""x""#, .string), ("-1", .number), ("0", .number),
        ("true", .boolean),
        ("false", .boolean), ("null", .null),
    ])
    func `knows its kind`(text: String, kind: JSONKind) throws {
        let value = try root(text)
        #expect(value.kind == kind)
        #expect(value.isNull == (kind == .null))
    }

    @Test(arguments: [
        (#""\ud83d""#, "\u{FFFD}"), (#""\ude00""#, "\u{FFFD}"), (#""a\ud83dx""#, "a\u{FFFD}x"),
        (#""\ud83d\n""#, "\u{FFFD}\n"), (#""\ud83d\ud83d\ude00""#, "\u{FFFD}\u{1F600}"),
        (#""\ud83d\u0041""#, "\u{FFFD}A"), (#""\ud83d\ude00""#, "\u{1F600}"),
    ])
    func `reads half of a surrogate pair as a replacement character`(text: String, expected: String) throws {
        #expect(try root(text).text == expected)
    }

    @Test func `finds members past containers of any size`() throws {
        let value = try root(#"{"a":{"x":[1,{"b":0}]},"b":[[],{}],"c":{"d":"found"}}"#)
        #expect(value.member("c")?.member("d")?.text == "found")
        #expect(value.member("b")?.kind == .array)
        #expect(value.member("d") == nil)
        #expect(value.member("") == nil)
        #expect(value.member("a")?.member("x")?.element(at: 1)?.member("b")?.integer == 0)
    }

    @Test func `takes the first of members with equal names`() throws {
        #expect(try root(#"{"a":1,"a":2,"\u0061":3}"#).member("a")?.integer == 1)
        #expect(try root(#"{"\u0061":3,"a":2}"#).member("a")?.integer == 3)
    }

    @Test func `compares names after resolving their escapes`() throws {
        let value = try root(#"{"caf\u00e9":1,"a\/b":2,"\ud83d\ude00":3,"q\"":4}"#)
        #expect(value.member("café")?.integer == 1)
        #expect(value.member("a/b")?.integer == 2)
        #expect(value.member("😀")?.integer == 3)
        #expect(value.member("q\"")?.integer == 4)
        #expect(value.member(#"a\/b"#) == nil)
        #expect(value.member("caf") == nil)
    }

    @Test(arguments: ["[1]", #""a""#, "1", "true", "null"])
    func `has no members unless it is an object`(text: String) throws {
        let value = try root(text)
        #expect(value.member("a") == nil)
        #expect(Array(value.members).isEmpty)
    }

    @Test(arguments: [#"{"a":1}"#, #""a""#, "1", "true", "null"])
    func `has no elements unless it is an array`(text: String) throws {
        let value = try root(text)
        #expect(Array(value.elements).isEmpty)
        #expect(value.element(at: 0) == nil)
    }

    @Test func `walks elements and members in order`() throws {
        let value = try root(#"[1,[2,[3]],{"a":4},"5"]"#)
        #expect(value.count == 4)
        #expect(value.elements.map(\.description) == ["1", "[2,[3]]", #"{"a":4}"#, #""5""#])
        #expect(
            (-1...4).map { value.element(at: $0)?.description } == [nil, "1", "[2,[3]]", #"{"a":4}"#, #""5""#, nil]
        )
        let object = try root(#"{"b":{"c":1},"a":[],"b":2}"#)
        #expect(object.count == 3)
        #expect(object.members.map(\.name) == ["b", "a", "b"])
        #expect(object.members.map(\.value.description) == [#"{"c":1}"#, "[]", "2"])
    }

    @Test(arguments: [
        (#""plain""#, "plain"), (#""""#, ""), (#""caf\u00e9 \ud83d\ude00 https:\/\/x""#, "café 😀 https://x"),
        (#""\"\\\/\b\f\n\r\t""#, "\"\\/\u{8}\u{C}\n\r\t"), (#""\u0000\u0041\u00DF\uFFFF""#, "\0Aß\u{FFFF}"),
        ("\"é😀\"", "é😀"), (#""\u20ac€""#, "€€"),
    ])
    func `gives the content of strings with escapes resolved`(text: String, content: String) throws {
        let value = try root(text)
        #expect(value.text == content)
        #expect(value.scalarText == content)
        #expect(value.textBytes == Array(content.utf8))
    }

    @Test(arguments: [
        "7012345678901234567", "9007199254740993", "-3402274206530057851", "1e5", "1.0", "-0",
        "123456789012345678901234567890", "true", "false",
    ])
    func `gives numbers and truth values as they are written`(literal: String) throws {
        let value = try root("[ \(literal) ]").elements.first { _ in true }
        #expect(value?.scalarText == literal)
        #expect(value?.text == nil)
        #expect(value?.textBytes == nil)
    }

    @Test(arguments: ["null", "[]", "{}", "[1]"])
    func `gives no text for what has none`(text: String) throws {
        #expect(try root(text).scalarText == nil)
    }

    @Test(arguments: [
        ("9223372036854775807", Int64.max), ("-9223372036854775808", .min), ("0", 0), ("-0", 0),
        ("9223372036854775808", nil), ("1.0", nil), ("1e3", nil), (#""1""#, nil), ("true", nil),
    ])
    func `reads whole numbers of 64 bits exactly or not at all`(text: String, value: Int64?) throws {
        #expect(try root(text).integer == value)
    }

    @Test func `reads truth values`() throws {
        #expect(try root("true").boolean == true)
        #expect(try root("false").boolean == false)
        #expect(try root("0").boolean == nil)
    }

    @Test func `points at its exact bytes`() throws {
        let text = #" { "a" : [ 1 , "x\n" ] } "#
        let value = try root(text)
        #expect(value.raw == 1..<24)
        let list = try #require(value.member("a"))
        #expect(list.description == #"[ 1 , "x\n" ]"#)
        #expect(list.element(at: 1)?.raw == 15..<20)
        #expect(list.rawBytes == Array(text.utf8)[list.raw])
    }

    private func root(_ text: String) throws -> JSONValue { try JSONDocument(bytes: Array(text.utf8)).root }
}
