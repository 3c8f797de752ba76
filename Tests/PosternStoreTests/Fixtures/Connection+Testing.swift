import PosternPostgres
import Synchronization

private let statements = Atomic<Int>(0)

extension Connection {
    /// Runs one statement of a test's own making.
    mutating func ask(
        _ sql: String,
        _ types: [PostgresType] = [],
        _ fill: (inout ParameterBuffer) -> Void = { _ in }
    ) throws(PostgresError) -> Rows {
        let number = statements.add(1, ordering: .relaxed).newValue
        var parameters = ParameterBuffer()
        fill(&parameters)
        return try self.query(
            Statement("test", variant: number, sql, types),
            parameters,
            within: StoreDatabase.deadline
        )
    }

    /// Runs a script of a test's own making.
    mutating func run(_ sql: String) throws(PostgresError) { try self.script(sql, within: StoreDatabase.deadline) }

    /// The one number a statement gives.
    mutating func number(_ sql: String) throws(PostgresError) -> Int64 {
        try self.ask("SELECT (\(sql))::bigint").int64(0, 0)
    }

    /// The first column of a statement, as texts.
    mutating func texts(_ sql: String) throws(PostgresError) -> [String] {
        let rows = try self.ask("SELECT t::text FROM (\(sql)) AS q(t)")
        var texts: [String] = []
        for row in 0..<rows.count { texts.append(try rows.text(row, 0)) }
        return texts
    }

    /// The plan of a statement this connection has prepared, given values as SQL literals.
    mutating func plan(of statement: String, _ values: [String]) throws(PostgresError) -> String {
        let names = try self.texts("SELECT name FROM pg_prepared_statements WHERE name ~ '^\(statement)($|[^a-z_])'")
        guard let name = names.first else {
            throw .refused(sqlstate: "26000", message: "no prepared statement \(statement)")
        }
        let arguments = values.isEmpty ? "" : "(\(values.joined(separator: ", ")))"
        let rows = try self.ask("EXPLAIN (COSTS OFF) EXECUTE \"\(name)\"\(arguments)")
        var lines: [String] = []
        for row in 0..<rows.count { lines.append(try rows.text(row, 0)) }
        return lines.joined(separator: "\n")
    }

    /// Whether running `sql` is refused, for want of rights or by row-level security.
    mutating func refuses(_ sql: String) throws(PostgresError) -> Bool {
        do throws(PostgresError) {
            _ = try self.ask(sql)
            return false
        } catch .refused("42501", _) {
            return true
        }
    }
}
