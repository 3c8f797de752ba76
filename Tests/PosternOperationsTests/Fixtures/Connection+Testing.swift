import PosternPostgres
import Synchronization

private let statements = Atomic<Int>(0)

extension Connection {
    /// Runs one statement of a test's own making.
    mutating func ask(_ sql: String) throws(PostgresError) -> Rows {
        let number = statements.add(1, ordering: .relaxed).newValue
        return try self.query(Statement("test", variant: number, sql, []), within: OperationsDatabase.deadline)
    }
}
