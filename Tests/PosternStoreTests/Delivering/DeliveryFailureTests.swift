import PosternStore
import Testing

@Suite struct DeliveryFailureTests {
    private static func kept(_ answer: String) -> String? {
        DeliveryFailure(reason: "r", detail: "d", answer: answer).answer
    }

    @Test func `replaces what the database cannot hold`() {
        let failure = DeliveryFailure(reason: "r", detail: "a\0b", answer: "\0")
        #expect(failure.detail == "a\u{FFFD}b")
        #expect(failure.answer == "\u{FFFD}")
    }

    @Test(arguments: [4095, 4096, 4097])
    func `cuts a long answer`(length: Int) {
        #expect(Self.kept(String(repeating: "a", count: length))?.utf8.count == min(length, 4096))
    }

    @Test func `cuts between characters`() {
        #expect(Self.kept("a" + String(repeating: "é", count: 2048)) == "a" + String(repeating: "é", count: 2047))
        // A replaced NUL is longer than it was.
        #expect(Self.kept(String(repeating: "\0", count: 4096))?.utf8.count == 4095)
    }
}
