import PosternModel
import PosternPostgres
import PosternStore
import Testing

/// An endpoint to administer, and what the audit log says of it.
enum OrdersEndpoint {
    /// Runs a test with an organization named "acme" and an endpoint "orders" without secrets.
    static func with(
        _ body: @escaping @Sendable (Administration, EndpointRecord, inout Connection) throws -> Void
    ) async throws {
        try await StoreDatabase.with { database in
            let administration = try SealingKeys.administration()
            var connection = try database.connect(.operator)
            let organization = try administration.createOrganization(
                name: "acme",
                &connection,
                within: StoreDatabase.deadline
            )
            let endpoint = try administration.createEndpoint(
                NewEndpoint(organization: organization, platform: try #require(PlatformName("github")), name: "orders"),
                &connection,
                within: StoreDatabase.deadline
            )
            try body(administration, endpoint, &connection)
        }
    }

    /// `act subject before after` of the audit log, oldest first.
    static func audit(_ connection: inout Connection) throws -> [String] {
        try connection.texts(
            "SELECT concat_ws(' | ', act, subject, who, origin, before, after) FROM postern.audit_log ORDER BY id"
        )
    }
}
