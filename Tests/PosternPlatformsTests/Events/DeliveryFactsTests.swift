import PosternPlatforms
import Testing

@Suite struct DeliveryFactsTests {
    private let facts = DeliveryFacts(
        headers: [("X-A", "1"), ("x-a", "2"), ("X-Ä", "3")],
        parameters: ["p": "v"],
        query: "a=1&a=2&b=%F0%9F%98%80+x",
        deliveryID: "d"
    )

    @Test func `finds the first header of a name in any case`() {
        #expect(self.facts.header("x-A") == "1")
        #expect(self.facts.header("X-") == nil)
        #expect(self.facts.header("") == nil)
    }

    @Test func `finds the first query parameter of a name, decoded`() {
        #expect(self.facts.query("a") == "1")
        #expect(self.facts.query("b") == "😀 x")
        #expect(self.facts.query("A") == nil)
        #expect(DeliveryFacts().query("a") == nil)
    }

    @Test func `answers nothing for what a stored delivery does not have`() {
        #expect(self.facts.parameter("p") == "v")
        #expect(self.facts.parameter("q") == nil)
        #expect(self.facts.deliveryID == "d")
        #expect(self.facts.method == nil && self.facts.url == nil && self.facts.signedTime == nil)
        #expect(self.facts.form("a") == nil && self.facts.hmacSHA256("x", as: .hex) == nil)
    }
}
