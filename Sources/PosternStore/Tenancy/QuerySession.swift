package import PosternPostgres

/// What a reading statement needs: a connection, or a transaction of one organization.
///
/// Blocking: connection threads only.
package protocol QuerySession: ~Copyable {
    /// Sends one prepared statement and waits for its rows.
    mutating func query(
        _ statement: Statement,
        _ parameters: borrowing ParameterBuffer,
        within: Duration
    ) throws(PostgresError) -> Rows
}

extension Connection: QuerySession {}
