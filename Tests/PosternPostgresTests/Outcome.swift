import PosternPostgres
import PosternTesting

/// Runs a call and says how it ended in one word or two, such as `done`, `refused 42601` or `deadline`.
func outcome(_ body: () throws -> some Any) -> String {
    do {
        _ = try body()
        return "done"
    } catch {
        return word(for: error)
    }
}

/// The same for asynchronous calls.
func outcome(_ body: () async throws -> some Any) async -> String {
    do {
        _ = try await body()
        return "done"
    } catch {
        return word(for: error)
    }
}

private func word(for error: any Error) -> String {
    switch error as? PostgresError {
    case .unreachable: "unreachable"
    case .retry(let sqlstate, _): "retry \(sqlstate)"
    case .conflict(let sqlstate, let constraint, _): "conflict \(sqlstate) \(constraint ?? "-")"
    case .refused(let sqlstate, _): "refused \(sqlstate)"
    case .deadline: "deadline"
    case nil: "other: \(error)"
    }
}

/// A configuration for tests: patient with cancellations, because the machine may be busy.
func configuration(_ address: String) -> ConnectionConfiguration {
    ConnectionConfiguration(address: address, connectTimeout: .seconds(30), cancelTimeout: .seconds(20))
}

/// Lends a connection to the shared test server on a thread of its own.
func withConnection<Value: Sendable>(
    _ body: @escaping @Sendable (inout Connection) throws -> Value
) async throws -> Value {
    let address = try TestDatabase.required().address
    return try await onThread {
        var connection = try Connection(configuration(address))
        return try body(&connection)
    }
}

extension Connection {
    /// Runs a query that gives one number.
    mutating func number(_ statement: Statement) throws -> Int64 {
        try self.query(statement, within: .seconds(20)).int64(0, 0)
    }
}
