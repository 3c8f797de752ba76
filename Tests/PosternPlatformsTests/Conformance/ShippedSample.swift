import PosternModel
import PosternPlatforms
import Testing

/// A sample of a platform in `Platforms`.
struct ShippedSample: Sendable, CustomTestStringConvertible {
    let platform: Platform
    let sample: Sample

    var testDescription: String { "\(self.platform.name)/\(self.sample.name)" }

    /// The folder of all platforms.
    static var folder: String { "\(Fixture.root)/Platforms" }

    /// Every sample of every platform that is compiled in.
    static func all() throws -> [ShippedSample] { try Self.loaded.get() }

    /// Read once: compiling all definitions takes a while in a debug build.
    private static let loaded = Result {
        try PlatformCatalog.load().all.flatMap { platform in
            try SampleFolder.read("\(Self.folder)/\(platform.name)").map { sample in
                ShippedSample(platform: platform, sample: sample)
            }
        }
    }

    /// Those a platform must accept.
    static func accepted() throws -> [ShippedSample] {
        try Self.all().filter { $0.sample.expectation.verdict == .accepted }
    }

    /// The scheme the sample is checked with.
    var scheme: SignatureScheme? {
        guard let name = self.sample.expectation.scheme else { return self.platform.defaultScheme }
        return SchemeName(name).flatMap { self.platform.scheme(named: $0) }
    }

    /// The verdict on the sample's request with another body or another secret.
    func verdict(body: [UInt8]? = nil, secret: String? = nil) throws -> Verdict {
        let request = self.sample.request
        let expectation = self.sample.expectation
        let texts = secret.map { [$0] } ?? expectation.secrets.filter { $0.kind == SecretKind.signing }.flatMap(\.texts)
        let verifier = try Verifier(
            scheme: #require(self.scheme),
            platform: self.platform,
            secrets: texts.enumerated().map { index, text in
                (SecretID(UniqueID(high: 0, low: UInt64(index))), SecretKind.signing, Secret(text))
            },
            parameters: expectation.parameters
        )
        let facts = RequestFacts(
            platform: self.platform,
            method: request.method,
            target: expectation.url,
            headers: request.headers
        )
        return verifier.verify(facts, body: body ?? request.body, now: expectation.now ?? Timestamp(seconds: 0))
    }
}
