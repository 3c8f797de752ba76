import PosternModel
import PosternPlatforms

/// A platform made up for one test, and an endpoint of it.
struct TestEndpoint {
    let platform: Platform
    let verifier: Verifier

    static let ids = (1...4).map { SecretID(UniqueID(high: 9, low: $0)) }

    /// Compiles a definition with these lines under `signature: default:`, and takes the secrets for its scheme.
    init(
        _ scheme: String,
        sections: String = "",
        body: String = "json",
        secrets: [String] = ["secret"],
        parameters: [String: String] = [:],
        tolerance: ToleranceOverride = .platform
    ) throws {
        self.platform = try Self.platform(scheme, sections: sections, body: body)
        guard let scheme = self.platform.schemes.first else { throw VerifierError.noSigningSecret }
        self.verifier = try Verifier(
            scheme: scheme,
            platform: self.platform,
            secrets: zip(Self.ids, secrets).map { ($0, SecretKind.signing, Secret($1)) },
            parameters: parameters,
            tolerance: tolerance
        )
    }

    static func platform(_ scheme: String, sections: String = "", body: String = "json") throws -> Platform {
        let lines = scheme.split(separator: "\n").map { "    \($0)" }.joined(separator: "\n")
        let text = """
            name: test
            version: 1
            title: Test
            documentation: https://example.com/
            confidence: documented
            body: \(body)
            \(sections)
            signature:
              default:
            \(lines)

            """
        return try Platform(definition: DefinitionFile.read(text, name: "test.yaml"))
    }

    func facts(_ headers: [String: String] = [:], method: String = "POST", target: String = "/in") -> RequestFacts {
        RequestFacts(
            platform: self.platform,
            method: method,
            origin: "https://hooks.example.com",
            target: target,
            headers: headers.map { (name: $0.key, value: $0.value) }
        )
    }

    func verify(
        _ headers: [String: String] = [:],
        body: String = "hello",
        target: String = "/in",
        now: Int64 = 1_000_000
    ) -> Verdict {
        self.verifier.verify(
            self.facts(headers, target: target),
            body: Array(body.utf8),
            now: Timestamp(seconds: now)
        )
    }
}
