import PosternModel
import PosternOutbound
import Testing

@Suite struct SigningSecretTests {
    @Test(arguments: [24, 32, 64])
    func `is read from its text and written the same`(count: Int) throws {
        let text = "whsec_" + base64(count)
        #expect(try #require(SigningSecret(text)).text == text)
        #expect(SigningSecret(Secret(text)) == SigningSecret(text))
    }

    @Test(
        arguments: [
            "", "whsec_", "whsec_" + base64(23), "whsec_" + base64(65), base64(32), "WHSEC_" + base64(32),
            "whsec_" + base64(32) + "\n", "whsec_ " + base64(32), "whsec_" + String(repeating: "-", count: 40),
        ]
    )
    func `is nothing else`(text: String) { #expect(SigningSecret(text) == nil) }

    @Test func `is fresh every time it is made`() throws {
        let made = SigningSecret.generate()
        #expect(made != SigningSecret.generate())
        #expect(made.text.hasPrefix("whsec_"))
        #expect(SigningSecret(made.text) == made)
    }

    @Test func `does not show itself`() {
        let made = SigningSecret.generate()
        var dumped = ""
        dump(made, to: &dumped)
        for shown in ["\(made)", String(reflecting: made), dumped] {
            #expect(!shown.contains(made.text.dropFirst(6)))
            #expect(!shown.contains("whsec_"))
        }
    }
}

private func base64(_ count: Int) -> String {
    // Three zero bytes are AAAA.
    switch count % 3 {
    case 0: String(repeating: "A", count: count / 3 * 4)
    case 1: String(repeating: "A", count: count / 3 * 4 + 2) + "=="
    default: String(repeating: "A", count: count / 3 * 4 + 3) + "="
    }
}
