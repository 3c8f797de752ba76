import PosternConsumer
import PosternModel
import PosternPlatforms
import PosternStore
import Testing

@Suite struct PlatformNormalizerTests {
    private func content(_ platform: String, _ body: String, _ headers: String = "") -> DeliveryContent {
        let now = Timestamp.now()
        return DeliveryContent(
            lane: Lane(0),
            id: .fresh(at: now),
            organization: .fresh(at: now),
            endpoint: .fresh(at: now),
            platform: platform,
            headers: Array((":target: /webhooks/x/y\n" + headers).utf8),
            body: Array(body.utf8)
        )
    }

    private func keys(_ content: DeliveryContent) throws -> [String]? {
        switch try ConsumerRun.normalizer().normalize(content, parameters: [:]) {
        case .events(let normalized, _, _): normalized.events.map(\.key)
        case .permanent, .transient: nil
        }
    }

    @Test func `splits a delivery by its platform's definition`() throws {
        #expect(try self.keys(self.content("meta", Meta.messages(["a", "b"]))) == ["mid:a", "mid:b"])
    }

    @Test func `takes the sender's delivery id from the stored headers`() throws {
        let first = try self.keys(
            self.content("github", #"{"zen":"x"}"#, "x-github-event: ping\nx-github-delivery: d1\n")
        )
        let again = try self.keys(
            self.content("github", #"{"zen":"y"}"#, "x-github-event: ping\nx-github-delivery: d1\n")
        )
        let other = try self.keys(
            self.content("github", #"{"zen":"x"}"#, "x-github-event: ping\nx-github-delivery: d2\n")
        )
        #expect(first != nil)
        #expect(first == again)
        #expect(first != other)
    }

    @Test(arguments: ["unheard-of", "NOT A NAME", ""])
    func `waits for a definition it does not know`(platform: String) throws {
        guard
            case .transient(let reason, let detail) = try ConsumerRun.normalizer()
                .normalize(self.content(platform, "{}"), parameters: [:])
        else {
            Issue.record("\(platform) was not put off")
            return
        }
        #expect(reason == "unknown_platform")
        #expect(detail.contains("\"\(platform)\""))
    }

    @Test(arguments: [("{", "malformed_json"), ("", "empty_body"), ("\u{0}", "malformed_json")])
    func `gives up on what cannot be read`(body: String, code: String) throws {
        guard
            case .permanent(let reason, let detail, let version) = try ConsumerRun.normalizer()
                .normalize(self.content("meta", body), parameters: [:])
        else {
            Issue.record("\(body) was not refused")
            return
        }
        #expect(reason == code)
        #expect(!detail.isEmpty)
        #expect(version == 1)
    }
}
