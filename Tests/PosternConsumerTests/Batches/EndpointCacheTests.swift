import PosternConsumer
import PosternModel
import PosternStore
import Testing

@Suite struct EndpointCacheTests {
    private let start = ContinuousClock.now

    private func content(_ endpoint: EndpointID) -> DeliveryContent {
        DeliveryContent(
            lane: Lane(0),
            id: .fresh(at: .now()),
            organization: .fresh(at: .now()),
            endpoint: endpoint,
            platform: "meta",
            headers: [],
            body: []
        )
    }

    @Test func `asks for each endpoint once`() {
        let cache = EndpointCache(lifetime: .seconds(5))
        let (first, second) = (EndpointID.fresh(at: .now()), EndpointID.fresh(at: .now()))
        let contents = [first, first, second, first].map(self.content)
        #expect(cache.missing(for: contents, at: self.start) == [first, second])
    }

    @Test(arguments: [(4.999, true), (5, false), (5.001, false)])
    func `uses an entry for its lifetime`(seconds: Double, isKnown: Bool) {
        var cache = EndpointCache(lifetime: .seconds(5))
        let content = self.content(.fresh(at: .now()))
        cache.learn([], of: [content.endpoint], at: self.start)
        #expect(cache.missing(for: [content], at: self.start.advanced(by: .seconds(seconds))).isEmpty == isKnown)
    }

    @Test func `takes an unknown endpoint as one without settings`() {
        let cache = EndpointCache(lifetime: .seconds(5))
        let content = self.content(.fresh(at: .now()))
        let endpoint = cache.endpoint(of: content)
        #expect(endpoint.parameters.isEmpty && !endpoint.routesAccounts)
        #expect(endpoint.source == "/platforms/meta/endpoints/\(content.endpoint)")
    }

    @Test func `forgets everything rather than grow past its capacity`() {
        var cache = EndpointCache(lifetime: .seconds(5), capacity: 2)
        let contents = (0..<3).map { _ in self.content(.fresh(at: .now())) }
        cache.learn([], of: [contents[0].endpoint, contents[1].endpoint], at: self.start)
        #expect(cache.missing(for: contents, at: self.start) == [contents[2].endpoint])
        cache.learn([], of: [contents[2].endpoint], at: self.start)
        #expect(cache.missing(for: contents, at: self.start) == [contents[0].endpoint, contents[1].endpoint])
    }
}
