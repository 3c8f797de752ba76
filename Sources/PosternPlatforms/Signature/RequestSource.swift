internal import PosternCrypto
internal import PosternJSON
internal import PosternModel

/// A request with what a reference may ask for besides its body: facts and the endpoint's settings.
struct RequestSource: ReferenceSource {
    let facts: RequestFacts
    let parameters: [String: String]
    /// Makes the codes that handshakes answer with.
    private let signingKey: HMACKey?

    /// Starts with the facts of a request.
    init(_ facts: RequestFacts, parameters: [String: String] = [:], signingKey: HMACKey? = nil) {
        self.facts = facts
        self.parameters = parameters
        self.signingKey = signingKey
    }

    /// The request with its body as references see it; without a document when the body cannot be read as one.
    func scope(_ platform: Platform, body: [UInt8]) -> ReferenceScope {
        let read = try? platform.bodyReader.read(body: body, contentType: self.facts.header(platform.contentType))
        return ReferenceScope(source: self, body: read?.document.root, form: read?.form)
    }

    func header(_ name: String) -> String? { self.facts.header(name) }
    func query(_ name: String) -> String? { self.facts.query(name) }
    func parameter(_ name: String) -> String? { self.parameters[name] }
    var method: String? { self.facts.verb }
    var url: String? { self.facts.url }

    /// Answers a challenge, and nothing that could be a delivery: whoever knows the URL may ask, and the key is the one that
    /// signs deliveries.
    func hmacSHA256(_ message: String, as encoding: TextEncoding) -> String? {
        guard Self.isChallenge(message), let code = self.signingKey?.authenticate(message.utf8.span) else { return nil }
        return switch encoding {
        case .hex: code.hexadecimal
        case .base64: code.base64
        }
    }

    /// Whether a text looks like the token of a challenge: letters, digits and signs of base64 or a UUID, up to 256 of them.
    ///
    /// No JSON object or array, no form and no `name=value` is among them.
    private static func isChallenge(_ text: String) -> Bool {
        var body = text.utf8[...]
        for _ in 0..<2 where body.last == UInt8(ascii: "=") { body.removeLast() }
        return (1...256).contains(body.count)
            && body.allSatisfy { $0.isLetterOrDigitASCII || "+/-_.~".utf8.contains($0) }
    }
}
