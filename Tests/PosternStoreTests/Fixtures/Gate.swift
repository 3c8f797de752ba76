/// Lets so many tests at a time use the server: all of them start at once, and its connections are few.
actor Gate {
    private var free: Int
    private var waiting: [CheckedContinuation<Void, Never>] = []

    init(_ places: Int) { self.free = places }

    /// Waits for a place, lends it to `body`, and gives it to whoever waits longest.
    nonisolated func pass<Value: Sendable>(_ body: () async throws -> Value) async throws -> Value {
        await self.enter()
        let outcome: Result<Value, any Error>
        do {
            outcome = .success(try await body())
        } catch {
            outcome = .failure(error)
        }
        await self.leave()
        return try outcome.get()
    }

    private func enter() async {
        if self.free > 0 {
            self.free -= 1
        } else {
            await withCheckedContinuation { self.waiting.append($0) }
        }
    }

    private func leave() {
        if self.waiting.isEmpty {
            self.free += 1
        } else {
            self.waiting.removeFirst().resume()
        }
    }
}
