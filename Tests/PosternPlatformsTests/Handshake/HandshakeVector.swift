import PosternModel
import PosternPlatforms
import Testing

/// One request of `Fixtures/handshakes.json` with the answer the platform wants.
struct HandshakeVector: Decodable, Sendable, CustomTestStringConvertible {
    struct Answer: Decodable, Sendable {
        let status: Int
        let headers: [String: String]
        let body: String?
    }

    let platform: String
    let kind: String
    let secret: String
    let request: SignatureVector.Request
    let expect: Answer
    let timestamp: Int64?
    let signed: Bool

    var testDescription: String { "\(self.platform): \(self.kind)" }

    var body: [UInt8] { Array(self.request.body.utf8) }

    func facts(_ platform: Platform) -> RequestFacts {
        RequestFacts(
            platform: platform,
            method: self.request.method,
            target: self.request.url,
            headers: self.request.headers.map { (name: $0.key, value: $0.value) }
        )
    }

    /// All but those of platforms that sign with public keys, and the GitHub ping, which is an ordinary delivery.
    static let supported: [HandshakeVector] = Self.all.filter {
        !["discord", "aws_sns", "github"].contains($0.platform)
    }

    /// Empty when the file cannot be read, which a test of its own finds out.
    static let all: [HandshakeVector] = (try? Self.read()) ?? []

    static func read() throws -> [HandshakeVector] { try Fixture.read([HandshakeVector].self, "handshakes.json") }
}
