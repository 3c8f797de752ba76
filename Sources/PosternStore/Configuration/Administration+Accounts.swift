package import PosternModel
package import PosternPostgres

extension Administration {
    private static let map = Statement(
        "account_map",
        """
        INSERT INTO postern.accounts (platform, account, org_id) VALUES ($1, $2, $3)
        ON CONFLICT (platform, account) DO UPDATE SET org_id = excluded.org_id
        WHERE accounts.org_id = excluded.org_id RETURNING org_id
        """,
        [.text, .text, .uuid]
    )

    /// Gives a platform's account to an organization; giving it to the same one again changes nothing.
    ///
    /// - Throws: ``ConfigurationError``: `organizationNotFound`, `accountTaken`, `invalid` or `database`.
    package func mapAccount(
        _ account: String,
        on platform: PlatformName,
        to organization: OrganizationID,
        _ connection: inout Connection,
        within: Duration
    ) throws(ConfigurationError) {
        if account.isEmpty { throw .invalid(field: "account", reason: "is empty") }
        try self.act(&connection, subject: "\(organization)", within: within) { connection throws(ConfigurationError) in
            let rows = try Self.run(Self.map, &connection, within: within) { parameters in
                parameters.append(platform.text)
                parameters.append(account)
                parameters.append(organization)
            }
            if rows.count == 0 { throw .accountTaken(platform: platform.text, account: account) }
            try self.audit(
                .mapAccount,
                of: "\(platform) \(account)",
                organization: organization,
                &connection,
                within: within
            )
        }
    }

    private static let unmap = Statement(
        "account_unmap",
        "DELETE FROM postern.accounts WHERE platform = $1 AND account = $2 RETURNING org_id",
        [.text, .text]
    )

    /// Takes an account from its organization; its events belong to nobody until it is mapped again.
    ///
    /// - Throws: ``ConfigurationError/accountNotFound(platform:account:)`` or ``ConfigurationError/database(_:)``.
    package func unmapAccount(
        _ account: String,
        on platform: PlatformName,
        _ connection: inout Connection,
        within: Duration
    ) throws(ConfigurationError) {
        try self.act(&connection, subject: account, within: within) { connection throws(ConfigurationError) in
            let rows = try Self.run(Self.unmap, &connection, within: within) { parameters in
                parameters.append(platform.text)
                parameters.append(account)
            }
            guard rows.count > 0 else { throw .accountNotFound(platform: platform.text, account: account) }
            let organization: OrganizationID = try Self.read { () throws(PostgresError) in try rows.id(0, 0) }
            try self.audit(
                .unmapAccount,
                of: "\(platform) \(account)",
                organization: organization,
                &connection,
                within: within
            )
        }
    }

    /// Reads every mapping.
    ///
    /// - Throws: ``ConfigurationError/database(_:)``.
    package func accounts(
        _ connection: inout Connection,
        within: Duration
    ) throws(ConfigurationError) -> [AccountRecord] {
        try Self.read { () throws(PostgresError) in try AccountReader.load(&connection, within: within) }
    }
}
