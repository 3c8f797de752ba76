import PosternCrypto
import Testing

@Suite struct DigestTests {
    // The macros cannot carry a span from one side of an expression to the other.
    private static func hexadecimal(_ text: String) -> Digest? { Digest(hexadecimal: text.utf8.span) }
    private static func base64(_ text: String) -> Digest? { Digest(base64: text.utf8.span) }

    @Test(arguments: [0, 1, 63, 64])
    func `holds up to 64 bytes`(count: Int) throws {
        let bytes = (0..<count).map { UInt8($0) }
        let digest = try #require(Digest(bytes))
        #expect(digest.bytes == bytes)
        #expect(digest.count == count)
    }

    @Test func `refuses 65 bytes`() {
        #expect(Digest([UInt8](repeating: 0, count: 65)) == nil)
    }

    @Test func `reads hexadecimal in either case`() throws {
        let lower = try #require(Self.hexadecimal("00ff7a"))
        let upper = try #require(Self.hexadecimal("00FF7A"))
        #expect(lower.bytes == [0, 255, 0x7A])
        #expect(lower.matches(upper))
    }

    @Test(arguments: ["", "0", "0g", "00 ", " 00", "0x00", "é0", String(repeating: "a", count: 130)])
    func `refuses what is not hexadecimal`(text: String) {
        #expect(Self.hexadecimal(text) == nil)
    }

    @Test(
        arguments: [("AQID", [1, 2, 3]), ("AQI=", [1, 2]), ("AQI", [1, 2]), ("+/8=", [0xFB, 0xFF])]
            as [(String, [UInt8])]
    )
    func `reads base64 with and without padding`(text: String, bytes: [UInt8]) throws {
        let digest = try #require(Self.base64(text))
        #expect(digest.bytes == bytes)
    }

    @Test(arguments: ["", "A", "AQI-", "AQ I", "=", "AQI==", "AQID\n", String(repeating: "A", count: 88)])
    func `refuses what is not base64`(text: String) {
        #expect(Self.base64(text) == nil)
    }

    @Test func `matches the same bytes and nothing else`() throws {
        let reference = (0..<32).map { UInt8($0) }
        let digest = try #require(Digest(reference))
        #expect(digest.matches(try #require(Digest(reference))))
        for index in reference.indices {
            var other = reference
            other[index] ^= 0x80
            #expect(!digest.matches(try #require(Digest(other))), "byte \(index)")
        }
        #expect(!digest.matches(try #require(Digest(reference.dropLast()))))
        // The same storage with another length: the byte behind is zero in both.
        #expect(!digest.matches(try #require(Digest(reference + [0]))))
    }

    @Test func `writes hexadecimal and base64`() throws {
        let digest = try #require(Digest([0x00, 0xFB, 0xFF]))
        #expect(digest.hexadecimal == "00fbff")
        #expect(digest.base64 == "APv/")
    }
}
