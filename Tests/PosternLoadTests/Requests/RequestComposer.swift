import NIOCore
import NIOEmbedded
import PosternLoad
import PosternModel
import PosternPlatforms
import Testing

/// Composes requests of a platform the way a run does, with the endpoint's verifier beside it.
struct RequestComposer {
    static let secret = "load-test-secret-0123456789"
    static let authority = "127.0.0.1:8080"

    let verifier: Verifier
    let source: RequestSource
    let drafts: [RequestDraft]
    let loop = EmbeddedEventLoop()
    /// Signs ahead; nothing happens before it is run.
    let workshop = EmbeddedEventLoop()

    init(
        _ name: String = "github",
        scheme: String? = nil,
        secret: String = RequestComposer.secret,
        bodies: BodyChoice = .sizes([1024]),
        mix: RequestMix = RequestMix(),
        paths: [String] = ["/webhooks/github/key"],
        share: Int = 0,
        run: UniqueID = .timeOrdered(at: .now())
    ) throws {
        let catalog = try PlatformCatalog.load()
        let platform = try #require(PlatformName(name).flatMap { catalog.platform(named: $0) })
        let chosen = try #require(
            scheme.flatMap(SchemeName.init).flatMap { platform.scheme(named: $0) } ?? platform.schemes.first
        )
        let parameters = Dictionary(uniqueKeysWithValues: platform.parameters.map { ($0.name, "load") })
        let id = SecretID(UniqueID(high: 0, low: 1))
        self.verifier = try Verifier(
            scheme: chosen,
            platform: platform,
            secrets: [(id: id, kind: SecretKind.signing, secret: Secret(secret))],
            parameters: parameters
        )
        let endpoint = try SigningEndpoint(
            platform: name,
            scheme: chosen.name.text,
            secret: Secret(secret),
            parameters: parameters,
            origin: "http://\(Self.authority)"
        )
        let now = Timestamp.now()
        self.drafts = try DraftMaker(endpoint, target: paths[0], run: run, now: now).drafts(bodies)
        let requests = try TargetRequests(
            self.drafts,
            endpoint,
            paths: paths,
            authority: Self.authority,
            forgeries: mix.forgeries > 0,
            now: now
        )
        self.source = RequestSource(requests, mix, share: share, eventLoop: self.loop, workshop: self.workshop)
    }

    /// The next requests; `prepared` lets the workshop sign ahead between them.
    func next(_ count: Int, prepared: Bool = false) throws -> [(kind: RequestKind, request: SentRequest, key: String)] {
        try (0..<count).map { _ in
            let outgoing = try self.source.next()
            if prepared {
                self.workshop.run()
                self.loop.run()
            }
            var key: [UInt8] = []
            self.source.appendEventKey(outgoing.number, draft: outgoing.draft, to: &key)
            return (outgoing.kind, try SentRequest(outgoing), String(decoding: key, as: UTF8.self))
        }
    }

    func isAccepted(_ request: SentRequest) -> Bool {
        let verdict = request.verdict(self.verifier, origin: "http://\(Self.authority)", now: .now())
        if case .accepted = verdict { return true }
        return false
    }
}
