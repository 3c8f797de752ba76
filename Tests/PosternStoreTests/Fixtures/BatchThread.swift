import PosternPostgres
import PosternStore
import Synchronization

/// Writes a batch on a thread of its own, so that a test can do something meanwhile.
final class BatchThread: Sendable {
    private let result = Mutex<Result<BatchOutcome, PostgresError>?>(nil)
    private let bell: WaitingBell

    init(_ database: StoreDatabase, _ batch: WriteBatch) throws {
        self.bell = try WaitingBell()
        var connection: Connection? = try database.connect(.consumer)
        guard let taken = connection.take() else { return }
        let box = Mutex<Connection?>(taken)
        _ = ConnectionThread.start(name: "batch") {
            guard var connection = box.withLock({ $0.take() }) else { return }
            let outcome: Result<BatchOutcome, PostgresError>
            do throws(PostgresError) {
                outcome = .success(
                    try BatchWriter.write(batch, &connection, within: StoreDatabase.deadline)
                )
            } catch {
                outcome = .failure(error)
            }
            self.result.withLock { $0 = outcome }
            self.bell.ring()
        }
    }

    /// What the batch came to; blocks until it is known.
    func outcome() throws -> BatchOutcome {
        _ = self.bell.wait(within: StoreDatabase.deadline)
        guard let result = self.result.withLock({ $0 }) else { throw Unexpected() }
        return try result.get()
    }
}
