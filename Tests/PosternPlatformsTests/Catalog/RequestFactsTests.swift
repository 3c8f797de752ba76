import PosternPlatforms
import Testing

@Suite struct RequestFactsTests {
    private let platform: Platform

    init() throws {
        let scheme =
            "kind: hmac\ndigest: sha256\nencoding: hex\nsignature: {header: X-Hub-Signature-256}\nmessage: [body]"
        self.platform = try TestEndpoint.platform(scheme, sections: "delivery_id: \"{header:X-Delivery}\"")
    }

    private func facts(_ headers: [(name: String, value: String)], target: String = "/") -> RequestFacts {
        RequestFacts(
            platform: self.platform,
            method: "POST",
            origin: "https://a.example",
            target: target,
            headers: headers
        )
    }

    @Test(arguments: [
        "X-Hub-Signature-256", "x-hub-signature-256", "X-HUB-SIGNATURE-256", "x-Hub-sIgnature-256",
    ])
    func `finds headers whatever their case`(name: String) {
        let facts = self.facts([("Host", "a"), (name, "value"), ("X-Delivery", "d")])
        #expect(facts.header("X-Hub-Signature-256") == "value")
        #expect(facts.header("x-delivery") == "d")
        #expect(self.platform.deliveryID(for: facts) == "d")
    }

    @Test(arguments: [
        "X-Hub-Signature-25", "X-Hub-Signature-2566", "X_Hub_Signature_256", "X-Hub-Signature-257",
        "Y-Hub-Signature-256", "",
        "X-Hub-Signature-\u{B2}56",
    ])
    func `does not take one header for another`(name: String) {
        #expect(self.facts([(name, "value")]).header("X-Hub-Signature-256") == nil)
    }

    @Test func `lets the first of equal headers count`() {
        let facts = self.facts([("x-delivery", "first"), ("X-Delivery", "second")])
        #expect(facts.header("X-Delivery") == "first")
    }

    @Test func `forgets headers nobody asks for`() {
        #expect(self.facts([("Authorization", "secret")]).header("Authorization") == nil)
    }

    @Test(
        arguments: [
            ("/in?a=1&b=%20x%2By+z", "b", " x+y z"), ("/in?a=1&a=2", "a", "1"), ("/in?hub.mode=x", "hub.mode", "x"),
            ("/in?a", "a", ""),
            ("/in?a=b?c=d", "a", "b?c=d"), ("/in", "a", nil), ("/in?", "a", nil), ("/in?A=1", "a", nil),
        ] as [(String, String, String?)]
    )
    func `decodes the query`(target: String, name: String, value: String?) {
        #expect(self.facts([], target: target).query(name) == value)
    }

    @Test(arguments: [("/in/x?y=/z", "/in/x"), ("/in", "/in"), ("?a", ""), ("", "")])
    func `cuts the path before the query`(target: String, path: String) {
        #expect(self.facts([], target: target).path == path)
    }

    @Test func `answers references`() {
        let source: any ReferenceSource = self.facts([], target: "/in?a=1")
        #expect(source.method == "POST")
        #expect(source.url == "https://a.example/in?a=1")
        #expect(source.query("a") == "1")
    }
}
