/// What `postern limits show --json` says.
struct LimitsShown: Decodable, Sendable {
    struct Hour: Decodable, Sendable {
        let accepted: Int64
        let refused: [String: Int64]
        let shadowed: [String: Int64]
    }
    struct Endpoint: Decodable, Sendable {
        let requests_per_minute: Int64?
        let quarantined: Int64
        let quarantined_bytes: Int64
    }
    let tier: String
    let requests_per_minute: Int64?
    let burst: Int64?
    let mode: String
    let overridden: Bool
    let left: Int64?
    let gateways: Int64
    let last_hour: Hour
    let endpoints: [Endpoint]

    /// Asks for the organization that most scenarios use.
    static func ask(_ scenario: Scenario) async throws -> LimitsShown {
        try await scenario.json("limits", "show", Scenario.organization)
    }
}
