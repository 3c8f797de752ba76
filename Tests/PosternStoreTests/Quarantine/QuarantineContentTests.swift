import PosternModel
import PosternStore
import Testing

@Suite struct QuarantineContentTests {
    private static let sample = QuarantineContent(
        method: "POST",
        target: "/w/key?a=b",
        origin: "https://hooks.example",
        headers: Array(":target: /w/key?a=b\nhost: hooks.example\n".utf8),
        secretHeaders: [
            QuarantineContent.SecretHeader(name: "authorization", value: Secret([0x42, 0xFF, 0x00])),
            QuarantineContent.SecretHeader(name: "x-token", value: Secret("")),
        ],
        body: [0, 1, 2, 0xFF, 0x0A]
    )

    private static let empty = QuarantineContent(
        method: "",
        target: "",
        origin: "",
        headers: [],
        secretHeaders: [],
        body: []
    )

    @Test(arguments: [Self.sample, Self.empty])
    func `reads back what it wrote, byte for byte`(content: QuarantineContent) {
        let bytes = content.encoded()
        #expect(bytes.count == content.encodedByteCount)
        #expect(QuarantineContent(decoding: bytes) == content)
    }

    @Test func `writes a form that stays readable`() {
        let content = QuarantineContent(
            method: "PUT",
            target: "/",
            origin: "o",
            headers: [7],
            secretHeaders: [QuarantineContent.SecretHeader(name: "n", value: Secret([9, 8]))],
            body: [1, 2]
        )
        let expected: [UInt8] =
            [1, 0, 0, 0, 3, 0x50, 0x55, 0x54, 0, 0, 0, 1, 0x2F, 0, 0, 0, 1, 0x6F]
            + [0, 0, 0, 1, 7, 0, 0, 0, 2, 1, 2, 0, 0, 0, 1, 0, 0, 0, 1, 0x6E, 0, 0, 0, 2, 9, 8]
        #expect(content.encoded() == expected)
    }

    @Test func `refuses every truncation, and anything left over`() {
        let bytes = Self.sample.encoded()
        for count in bytes.indices {
            #expect(QuarantineContent(decoding: Array(bytes.prefix(count))) == nil, "\(count) bytes")
        }
        #expect(QuarantineContent(decoding: bytes + [0]) == nil)
    }

    @Test(arguments: [0, 2, 255] as [UInt8])
    func `refuses another version`(version: UInt8) {
        #expect(QuarantineContent(decoding: [version] + Self.sample.encoded().dropFirst()) == nil)
    }

    @Test func `refuses every length that says more than there is`() {
        let bytes = Self.sample.encoded()
        var position = 1
        // Method, target, origin, headers and body begin with their lengths.
        for _ in 0..<5 {
            for length in [[0xFF, 0xFF, 0xFF, 0xFF], [0x7F, 0xFF, 0xFF, 0xFF], [0, 1, 0, 0]] as [[UInt8]] {
                var changed = bytes
                changed.replaceSubrange(position..<position + 4, with: length)
                #expect(QuarantineContent(decoding: changed) == nil)
            }
            position += 4 + bytes[position..<position + 4].reduce(0) { $0 << 8 | Int($1) }
        }
        // The number of secret headers.
        for number in [3, 0xFF] as [UInt8] {
            var changed = bytes
            changed.replaceSubrange(position..<position + 4, with: [0, 0, 0, number])
            #expect(QuarantineContent(decoding: changed) == nil)
        }
    }

    @Test(arguments: [(999, true), (1000, true), (1001, false)])
    func `reads a thousand secret headers and no more`(count: Int, isRead: Bool) {
        let header = QuarantineContent.SecretHeader(name: "n", value: Secret("v"))
        let content = QuarantineContent(
            method: "POST",
            target: "/",
            origin: "o",
            headers: [],
            secretHeaders: Array(repeating: header, count: count),
            body: []
        )
        #expect((QuarantineContent(decoding: content.encoded()) == content) == isRead)
    }

    @Test func `refuses a method that is no text`() {
        var bytes = Self.sample.encoded()
        bytes[5] = 0xFF
        #expect(QuarantineContent(decoding: bytes) == nil)
    }

    @Test func `prints no secret`() {
        #expect("\(Self.sample.secretHeaders)".contains("[secret]"))
    }
}
