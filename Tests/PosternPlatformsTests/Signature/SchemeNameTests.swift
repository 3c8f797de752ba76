import PosternPlatforms
import Testing

@Suite struct SchemeNameTests {
    @Test(arguments: ["a", "default", "signing_token", "v1-2", String(repeating: "x", count: 48)])
    func `takes lowercase words`(text: String) {
        #expect(SchemeName(text)?.text == text)
    }

    @Test(arguments: ["", "Default", "a b", "é", "a.b", String(repeating: "x", count: 49)])
    func `refuses anything else`(text: String) {
        #expect(SchemeName(text) == nil)
    }

    @Test func `sorts by its text`() throws {
        let names = ["b", "a", "c"].compactMap { SchemeName($0) }
        #expect(names.sorted().map(\.description) == ["a", "b", "c"])
    }
}
