import FoundationEssentials
import PosternCrypto
import PosternModel
import PosternTesting

/// One request of `Fixtures/handshakes.json` with the answer the platform wants.
struct HandshakeVector: Decodable, Sendable, CustomStringConvertible {
    struct Request: Decodable, Sendable {
        let method: String
        let url: String
        let headers: [String: String]
        let body: String
    }

    struct Answer: Decodable, Sendable {
        let status: Int
        let headers: [String: String]
        let body: String?
    }

    let platform: String
    let kind: String
    let secret: String
    let request: Request
    let expect: Answer
    let timestamp: Int64?
    let signed: Bool

    var description: String { "\(self.platform): \(self.kind)" }

    /// The folder of the platform's definition.
    var platformName: String { self.platform.replacing("_", with: "-") }

    /// All vectors of the file.
    static func all() throws -> [HandshakeVector] {
        let path = try RepositoryRoot.path() + "/Tests/PosternScenarioTests/Fixtures/handshakes.json"
        guard let data = FileManager.default.contents(atPath: path) else { throw ScenarioFailure("\(path) is missing") }
        return try JSONDecoder().decode([HandshakeVector].self, from: data)
    }

    /// Words for `endpoint create` that give the platform its secret.
    var endpointOptions: [String] {
        switch self.platform {
        // The verify token; Meta's signing secret is another one and not part of this.
        case "meta": ["--secret-of", "verify_token=\(self.secret)"]
        case _ where self.secret.isEmpty: []
        default: ["--secret", self.secret]
        }
    }

    /// The request for an endpoint's URL, with its path for the vector's and, where the platform signs a time, signed now.
    func request(to path: String) throws -> HTTPRequest {
        let afterScheme = self.request.url.drop { $0 != ":" }.dropFirst(3)
        let query = afterScheme.drop { $0 != "?" }
        var headers = self.request.headers
        let body = Array(self.request.body.utf8)
        if self.signed, self.timestamp != nil { try self.signAnew(&headers, body) }
        return HTTPRequest(
            method: self.request.method,
            target: path + query,
            headers: headers.map { (name: $0.key, value: $0.value) },
            body: body
        )
    }

    private func signAnew(_ headers: inout [String: String], _ body: [UInt8]) throws {
        let key = try HMACKey(.sha256, key: Secret(self.secret))
        let now = Timestamp.now()
        func code(_ prefix: String) -> String { key.authenticate((Array(prefix.utf8) + body).span).hexadecimal }
        switch self.platform {
        case "slack":
            headers["X-Slack-Request-Timestamp"] = "\(now.seconds)"
            headers["X-Slack-Signature"] = "v0=" + code("v0:\(now.seconds):")
        case "zoom":
            headers["x-zm-request-timestamp"] = "\(now.seconds)"
            headers["x-zm-signature"] = "v0=" + code("v0:\(now.seconds):")
        case "twitch":
            let id = headers["Twitch-Eventsub-Message-Id"] ?? ""
            headers["Twitch-Eventsub-Message-Timestamp"] = now.description
            headers["Twitch-Eventsub-Message-Signature"] = "sha256=" + code(id + now.description)
        default: throw ScenarioFailure("nobody knows how \(self.platform) signs")
        }
    }
}
