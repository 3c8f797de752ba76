/// Looks at something outside of this process until it is there.
///
/// Other processes, files and tables ring no bell, so this is the one place that looks again and again.
///
/// - `what`: names it in the failure: "the consumer has read everything".
/// - `pause`: between looks.
/// - `look`: gives what was waited for, or `nil`.
/// Throws ``ScenarioFailure`` after `limit`, what `look` throws, and `CancellationError`.
func eventually<Value>(
    _ what: String,
    within limit: Duration = .seconds(30),
    every pause: Duration = .milliseconds(20),
    _ look: () async throws -> Value?
) async throws -> Value {
    let clock = ContinuousClock()
    let end = clock.now + limit
    while true {
        if let value = try await look() { return value }
        guard clock.now < end else { throw ScenarioFailure("not within \(limit): \(what)") }
        try await clock.sleep(for: pause)
    }
}

/// The same for a condition without a value.
func eventually(
    _ what: String,
    within limit: Duration = .seconds(30),
    every pause: Duration = .milliseconds(20),
    until condition: () async throws -> Bool
) async throws {
    let _: Bool = try await eventually(what, within: limit, every: pause) { try await condition() ? true : nil }
}
