import FoundationEssentials

extension Scenario {
    /// Runs a command with `--json` and reads what it prints.
    ///
    /// - Throws: ``ScenarioFailure`` when it did not exit with 0, and `DecodingError`.
    func json<Value: Decodable>(_ words: String..., as type: Value.Type = Value.self) async throws -> Value {
        let outcome = try await self.run(words + ["--json"])
        guard outcome.succeeded else { throw ScenarioFailure("\(words): \(outcome.errors)") }
        return try JSONDecoder().decode(type, from: Data(outcome.output.utf8))
    }
}
