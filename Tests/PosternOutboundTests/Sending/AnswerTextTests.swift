import PosternOutbound
import Testing

@Suite struct AnswerTextTests {
    @Test(
        arguments: [
            ([], ""), ([0], ""), ([0x61, 0, 0x62], "ab"), ([0xFF, 0x61], "\u{FFFD}a"), ([0x80], "\u{FFFD}"),
            (Array("é漢😀".utf8), "é漢😀"),
            // Cut in two at the end.
            ([0x61, 0xC3], "a"), ([0x61, 0xE6, 0xBC], "a"), ([0x61, 0xF0, 0x9F, 0x98], "a"), ([0xF0], ""),
        ] as [([UInt8], String)]
    )
    func `is what the bytes say`(bytes: [UInt8], text: String) { #expect(AnswerText.make(bytes) == text) }

    @Test(arguments: Array(4090...4100))
    func `has at most 4096 bytes and no half characters`(count: Int) {
        let whole = String(repeating: "a", count: count % 4) + String(repeating: "😀", count: 1100)
        let text = AnswerText.make(Array(whole.utf8.prefix(count)))
        #expect(text.utf8.count <= 4096)
        #expect(text.utf8.count > min(count, 4096) - 4)
        #expect(whole.hasPrefix(text))
    }

    @Test func `has at most 4096 bytes when each bad byte becomes three`() {
        let text = AnswerText.make([UInt8](repeating: 0xFF, count: 4096))
        #expect(text.utf8.count == 4095)
        #expect(text.unicodeScalars.allSatisfy { $0 == "\u{FFFD}" })
    }

    @Test func `is text whatever the bytes are`() {
        var generator = SystemRandomNumberGenerator()
        for _ in 0..<2000 {
            let bytes = (0..<Int.random(in: 0...16)).map { _ in UInt8.random(in: 0...255, using: &generator) }
            let text = AnswerText.make(bytes)
            #expect(!text.unicodeScalars.contains("\u{0}"))
        }
    }
}
