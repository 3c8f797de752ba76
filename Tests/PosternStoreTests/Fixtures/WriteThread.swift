import PosternPostgres
import PosternStore
import Synchronization

/// Writes as a consumer on a thread of its own, so that a test can do something meanwhile.
final class WriteThread<Outcome: Sendable>: Sendable {
    private let result = Mutex<Result<Outcome, PostgresError>?>(nil)
    private let bell: WaitingBell

    /// Starts writing.
    init(
        _ database: StoreDatabase,
        _ write: @escaping @Sendable (inout Connection) throws(PostgresError) -> Outcome
    ) throws {
        self.bell = try WaitingBell()
        var connection: Connection? = try database.connect(.consumer)
        guard let taken = connection.take() else { return }
        let box = Mutex<Connection?>(taken)
        _ = ConnectionThread.start(name: "write") {
            guard var connection = box.withLock({ $0.take() }) else { return }
            let outcome: Result<Outcome, PostgresError>
            do throws(PostgresError) {
                outcome = .success(try write(&connection))
            } catch {
                outcome = .failure(error)
            }
            self.result.withLock { $0 = outcome }
            self.bell.ring()
        }
    }

    /// What the writing came to; blocks until it is known.
    func outcome() throws -> Outcome {
        _ = self.bell.wait(within: StoreDatabase.deadline)
        guard let result = self.result.withLock({ $0 }) else { throw Unexpected() }
        return try result.get()
    }
}

extension WriteThread where Outcome == BatchOutcome {
    /// Writes a batch.
    convenience init(_ database: StoreDatabase, _ batch: WriteBatch) throws {
        try self.init(database) { connection throws(PostgresError) in
            try BatchWriter.write(batch, &connection, within: StoreDatabase.deadline)
        }
    }
}

extension WriteThread where Outcome == SettlementOutcome {
    /// Writes a settlement.
    convenience init(_ database: StoreDatabase, _ settlement: DeliverySettlement) throws {
        try self.init(database) { connection throws(PostgresError) in
            try SettlementWriter.write(settlement, &connection, within: StoreDatabase.deadline)
        }
    }
}
