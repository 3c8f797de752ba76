import FoundationEssentials
import PosternModel
import PosternPlatforms
import Testing

/// One request of `Fixtures/vectors.json` with the verdict that the platform's own library, or its documentation, gives.
struct SignatureVector: Decodable, Sendable, CustomTestStringConvertible {
    struct Request: Decodable, Sendable {
        let method: String
        let url: String
        let headers: [String: String]
        let body: String
    }

    let id: String
    let platform: String
    let secret: String?
    let secondarySecret: String?
    let appKey: String?
    let request: Request
    let timestamp: Int64?
    let valid: Bool
    let expectedError: String?
    let note: String?

    enum CodingKeys: String, CodingKey {
        case id, platform, secret, request, timestamp, valid, note
        case secondarySecret = "secondary_secret"
        case appKey = "app_key"
        case expectedError = "expected_error"
    }

    var testDescription: String { "\(self.id): \(self.note ?? "")" }

    /// The clock the verdict is given at.
    var now: Timestamp { Timestamp(seconds: self.timestamp ?? 1_795_219_200) }

    /// The verdict, in our words.
    var failure: VerificationFailure? { self.expectedError.flatMap(VerificationFailure.init(rawValue:)) }

    var body: [UInt8] { Array(self.request.body.utf8) }

    var parameters: [String: String] { self.appKey.map { ["app_key": $0] } ?? [:] }

    static let secretIDs = (1...4).map { SecretID(UniqueID(high: 0, low: $0)) }

    /// The active secrets, newest first.
    var secrets: [(id: SecretID, kind: String, secret: Secret)] {
        [self.secret, self.secondarySecret].compactMap(\.self).enumerated().map { index, text in
            (Self.secretIDs[index], SecretKind.signing, Secret(text))
        }
    }

    func facts(_ platform: Platform) -> RequestFacts {
        RequestFacts(
            platform: platform,
            method: self.request.method,
            target: self.request.url,
            headers: self.request.headers.map { (name: $0.key, value: $0.value) }
        )
    }

    /// All vectors of schemes that need no public key.
    static let shared: [SignatureVector] = Self.all.filter { !Self.publicKeyPlatforms.contains($0.platform) }

    static let publicKeyPlatforms: Set<String> = [
        "google_pubsub", "standard_webhooks_asym", "sendgrid", "discord", "paypal", "aws_sns",
    ]

    /// Empty when the file cannot be read, which a test of its own finds out.
    static let all: [SignatureVector] = (try? Self.read()) ?? []

    static func read() throws -> [SignatureVector] { try Fixture.read([SignatureVector].self, "vectors.json") }
}
