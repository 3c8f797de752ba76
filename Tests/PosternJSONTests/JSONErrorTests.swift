import PosternJSON
import Testing

@Suite struct JSONErrorTests {
    @Test(arguments: [
        (JSONError.unexpectedEnd(at: 3), "the text ends too early at byte 3"),
        (.unexpectedByte(0x7D, at: 4), "unexpected '}' at byte 4"),
        (.unexpectedByte(0x0A, at: 4), "unexpected byte 0x0a at byte 4"),
        (.unexpectedByte(0xEF, at: 0), "unexpected byte 0xef at byte 0"),
        (.trailingBytes(at: 2), "more text after the end of the value at byte 2"),
        (.malformedNumber(at: 1), "malformed number at byte 1"),
        (.numberOutOfRange(at: 1), "number too long or exponent too large at byte 1"),
        (.malformedEscape(at: 9), "malformed escape sequence at byte 9"),
        (.controlCharacter(0, at: 1), "unescaped control character byte 0x00 at byte 1"),
        (.malformedUTF8(at: 7), "invalid UTF-8 at byte 7"),
        (.tooDeep(limit: 64, at: 70), "more than 64 levels of nesting at byte 70"),
        (.tooLarge(limit: 10, bytes: 12), "12 bytes where at most 10 are read at byte 10"),
    ])
    func `says what and where`(error: JSONError, description: String) {
        #expect(error.description == description)
    }
}
