import PosternCrypto
import Testing

@Suite struct ConstantTimeTests {
    @Test(arguments: [
        ("", "", true), ("a", "a", true), ("a", "b", false), ("a", "", false), ("", "a", false),
        ("secret", "secret", true), ("secret", "Secret", false), ("secret", "secreT", false),
        ("secret", "secret ", false),
        ("\u{0}", "", false), ("a\u{0}b", "a\u{0}c", false),
    ])
    func `compares all bytes`(left: String, right: String, equal: Bool) {
        let result = ConstantTime.equal(left.utf8.span, right.utf8.span)
        #expect(result == equal)
    }
}
