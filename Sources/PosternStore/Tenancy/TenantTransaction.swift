package import PosternModel
package import PosternPostgres

/// A transaction that sees the rows of one organization and nothing else.
///
/// Row-level security does it: the transaction carries the organization in `app.current_org_id`, and the policies of
/// `postern_admin` compare. There is no way to set another organization while it lasts, and the setting ends with it.
/// Only ``PosternPostgres/Connection/transaction(for:within:_:)`` makes one. Blocking: connection threads only.
package struct TenantTransaction: ~Copyable, QuerySession {
    /// Whose rows are seen.
    package let organization: OrganizationID
    private var connection: Connection

    init(_ organization: OrganizationID, over connection: consuming Connection) {
        self.organization = organization
        self.connection = connection
    }

    package mutating func query(
        _ statement: Statement,
        _ parameters: borrowing ParameterBuffer,
        within: Duration
    ) throws(PostgresError) -> Rows {
        try self.connection.query(statement, parameters, within: within)
    }

    /// Sends several statements at once; they are committed with the transaction.
    package mutating func pipeline(
        within: Duration,
        _ body: (inout Pipeline) throws(PostgresError) -> Void
    ) throws(PostgresError) -> [Rows] {
        try self.connection.pipeline(within: within, body)
    }

    consuming func release() -> Connection { self.connection }
}
