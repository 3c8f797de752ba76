internal import NIOCore
internal import NIOHTTP1
internal import PosternLoad
internal import PosternModel
internal import PosternPlatforms

/// A request of a platform, signed as the load generator signs, with what checks it.
struct PlatformRequest: Sendable {
    /// The time everything here is signed and checked at.
    static let now = Timestamp(seconds: 1_795_244_400)
    /// Host and port of the URLs.
    static let authority = "127.0.0.1:8080"
    static let origin = "http://\(Self.authority)"
    private static let key = "abcdefghijklmnopqrstuvwxyz"

    let platform: Platform
    let scheme: SignatureScheme
    let verifier: Verifier
    let secret: Secret
    let parameters: [String: String]
    let target: String
    let headers: HTTPHeaders
    let body: ByteBuffer

    /// Signs a sample of the platform, padded to `bytes` where a platform's bodies can be.
    ///
    /// - Parameters:
    ///   - name: a platform whose first scheme this program can check.
    ///   - bytes: the length of the body.
    ///   - now: the time it is signed at.
    /// - Throws: ``CaseFailure/cannotPrepare(_:)``.
    init(_ name: PlatformName, bytes: Int = 1024, now: Timestamp = Self.now) throws(CaseFailure) {
        guard let platform = try Self.catalog().platform(named: name), let scheme = platform.schemes.first else {
            throw .cannotPrepare("there is no platform \(name)")
        }
        let secret = scheme.makeSecret()
        // Where the URL is the secret, it ends with it.
        let isInURL = !scheme.needsSecret
        self.platform = platform
        self.scheme = scheme
        self.secret = Secret(secret)
        self.parameters = Dictionary(uniqueKeysWithValues: platform.parameters.map { ($0.name, "benchmark") })
        self.target = "/webhooks/\(name)/\(Self.key)" + (isInURL ? "/\(secret)" : "")
        let signed: SignedRequest
        do {
            self.verifier = try Verifier(
                scheme: scheme,
                platform: platform,
                secrets: [
                    (id: SecretID(UniqueID(high: 0, low: 1)), kind: SecretKind.signing, secret: self.secret)
                ],
                parameters: self.parameters
            )
            let endpoint = try SigningEndpoint(
                platform: name.text,
                scheme: scheme.name.text,
                secret: self.secret,
                parameters: self.parameters,
                origin: Self.origin
            )
            let maker = DraftMaker(endpoint, target: self.target, run: UniqueID(high: 0x7000, low: 1), now: now)
            let draft = try maker.drafts(.sizes([bytes]))[0]
            signed = try endpoint.sign(draft, 1, target: self.target, now: now)
        } catch {
            throw .cannotPrepare("\(name): \(error)")
        }
        // The connection's own fields, and as many others as platforms' senders have.
        var headers = HTTPHeaders([("Host", Self.authority), ("Accept", "*/*"), ("Accept-Encoding", "gzip")])
        for line in signed.headers { headers.add(name: line.name, value: line.value) }
        headers.add(name: "Content-Length", value: "\(signed.body.count)")
        self.headers = headers
        self.body = ByteBuffer(bytes: signed.body)
        guard signed.target == self.target else { throw .cannotPrepare("\(name) signs into the URL") }
    }

    /// The request as it goes over the wire.
    var wire: ByteBuffer {
        var wire = ByteBuffer(string: "POST \(self.target) HTTP/1.1\r\n")
        for (name, value) in self.headers { wire.writeString("\(name): \(value)\r\n") }
        wire.writeString("\r\n")
        wire.writeImmutableBuffer(self.body)
        return wire
    }

    /// The key its URL has.
    static func endpointKey() throws(CaseFailure) -> EndpointKey {
        guard let key = EndpointKey(Self.key) else { throw .cannotPrepare("\(Self.key) is no key") }
        return key
    }

    /// The definitions compiled into the program.
    static func catalog() throws(CaseFailure) -> PlatformCatalog {
        do throws(DefinitionError) { return try PlatformCatalog.load() } catch { throw .cannotPrepare("\(error)") }
    }

    /// The platforms whose first scheme this program can check.
    static func platforms() throws(CaseFailure) -> [PlatformName] {
        try Self.catalog().all.filter { $0.schemes.first?.unsupportedAlgorithm == nil }.map(\.name)
    }

    /// A platform's name, which must be one.
    static func name(_ text: String) throws(CaseFailure) -> PlatformName {
        guard let name = PlatformName(text) else { throw .cannotPrepare("\(text) is no platform's name") }
        return name
    }
}
