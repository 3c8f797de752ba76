import PosternModel
import Testing

@Suite struct ASCIITests {
    @Test func `lowercases the letters of ASCII and no other byte`() {
        for byte in UInt8.min...UInt8.max {
            let letter = UInt8(ascii: "A")...UInt8(ascii: "Z") ~= byte
            #expect(byte.lowercasedASCII == (letter ? byte + 32 : byte))
        }
    }

    @Test(arguments: [
        ("Content-Type", "content-type", true), ("content-type", "content-type", true),
        ("Content-Typ", "content-type", false), ("Content-Type2", "content-type", false),
        ("Content_Type", "content-type", false), ("content-type", "Content-Type", true), ("", "", true),
        // The bit that tells cases apart also tells @ from a backtick and [ from {.
        ("@[", "`{", false),
    ])
    func `names are the same in any case of their letters`(name: String, word: String, equal: Bool) {
        #expect(name.utf8.span.equalsIgnoringCase(word.utf8.span) == equal)
    }

    @Test(arguments: [("X-Sign-1", "x-sign-", true), ("X-Sig", "x-sign-", false), ("x-sign-", "x-sign-", true)])
    func `a prefix is found in any case`(name: String, prefix: String, found: Bool) {
        #expect(name.utf8.span.beginsIgnoringCase(with: prefix.utf8.span) == found)
    }

    @Test(arguments: [(0, 5, 1), (2, 5, 4), (2, 4, nil), (5, 5, nil), (1, 2, 1)])
    func `finds a byte within the bounds only`(start: Int, end: Int, found: Int?) {
        #expect("a/bc/".utf8.span.firstIndex(of: UInt8(ascii: "/"), from: start, before: end) == found)
    }

    @Test func `a set of lengths lets through what it has, and sorts out the rest below 63`() {
        let lengths = LengthSet([4, 70])
        #expect(lengths.mayContain(4))
        #expect(!lengths.mayContain(5) && !lengths.mayContain(0))
        #expect(lengths.mayContain(63) && lengths.mayContain(70) && lengths.mayContain(1000))
    }
}
