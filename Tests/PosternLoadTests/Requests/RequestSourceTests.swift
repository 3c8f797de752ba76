import NIOEmbedded
import PosternLoad
import PosternModel
import PosternPlatforms
import Testing

@Suite struct RequestSourceTests {
    @Test func `signs what the platform's own verifier accepts`() throws {
        let composer = try RequestComposer()
        for (kind, request, key) in try composer.next(100) {
            #expect(kind == .genuine)
            #expect(composer.isAccepted(request))
            #expect(request.header("X-GitHub-Delivery") == key)
            #expect(request.body.count == 1024)
            #expect(request.header("Host") == RequestComposer.authority)
        }
    }

    @Test func `gives every request a key of its own, in every share`() throws {
        let run = UniqueID.timeOrdered(at: .now())
        var keys: [String] = []
        for share in 0..<3 { keys += try RequestComposer(share: share, run: run).next(1000).map(\.key) }
        #expect(Set(keys).count == 3000)
        #expect(keys.allSatisfy { UniqueID($0) != nil })
    }

    @Test(arguments: [("github", false), ("stripe", true)])
    func `repeats requests byte for byte`(platform: String, isSignedEach: Bool) throws {
        let composer = try RequestComposer(platform, bodies: .samples, mix: RequestMix(duplicates: 0.4))
        var seen: Set<[UInt8]> = []
        var repeated: Set<[UInt8]> = []
        for (kind, request, _) in try composer.next(600, prepared: isSignedEach) {
            switch kind {
            case .genuine: #expect(seen.insert(request.bytes).inserted)
            case .duplicate:
                #expect(seen.contains(request.bytes))
                repeated.insert(request.bytes)
            case .forged: Issue.record("nothing was to be forged")
            }
            #expect(composer.isAccepted(request))
        }
        #expect(repeated.count > 100)
    }

    @Test(arguments: ["github", "stripe", "gitlab"])
    func `forges what the verifier refuses, and nothing else`(platform: String) throws {
        let composer = try RequestComposer(platform, mix: RequestMix(forgeries: 0.25))
        var keys: Set<String> = []
        for (kind, request, key) in try composer.next(200, prepared: true) {
            #expect(composer.isAccepted(request) == (kind == .genuine))
            #expect(keys.insert(key).inserted)
        }
    }

    @Test(arguments: [("github", false), ("stripe", true)])
    func `keeps the ratios`(platform: String, isPrepared: Bool) throws {
        let composer = try RequestComposer(platform, mix: RequestMix(duplicates: 0.2, forgeries: 0.1))
        let kinds = try composer.next(1000, prepared: isPrepared).map(\.kind)
        #expect((199...201).contains(kinds.count { $0 == .duplicate }))
        #expect((99...101).contains(kinds.count { $0 == .forged }))
    }

    @Test func `uses every URL with every body`() throws {
        let paths = ["/webhooks/github/a", "/webhooks/github/b"]
        let composer = try RequestComposer(bodies: .sizes([300, 2000]), paths: paths)
        let sent = try composer.next(8).map { "\($0.request.target) \($0.request.body.count)" }
        #expect(Set(sent).count == 4)
        #expect(sent[..<4] == sent[4...])
    }

    @Test(arguments: [256, 1024, 16_384, 16_385, 1 << 20])
    func `makes bodies of any size`(size: Int) throws {
        let composer = try RequestComposer(bodies: .sizes([size]))
        for (_, request, _) in try composer.next(3) {
            #expect(request.body.count == size)
            #expect(composer.isAccepted(request))
        }
    }

    @Test func `signs ahead what each needs a signature of its own`() throws {
        let composer = try RequestComposer("stripe")
        let first = try composer.next(1)
        // From here on everything comes from the workshop.
        composer.workshop.run()
        composer.loop.run()
        let later = try composer.next(60)
        for (_, request, _) in first + later { #expect(composer.isAccepted(request)) }
        #expect(Set((first + later).map(\.key)).count == 61)
        #expect(Set((first + later).map(\.request.body)).count == 61)
    }

    @Test func `sends plain requests that differ in a header`() throws {
        let drafts = try DraftMaker(nil, target: "/", run: .timeOrdered(at: .now()), now: .now()).drafts(.sizes([64]))
        let requests = try TargetRequests(
            drafts,
            nil,
            paths: ["/"],
            authority: "localhost",
            forgeries: false,
            now: .now()
        )
        let composer = try RequestComposer()
        let source = RequestSource(
            requests,
            RequestMix(),
            share: 0,
            eventLoop: composer.loop,
            workshop: composer.workshop
        )
        let sent = try (0..<2).map { _ in try SentRequest(source.next()) }
        #expect(sent[0].header("Idempotency-Key") != sent[1].header("Idempotency-Key"))
        #expect(sent.allSatisfy { $0.body.count == 64 })
    }
}
