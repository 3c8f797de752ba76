/// A destination as `postern destination … --json` shows it.
struct DestinationShown: Decodable, Sendable {
    struct Circuit: Decodable, Sendable {
        let state: String
    }

    struct Subscription: Decodable, Sendable {
        let id: String
        let type: String
    }

    struct Probe: Decodable, Sendable {
        let delivered: Bool
        let status: Int?
        let failure: String?
        let verdict: String
        let answer: String
    }

    struct Summary: Decodable, Sendable {
        let lag_events: Int
        let pending_retries: Int
        let open_dead_letters: Int
    }

    let id: String
    let organization: String
    let name: String
    let kind: String
    let form: String
    let url: String?
    let channel: String?
    let state: String
    let circuit: Circuit
    let timeout_ms: Int
    let concurrency: Int
    let rate_per_second: Int?
    let retry_delays: [Int]
    let ordered: Bool
    let allows_private: Bool
    let headers: [String]
    let subscriptions: [Subscription]
    /// Where one was made just now.
    let generated_secret: String?
    /// Where a test event was sent.
    let probe: Probe?
    /// Where figures were asked for.
    let summary: Summary?
}
