package import PosternModel
package import PosternPostgres

/// Reads what routing and normalizing need to know of a few endpoints and accounts.
///
/// Blocking: connection threads only.
package enum RoutingReader {
    private static let endpoints = Statement(
        "routing_endpoints",
        "SELECT \(EndpointRecord.columns) FROM postern.endpoints e WHERE e.id = ANY ($1)",
        [.uuidArray]
    )

    private static let accounts = Statement(
        "routing_accounts",
        "SELECT account, org_id FROM postern.accounts WHERE platform = $1 AND account = ANY ($2)",
        [.text, .textArray]
    )

    /// Reads the endpoints with these identifiers, without secrets; those that are not there, or hold values this
    /// program cannot work with, are left out.
    package static func endpoints(
        _ ids: [EndpointID],
        _ connection: inout Connection,
        within: Duration
    ) throws(PostgresError) -> [EndpointRecord] {
        var parameters = ParameterBuffer()
        parameters.append(ids)
        let rows = try connection.query(Self.endpoints, parameters, within: within)
        var endpoints: [EndpointRecord] = []
        endpoints.reserveCapacity(rows.count)
        for row in 0..<rows.count {
            if case .success(let record) = try EndpointRecord.read(rows, row) { endpoints.append(record) }
        }
        return endpoints
    }

    /// Reads which organizations these accounts of one platform belong to; accounts without one are left out.
    package static func organizations(
        of accounts: [String],
        platform: String,
        _ connection: inout Connection,
        within: Duration
    ) throws(PostgresError) -> [String: OrganizationID] {
        var parameters = ParameterBuffer()
        parameters.append(platform)
        parameters.append(accounts)
        let rows = try connection.query(Self.accounts, parameters, within: within)
        var organizations: [String: OrganizationID] = [:]
        for row in 0..<rows.count { organizations[try rows.text(row, 0)] = try rows.id(row, 1) }
        return organizations
    }
}
