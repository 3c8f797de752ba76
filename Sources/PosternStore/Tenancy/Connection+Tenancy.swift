package import PosternModel
package import PosternPostgres

extension Connection {
    /// Runs `body` in a transaction that sees the rows of one organization only, for a session of `postern_admin`.
    ///
    /// Throws what `body` throws, after rolling back; and ``PostgresError/refused(sqlstate:message:)`` when an
    /// organization is set on the session or the enclosing transaction already, so that nothing leaks through a
    /// connection that many share.
    package mutating func transaction<Value: ~Copyable>(
        for organization: OrganizationID,
        within: Duration,
        _ body: (inout TenantTransaction) throws(PostgresError) -> Value
    ) throws(PostgresError) -> Value {
        try self.transaction(opening: Self.opening(organization), within: within) {
            (connection: inout Connection) throws(PostgresError) -> Value in
            var tenant = TenantTransaction(organization, over: connection)
            do throws(PostgresError) {
                let value = try body(&tenant)
                connection = tenant.release()
                return value
            } catch {
                connection = tenant.release()
                throw error
            }
        }
    }

    /// The one place where a value becomes part of a statement's text: `SET` takes no parameters, and the text of an
    /// identifier is 36 hexadecimal digits and hyphens whatever it was made from.
    ///
    /// `SET LOCAL` and not `set_config()`: a Citus coordinator hands only the former on to its workers.
    private static func opening(_ organization: OrganizationID) -> String {
        """
        BEGIN;
        DO $$ BEGIN
            IF NULLIF(current_setting('app.current_org_id', true), '') IS NOT NULL THEN
                RAISE EXCEPTION 'an organization is set on this session already' USING ERRCODE = '25001';
            END IF;
        END $$;
        SET LOCAL app.current_org_id = '\(organization)'
        """
    }
}
