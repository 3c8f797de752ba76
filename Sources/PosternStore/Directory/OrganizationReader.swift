internal import PosternModel
package import PosternPostgres

/// Reads the organizations with the limits in force for them.
///
/// Blocking: connection threads only.
package enum OrganizationReader {
    /// Reads every organization the role may see, by name.
    package static func load(
        _ connection: inout Connection,
        within: Duration
    ) throws(PostgresError) -> [OrganizationRecord] {
        let rows = try connection.query(DirectoryStatements.organizations, within: within)
        var organizations: [OrganizationRecord] = []
        organizations.reserveCapacity(rows.count)
        for row in 0..<rows.count {
            organizations.append(
                OrganizationRecord(
                    id: try rows.id(row, 0),
                    name: try rows.text(row, 1),
                    tier: try rows.text(row, 2),
                    requestsPerMinute: try rows.int32OrNil(row, 3),
                    burst: try rows.int32OrNil(row, 4),
                    createdAt: try rows.timestamp(row, 5)
                )
            )
        }
        return organizations
    }
}
