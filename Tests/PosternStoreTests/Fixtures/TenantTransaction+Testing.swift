import PosternPostgres
import PosternStore
import Synchronization

private let statements = Atomic<Int>(1_000_000)

extension TenantTransaction {
    /// Runs one statement of a test's own making.
    mutating func ask(_ sql: String) throws(PostgresError) -> Rows {
        let number = statements.add(1, ordering: .relaxed).newValue
        return try self.query(
            Statement("test", variant: number, sql, []),
            ParameterBuffer(),
            within: StoreDatabase.deadline
        )
    }

    /// The plan of a statement this connection has prepared, given values as SQL literals.
    mutating func plan(of statement: String, _ values: [String]) throws(PostgresError) -> String {
        let rows = try self.ask("EXPLAIN (COSTS OFF) EXECUTE \"\(statement)\"(\(values.joined(separator: ", ")))")
        var lines: [String] = []
        for row in 0..<rows.count { lines.append(try rows.text(row, 0)) }
        return lines.joined(separator: "\n")
    }
}
