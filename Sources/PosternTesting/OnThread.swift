internal import PosternPostgres

/// Runs blocking code on a thread of its own, because Swift's tasks share two threads.
package func onThread<Value: Sendable>(
    _ body: @escaping @Sendable () throws -> Value
) async throws -> Value {
    try await withCheckedThrowingContinuation { continuation in
        _ = ConnectionThread.start(name: "test") { continuation.resume(with: Result(catching: body)) }
    }
}
