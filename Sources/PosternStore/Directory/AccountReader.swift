internal import PosternModel
package import PosternPostgres

/// Reads which organization each mapped account belongs to, for endpoints that route by account.
///
/// For the consumer and the operator; the gateway's role may not. Blocking: connection threads only.
package enum AccountReader {
    /// Reads every mapping; rows whose platform has no possible name are left out, as no endpoint can have it.
    package static func load(
        _ connection: inout Connection,
        within: Duration
    ) throws(PostgresError) -> [AccountRecord] {
        let rows = try connection.query(DirectoryStatements.accounts, within: within)
        var accounts: [AccountRecord] = []
        accounts.reserveCapacity(rows.count)
        for row in 0..<rows.count {
            guard let platform = PlatformName(try rows.text(row, 0)) else { continue }
            accounts.append(
                AccountRecord(platform: platform, account: try rows.text(row, 1), organization: try rows.id(row, 2))
            )
        }
        return accounts
    }
}
