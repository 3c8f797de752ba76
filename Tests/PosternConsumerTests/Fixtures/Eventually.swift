/// What did not come true in time.
struct NotInTime: Error, CustomStringConvertible {
    let description: String
}

/// Waits until something is true, looking often.
func eventually(
    seconds: Int = 120,
    _ what: String,
    _ condition: () async throws -> Bool
) async throws {
    let end = ContinuousClock.now.advanced(by: .seconds(seconds))
    while try await !condition() {
        guard ContinuousClock.now < end else { throw NotInTime(description: "waited \(seconds) s for \(what)") }
        try await Task.sleep(for: .milliseconds(10))
    }
}
