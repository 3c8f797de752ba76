import PosternCrypto
import Testing

@Suite struct Base64Tests {
    /// RFC 4648, section 10.
    private static let published = [
        ("", ""), ("f", "Zg=="), ("fo", "Zm8="), ("foo", "Zm9v"), ("foob", "Zm9vYg=="), ("fooba", "Zm9vYmE="),
        ("foobar", "Zm9vYmFy"),
    ]

    @Test(arguments: Self.published)
    func `gives the published texts`(plain: String, encoded: String) {
        #expect(Base64.encode(Array(plain.utf8)) == encoded)
        #expect(Base64.decode(encoded.utf8) == Array(plain.utf8))
        let unpadded = encoded.filter { $0 != "=" }
        #expect(Base64.decode(unpadded.utf8) == Array(plain.utf8))
    }

    @Test func `returns every byte it was given`() {
        let bytes = (0...255).map { UInt8($0) }
        for start in 0..<3 {
            #expect(Base64.decode(Base64.encode(Array(bytes[start...])).utf8) == Array(bytes[start...]))
        }
    }

    @Test(arguments: [
        "Z", "Zg=", "Zm9vZ", "Zg==Zg==", "=", "==", "Z===", "Zg===", "Zm8==", "Zm9v=", "Zm 8=", "Zm8=\n", "Zm8\u{0}",
        "Zé==",
    ])
    func `refuses what is not base64, but for short padding`(text: String) {
        // One sign where two belong is the single shortage that is let pass.
        #expect(Base64.decode(text.utf8) == (text == "Zg=" ? Array("f".utf8) : nil))
    }

    @Test func `ignores bits behind the last byte`() {
        #expect(Base64.decode("Zh==".utf8) == Array("f".utf8))
    }

    @Test(arguments: [
        (Base64.Alphabet.standard, "+/8=", true), (.standard, "-_8=", false), (.url, "-_8", true), (.url, "+/8", false),
        (.either, "+_8=", true),
    ])
    func `keeps the alphabets apart`(alphabet: Base64.Alphabet, text: String, accepted: Bool) {
        #expect(Base64.decode(text.utf8, alphabet: alphabet) == (accepted ? [0xFB, 0xFF] : nil))
    }
}
