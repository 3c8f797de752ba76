/// What `/stats` says.
struct Stats: Decodable, Sendable {
    let accepted: Int64
    let events: Int64
    let duplicates: Int64
    let dead_lettered: Int64
    let rejected: [String: Int64]
    let pending: Int64
    let pending_retries: Int64
    let dead_letter_queue_size: Int64
    let lag_seconds: Double

    /// Asks until the figures are as expected: they are gathered for a second or two.
    static func eventually(
        from server: Server,
        within limit: Duration = .seconds(30),
        _ isExpected: (Stats) -> Bool
    ) async throws -> Stats {
        var last = "nothing"
        do {
            return try await PosternScenarioTests.eventually(
                "the figures arrive",
                within: limit,
                every: .milliseconds(100)
            ) {
                let answer = try await HTTPRequest.get("/stats", from: server.statusPort)
                last = "\(answer.status) \(answer.text)"
                guard answer.status == 200 else { return nil }
                let stats = try answer.decoded(as: Stats.self)
                return isExpected(stats) ? stats : nil
            }
        } catch let failure as ScenarioFailure {
            throw ScenarioFailure("\(failure): \(last)")
        }
    }
}
