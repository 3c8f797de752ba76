import PosternJSON
import Testing

@Suite struct JSONDocumentTests {
    @Test(arguments: [
        "0", "-0", "12", "1.5", "-1.25e+10", "1E2", "1e-9999", "true", "false", "null", #""""#, #""a""#, "[]", "{}",
        " [ ] ", "\t{\r\n}\n", "[1,2,3]", "[[],[[]],{}]", #"{"a":1,"a":2}"#, #"{"":""}"#,
        #"{"a":{"b":[null,{"c":-1}]}}"#,
        #""\"\\\/\b\f\n\r\t\u0000\u00e9\ud83d\ude00""#, "\"\u{7F}\u{80}\u{7FF}\u{800}\u{FFFF}\u{10000}\u{10FFFF}\"",
        "7012345678901234567", "123456789012345678901234567890",
    ])
    func `accepts what the grammar allows and keeps its bytes`(text: String) throws {
        let document = try JSONDocument(bytes: Array(text.utf8))
        #expect(document.bytes == Array(text.utf8))
        let again = try JSONDocument(bytes: rewritten(document.root))
        #expect(again.bytes == rewritten(again.root))
    }

    @Test(arguments: [
        Refused("", .unexpectedEnd(at: 0)), Refused("  ", .unexpectedEnd(at: 2)),
        Refused("[", .unexpectedEnd(at: 1)), Refused("{", .unexpectedEnd(at: 1)),
        Refused("[1", .unexpectedEnd(at: 2)), Refused("[1,", .unexpectedEnd(at: 3)),
        Refused(#"{"a""#, .unexpectedEnd(at: 4)), Refused(#"{"a":"#, .unexpectedEnd(at: 5)),
        Refused(#"{"a":1"#, .unexpectedEnd(at: 6)), Refused(#"{"a":1,"#, .unexpectedEnd(at: 7)),
        Refused("tru", .unexpectedEnd(at: 3)), Refused("nul", .unexpectedEnd(at: 3)),
        Refused("-", .unexpectedEnd(at: 1)), Refused("1.", .unexpectedEnd(at: 2)), Refused("1e", .unexpectedEnd(at: 2)),
        Refused("1e+", .unexpectedEnd(at: 3)), Refused("\"", .unexpectedEnd(at: 1)),
        Refused("\"\\", .unexpectedEnd(at: 2)),
        Refused(#""\u00"#, .unexpectedEnd(at: 5)), Refused(#""\ud83d"#, .unexpectedEnd(at: 7)),
        Refused(#""\ud83d\"#, .unexpectedEnd(at: 8)), Refused(#""\ud83d\ude0"#, .unexpectedEnd(at: 12)),
        Refused("]", .unexpectedByte(0x5D, at: 0)), Refused("[1]]", .trailingBytes(at: 3)),
        Refused("1 2", .trailingBytes(at: 2)), Refused("{}x", .trailingBytes(at: 2)),
        Refused("[1,]", .unexpectedByte(0x5D, at: 3)), Refused("[,1]", .unexpectedByte(0x2C, at: 1)),
        Refused("[1}", .unexpectedByte(0x7D, at: 2)), Refused(#"{"a":1]"#, .unexpectedByte(0x5D, at: 6)),
        Refused(#"{"a" 1}"#, .unexpectedByte(0x31, at: 5)), Refused(#"{a:1}"#, .unexpectedByte(0x61, at: 1)),
        Refused(#"{"a":1,}"#, .unexpectedByte(0x7D, at: 7)), Refused("{1:2}", .unexpectedByte(0x31, at: 1)),
        Refused("[1 2]", .unexpectedByte(0x32, at: 3)), Refused("truth", .unexpectedByte(0x74, at: 3)),
        Refused("True", .unexpectedByte(0x54, at: 0)), Refused("NaN", .unexpectedByte(0x4E, at: 0)),
        Refused("'a'", .unexpectedByte(0x27, at: 0)), Refused("+1", .unexpectedByte(0x2B, at: 0)),
        Refused(".5", .unexpectedByte(0x2E, at: 0)), Refused("/**/1", .unexpectedByte(0x2F, at: 0)),
        Refused("\u{FEFF}1", .unexpectedByte(0xEF, at: 0)), Refused("[\u{A0}1]", .unexpectedByte(0xC2, at: 1)),
        Refused("[01]", .malformedNumber(at: 1)), Refused("[-01]", .malformedNumber(at: 1)),
        Refused("[1.]", .malformedNumber(at: 1)), Refused("[1.e1]", .malformedNumber(at: 1)),
        Refused("[1e]", .malformedNumber(at: 1)), Refused("[-]", .malformedNumber(at: 1)),
        Refused("[0x1]", .unexpectedByte(0x78, at: 2)), Refused("[-Infinity]", .malformedNumber(at: 1)),
        Refused("1e10000", .numberOutOfRange(at: 0)), Refused("[1e-99999999999999999999]", .numberOutOfRange(at: 1)),
        Refused(#""\x""#, .malformedEscape(at: 1)), Refused(#""\u12g4""#, .malformedEscape(at: 1)),
        Refused(#""a\'""#, .malformedEscape(at: 2)),
        Refused("\"\n\"", .controlCharacter(0x0A, at: 1)), Refused("\"a\0\"", .controlCharacter(0, at: 2)),
        Refused("\"\u{1F}\"", .controlCharacter(0x1F, at: 1)),
    ])
    func `refuses what it does not, with the place`(refused: Refused) {
        #expect(throws: refused.error) { try JSONDocument(bytes: Array(refused.text.utf8)) }
    }

    /// What a string is refused for that has these bytes from `offset` on, and letters before and after.
    private static func refusal(of bytes: [UInt8], at offset: Int) -> JSONError? {
        for (index, byte) in bytes.enumerated() {
            let place = 1 + offset + index
            switch byte {
            case 0..<0x20: return .controlCharacter(byte, at: place)
            case UInt8(ascii: "\""): return .trailingBytes(at: place + 1)
            case UInt8(ascii: "\\"): return .malformedEscape(at: place)
            case 0x80...: return .malformedUTF8(at: place)
            default: continue
            }
        }
        return nil
    }

    @Test(arguments: 0..<26)
    func `judges a byte of a string by itself, wherever it stands and whatever stands beside it`(offset: Int) throws {
        let telling: [UInt8] = [0x00, 0x1F, 0x20, 0x21, 0x22, 0x23, 0x5B, 0x5C, 0x5D, 0x7F, 0x80, 0xFF]
        var pairs: [[UInt8]] = (0...255).map { [$0, UInt8(ascii: "a")] }
        for first in telling { for second in telling { pairs.append([first, second]) } }
        // Those mean something else together: a blank behind the end, and two escapes.
        pairs.removeAll { [[0x22, 0x20], [0x5C, 0x22], [0x5C, 0x5C]].contains($0) }
        let letters = [UInt8](repeating: UInt8(ascii: "a"), count: 26)
        for pair in pairs {
            let content = letters.prefix(offset) + pair + letters.suffix(26 - offset)
            let text = [UInt8(ascii: "\"")] + content + [UInt8(ascii: "\"")]
            if let refusal = Self.refusal(of: pair, at: offset) {
                #expect(throws: refusal) { try JSONDocument(bytes: text) }
            } else {
                #expect(try JSONDocument(bytes: text).root.text == String(decoding: content, as: UTF8.self))
            }
        }
    }

    @Test(arguments: [
        [0x80], [0xBF], [0xC0, 0x80], [0xC1, 0xBF], [0xC2, 0x41], [0xC3], [0xE0, 0x80, 0x80], [0xE0, 0x9F, 0xBF],
        [0xE2, 0x28, 0xA1], [0xE2, 0x82, 0x28], [0xED, 0xA0, 0x80], [0xED, 0xBF, 0xBF], [0xF0, 0x80, 0x80, 0x80],
        [0xF0, 0x8F, 0xBF, 0xBF], [0xF4, 0x90, 0x80, 0x80], [0xF5, 0x80, 0x80, 0x80], [0xFE], [0xFF],
        [0xF0, 0x9F, 0x98], [0xF0, 0x9F, 0x98, 0x22],
    ])
    func `refuses bytes in a string that are not UTF-8`(bytes: [UInt8]) {
        let text: [UInt8] = [UInt8(ascii: "["), UInt8(ascii: "\"")] + bytes + Array("\"]".utf8)
        #expect(throws: JSONError.malformedUTF8(at: 2)) { try JSONDocument(bytes: text) }
    }

    @Test func `agrees with the standard library on every sequence of one and two bytes`() {
        for first in UInt8(0x80)...0xFF {
            for second in UInt8(0x7F)...0xFF {
                let bytes = [first, second]
                let isText = String(validating: bytes, as: UTF8.self) != nil
                #expect(accepts(Array("\"".utf8) + bytes + Array("\"".utf8)) == isText)
            }
        }
    }

    @Test func `agrees with the standard library on three and four bytes at the edges of the ranges`() {
        let edges: [UInt8] = [
            0x7F, 0x80, 0x8F, 0x90, 0x9F, 0xA0, 0xBF, 0xC0, 0xC2, 0xDF, 0xE0, 0xE1, 0xEC, 0xED, 0xEE, 0xEF, 0xF0, 0xF1,
            0xF3, 0xF4, 0xF5,
        ]
        for first in edges {
            for second in edges {
                for third in edges {
                    for tail in [[], [0x80], [0xBF], [0xC0]] as [[UInt8]] {
                        let bytes = [first, second, third] + tail
                        let isText = String(validating: bytes, as: UTF8.self) != nil
                        #expect(accepts(Array("\"".utf8) + bytes + Array("\"".utf8)) == isText)
                    }
                }
            }
        }
    }

    @Test(arguments: [(63, true), (64, true), (65, false)])
    func `allows 64 levels and no more`(levels: Int, isAllowed: Bool) {
        for (opening, closing) in [("[", "]"), (#"{"a":"#, "}")] {
            let text = String(repeating: opening, count: levels) + "1" + String(repeating: closing, count: levels)
            #expect(accepts(Array(text.utf8)) == isAllowed)
        }
    }

    @Test func `stops at a hundred thousand brackets after the limit`() {
        let text = String(repeating: "[", count: 100_000)
        #expect(throws: JSONError.tooDeep(limit: 64, at: 64)) { try JSONDocument(bytes: Array(text.utf8)) }
    }

    @Test func `counts levels that are open at once, not all that ever were`() {
        #expect(accepts(Array(("[" + Array(repeating: "[[]]", count: 500).joined(separator: ",") + "]").utf8)))
    }

    @Test(arguments: [(9, true), (10, true), (11, false)])
    func `allows the size limit and no more`(length: Int, isAllowed: Bool) {
        let bytes = Array(String(repeating: "1", count: length).utf8)
        let limits = JSONLimits(bytes: 10)
        if isAllowed {
            #expect(throws: Never.self) { try JSONDocument(bytes: bytes, limits: limits) }
        } else {
            #expect(throws: JSONError.tooLarge(limit: 10, bytes: length)) {
                try JSONDocument(bytes: bytes, limits: limits)
            }
        }
    }

    @Test(arguments: [(511, true), (512, true), (513, false), (1_000_000, false)])
    func `allows numbers of 512 digits and no more`(digits: Int, isAllowed: Bool) {
        #expect(accepts(Array(String(repeating: "7", count: digits).utf8)) == isAllowed)
        #expect(accepts(Array(("0." + String(repeating: "7", count: digits - 2)).utf8)) == isAllowed)
    }

    @Test func `every truncation of a document is an error at its end`() throws {
        let text = #"{"a":[1,-2.5e3,"x\u00e9\ud83d\ude00y",true,false,null,{"b":{}}],"é":"ü"}"#
        let bytes = Array(text.utf8)
        for length in 0..<bytes.count {
            #expect(throws: JSONError.unexpectedEnd(at: length)) { try JSONDocument(bytes: Array(bytes[..<length])) }
        }
    }

    /// The index is taken in one piece of the size that the most values in so many bytes need.
    @Test(arguments: [
        String(repeating: "[", count: 64) + "1,1,1,1,1,1,1,1,1,1,1,1" + String(repeating: "]", count: 64),
        "[" + Array(repeating: "1", count: 200).joined(separator: ",") + "]",
        "[" + Array(repeating: "[]", count: 100).joined(separator: ",") + "]",
        "{" + Array(repeating: #""":{}"#, count: 100).joined(separator: ",") + "}",
        String(repeating: #"{"":[1,"#, count: 30) + "1" + String(repeating: "]}", count: 30),
    ])
    func `holds the densest documents, and says where a beginning of one ends`(text: String) throws {
        let bytes = Array(text.utf8)
        #expect(try JSONDocument(bytes: bytes).bytes == bytes)
        for end in bytes.indices {
            #expect(throws: JSONError.unexpectedEnd(at: end)) { try JSONDocument(bytes: Array(bytes[..<end])) }
        }
    }

    @Test func `tells one checked text from an equal one`() throws {
        let first = try JSONDocument(bytes: [0x31])
        #expect(first.isSame(as: first.root.document))
        #expect(!first.isSame(as: try JSONDocument(bytes: [0x31])))
    }
}

/// A text and the error it must give.
struct Refused: CustomTestStringConvertible, Sendable {
    let text: String
    let error: JSONError

    init(_ text: String, _ error: JSONError) {
        self.text = text
        self.error = error
    }

    var testDescription: String { self.text }
}

/// Whether the bytes are read without an error.
func accepts(_ bytes: [UInt8]) -> Bool {
    (try? JSONDocument(bytes: bytes)) != nil
}

/// The value written anew from what the cursors say.
func rewritten(_ value: JSONValue) -> [UInt8] {
    var writer = JSONWriter()
    write(value, to: &writer)
    return writer.bytes
}

private func write(_ value: JSONValue, to writer: inout JSONWriter) {
    switch value.kind {
    case .object:
        writer.beginObject()
        for (name, member) in value.members {
            writer.name(name)
            write(member, to: &writer)
        }
        writer.endObject()
    case .array:
        writer.beginArray()
        for element in value.elements { write(element, to: &writer) }
        writer.endArray()
    case .string: writer.string(value.text ?? "no text")
    case .number, .boolean, .null: writer.raw(value.rawBytes)
    }
}
