import PosternPlatforms
import Testing

@Suite struct FormBodyTests {
    @Test(
        arguments: [
            ("", []), ("a=1", [("a", "1")]), ("a=1&b=2&a=3", [("a", "1"), ("b", "2"), ("a", "3")]),
            ("a", [("a", "")]), ("a=", [("a", "")]), ("=b", [("", "b")]), ("=", [("", "")]), ("a=b=c", [("a", "b=c")]),
            ("&&a=1&", [("a", "1")]), ("a+b=c+d", [("a b", "c d")]), ("a%20b=%2B%26%3D", [("a b", "+&=")]),
            ("%C3%BC=%f0%9f%98%80", [("ü", "😀")]), ("a=%", [("a", "%")]), ("a=%4", [("a", "%4")]),
            ("a=%4x", [("a", "%4x")]),
            ("a=%zz%41", [("a", "%zzA")]), ("a=ü", [("a", "ü")]), ("a=%00", [("a", "\0")]),
        ] as [(String, [(String, String)])]
    )
    func `decodes fields in order`(text: String, pairs: [(String, String)]) {
        let form = FormBody(bytes: Array(text.utf8))
        #expect(form.pairs.map(\.name) == pairs.map(\.0))
        #expect(form.pairs.map(\.value) == pairs.map(\.1))
        #expect(form.malformedUTF8Offset == nil && !form.isCut)
    }

    @Test func `finds the first value of a name`() {
        let form = FormBody(bytes: Array("a=1&b=2&a=3".utf8))
        #expect(form.first("a") == "1" && form.first("b") == "2" && form.first("c") == nil)
    }

    @Test(arguments: [("a=1&b=%FF&c=%FE", 4), ("%C3=1", 0), ("a=%ED%A0%80", 0)])
    func `says which field is not UTF-8`(text: String, offset: Int) {
        let form = FormBody(bytes: Array(text.utf8))
        #expect(form.malformedUTF8Offset == offset)
        #expect(form.pairs.contains { ($0.name + $0.value).contains("\u{FFFD}") })
    }

    @Test(arguments: [(9_999, false), (10_000, false), (10_001, true)])
    func `keeps ten thousand fields and no more`(count: Int, isCut: Bool) {
        let form = FormBody(bytes: Array(Array(repeating: "a=1", count: count).joined(separator: "&").utf8))
        #expect(form.pairs.count == min(count, 10_000) && form.isCut == isCut)
    }

    @Test(arguments: [
        ("", "{}"), ("a=1&b=x\"y", #"{"a":"1","b":"x\"y"}"#), ("a=1&b=2&a=3", #"{"a":["1","3"],"b":"2"}"#),
    ])
    func `projects to one JSON object`(text: String, json: String) {
        #expect(String(decoding: FormBody(bytes: Array(text.utf8)).json(), as: UTF8.self) == json)
    }
}
