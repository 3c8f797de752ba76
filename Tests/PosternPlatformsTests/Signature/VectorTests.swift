import PosternModel
import PosternPlatforms
import Testing

@Suite struct VectorTests {
    private let catalog: PlatformCatalog

    init() throws { self.catalog = try SharedCatalog.get() }

    private func verifier(_ vector: SignatureVector) throws -> Verifier {
        let (platform, name) = try #require(self.scheme(vector.platform))
        let scheme = try #require(platform.scheme(named: name))
        return try Verifier(
            scheme: scheme,
            platform: platform,
            secrets: vector.secrets,
            parameters: vector.parameters
        )
    }

    private func expect(_ verdict: Verdict, _ vector: SignatureVector) {
        switch verdict {
        case .accepted: #expect(vector.valid, "accepted, but should be \(vector.expectedError ?? "")")
        case .refused(let failure):
            #expect(!vector.valid, "refused: \(failure)")
            #expect(failure.rawValue == vector.expectedError)
        }
    }

    @Test func `there are vectors for every scheme`() throws {
        #expect(try SignatureVector.read().count == 169)
        #expect(SignatureVector.all.count == 169)
        #expect(SignatureVector.shared.count == 147)
        #expect(SignatureVector.shared.allSatisfy { $0.valid == ($0.failure == nil) })
    }

    @Test(arguments: SignatureVector.shared)
    func `gives the known verdict`(_ vector: SignatureVector) throws {
        let verifier = try self.verifier(vector)
        self.expect(verifier.verify(vector.facts(verifier.platform), body: vector.body, now: vector.now), vector)
    }

    @Test(arguments: SignatureVector.shared)
    func `gives the same verdict however the body is cut`(_ vector: SignatureVector) throws {
        let verifier = try self.verifier(vector)
        let facts = vector.facts(verifier.platform)
        let body = vector.body
        for size in [1, 7, max(body.count, 1)] {
            var verification = verifier.begin(facts)
            let needsBody = verification.needsWholeBody
            var start = 0
            while start < body.count {
                let end = min(start + size, body.count)
                verification.update(body.span.extracting(start..<end))
                start = end
            }
            // What does not need the whole body must not look at it.
            self.expect(verification.finish(body: needsBody ? body : [], now: vector.now), vector)
        }
    }

    @Test(arguments: SignatureVector.shared.filter(\.valid))
    func `accepts under any active secret, in any place`(_ vector: SignatureVector) throws {
        let (platform, name) = try #require(self.scheme(vector.platform))
        let scheme = try #require(platform.scheme(named: name))
        // 64 hexadecimal digits are a fit decoy for every notation of keys.
        let decoys = ["a", "b"].map { Secret(String(repeating: $0, count: 64)) }
        let right = try #require(vector.secret)
        for place in 0...2 {
            var secrets = decoys
            secrets.insert(Secret(right), at: place)
            let verifier = try Verifier(
                scheme: scheme,
                platform: platform,
                secrets: zip(SignatureVector.secretIDs, secrets).map { ($0, SecretKind.signing, $1) },
                parameters: vector.parameters
            )
            let verdict = verifier.verify(vector.facts(platform), body: vector.body, now: vector.now)
            guard case .accepted(let secret, _, _) = verdict else {
                Issue.record("refused with the secret in place \(place): \(verdict)")
                continue
            }
            #expect(secret == SignatureVector.secretIDs[place])
        }
    }

    @Test(arguments: SignatureVector.shared.filter(\.valid))
    func `refuses under another secret`(_ vector: SignatureVector) throws {
        let (platform, name) = try #require(self.scheme(vector.platform))
        let scheme = try #require(platform.scheme(named: name))
        let verifier = try Verifier(
            scheme: scheme,
            platform: platform,
            secrets: [(SignatureVector.secretIDs[0], SecretKind.signing, Secret(String(repeating: "c", count: 64)))],
            parameters: vector.parameters
        )
        let verdict = verifier.verify(vector.facts(platform), body: vector.body, now: vector.now)
        #expect(verdict == .refused(.signatureMismatch) || verdict == .refused(.badToken))
    }

    @Test func `says that it cannot check public keys`() throws {
        let (platform, name) = try #require(self.scheme("standard_webhooks_asym"))
        let scheme = try #require(platform.scheme(named: name))
        #expect(scheme.unsupportedAlgorithm == "ed25519")
        #expect(throws: VerifierError.unsupported(algorithm: "ed25519")) {
            try Verifier(scheme: scheme, platform: platform, secrets: [])
        }
    }

    // Beside the macro, which would print the whole catalog.
    private func scheme(_ alias: String) -> (platform: Platform, scheme: SchemeName)? {
        self.catalog.scheme(forAlias: alias)
    }
}
