import FoundationEssentials

/// An endpoint that a scenario made.
struct Endpoint: Sendable {
    let id: String
    let key: String
    let platform: String
    let secret: String

    /// Where platforms post to.
    var path: String { "/webhooks/\(self.platform)/\(self.key)" }
}

extension Scenario {
    private struct Created: Decodable {
        let id: String
        let key: String
    }

    /// The organization that most scenarios use.
    static let organization = "acme"

    /// Makes an organization.
    func createOrganization(_ name: String = Scenario.organization, tier: String = "unlimited") async throws {
        try await self.command("org", "create", name, "--tier", tier, "--json")
    }

    /// Makes an endpoint by the command line.
    func endpoint(
        _ platform: String,
        name: String = "default",
        secret: String? = "scenario-secret-0123456789",
        organization: String = Scenario.organization,
        _ more: [String] = []
    ) async throws -> Endpoint {
        let words = [
            "endpoint", "create", "--org", organization, "--platform", platform, "--name", name, "--json",
        ]
        let outcome = try await self.run(words + (secret.map { ["--secret", $0] } ?? []) + more)
        guard outcome.succeeded else { throw ScenarioFailure("no \(platform) endpoint: \(outcome.errors)") }
        let created = try JSONDecoder().decode(Created.self, from: Data(outcome.output.utf8))
        return Endpoint(id: created.id, key: created.key, platform: platform, secret: secret ?? "")
    }
}
