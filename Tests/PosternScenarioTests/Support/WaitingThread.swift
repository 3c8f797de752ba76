import PosternPostgres
import Synchronization

/// A thread that holds something, such as an open transaction, until it is told to let go.
final class WaitingThread: Sendable {
    private let bell: WaitingBell?
    private let outcome = Mutex<Result<Void, any Error>>(.success(()))
    private let thread = Mutex<ConnectionThread?>(nil)

    /// Starts `body` on a thread of its own; the bell it gets rings when the test is done with it.
    init(_ body: @escaping @Sendable (WaitingBell) throws -> Void) {
        self.bell = try? WaitingBell()
        guard let bell = self.bell else { return }
        let thread = ConnectionThread.start(name: "holder") {
            let result = Result { try body(bell) }
            self.outcome.withLock { outcome in outcome = result }
        }
        self.thread.withLock { held in held = thread }
    }

    /// Tells the body to let go, and waits for its end.
    ///
    /// - Throws: what the body threw.
    func finish() async throws {
        self.bell?.ring()
        await self.thread.withLock { thread in thread }?.join()
        try self.outcome.withLock { outcome in outcome }.get()
    }
}
