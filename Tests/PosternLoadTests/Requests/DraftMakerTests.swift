import PosternLoad
import PosternModel
import PosternPlatforms
import Testing

@Suite struct DraftMakerTests {
    /// Every platform whose first scheme this program can check.
    static let platforms: [String] = {
        guard let catalog = try? PlatformCatalog.load() else { return [] }
        return catalog.all.filter { $0.schemes.first?.unsupportedAlgorithm == nil }.map(\.name.text)
    }()

    private func composer(_ name: String, _ bodies: BodyChoice) throws -> RequestComposer {
        let catalog = try PlatformCatalog.load()
        let platform = try #require(PlatformName(name).flatMap { catalog.platform(named: $0) })
        let scheme = try #require(platform.schemes.first)
        let secret = scheme.makeSecret()
        // Where the URL is the secret, it ends with it.
        return try RequestComposer(name, secret: secret, bodies: bodies, paths: ["/webhooks/\(name)/\(secret)"])
    }

    @Test func `knows all platforms`() { #expect(Self.platforms.count >= 38) }

    @Test(arguments: DraftMakerTests.platforms)
    func `sends samples of every platform, each with an event key of its own`(name: String) throws {
        let composer = try self.composer(name, .samples)
        let sent = try composer.next(composer.drafts.count * 3, prepared: true)
        for (_, request, _) in sent { #expect(composer.isAccepted(request), "\(request)") }
        #expect(Set(sent.map(\.key)).count == sent.count)
        // The ledger's key is the stored one: what the platform's own rules make of the request.
        let platform = composer.verifier.platform
        var stored: Set<String> = []
        for (_, request, key) in sent {
            let facts = RequestFacts(
                platform: platform,
                method: "POST",
                target: request.target,
                headers: request.headers.map { (name: $0.name, value: $0.value) }
            )
            let source = DeliveryFacts(
                headers: request.headers.map { (name: $0.name, value: $0.value) },
                parameters: Dictionary(uniqueKeysWithValues: platform.parameters.map { ($0.name, "load") }),
                query: String(facts.queryText),
                method: "POST",
                url: "http://\(RequestComposer.authority)\(request.target)",
                deliveryID: platform.deliveryID(for: facts, body: request.body)
            )
            let events = try platform.events.events(
                body: request.body,
                contentType: request.header("Content-Type"),
                source: source
            )
            let first = try #require(events.events.first)
            for event in events.events { #expect(stored.insert(event.key).inserted, "\(event.key) again") }
            // A key that is a hash cannot be told beforehand.
            #expect(first.key == key || !first.key.contains(key))
        }
    }

    @Test(arguments: ["github", "stripe", "shopify", "twilio", "hubspot", "slack", "youtube-websub"])
    func `pads the requests of any kind of platform`(name: String) throws {
        let composer = try self.composer(name, .sizes([4096]))
        for (_, request, _) in try composer.next(3) {
            #expect(request.body.count == 4096)
            #expect(composer.isAccepted(request))
        }
    }

    @Test func `says how small a body can be`() throws {
        let failure = #expect(throws: LoadFailure.self) { try self.composer("stripe", .sizes([16])) }
        #expect("\(try #require(failure))".contains("no sample of stripe can be made so long; the smallest has "))
    }
}
