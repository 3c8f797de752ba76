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
            var connection = try database.connect(.operator)
            let endpoint = try Self.make(&connection)
            let administration = try SealingKeys.administration()
            try body(administration, endpoint, &connection)
        }
    }

    /// Makes an organization with an endpoint "orders"; for a session of the operator.
    static func make(organization name: String = "acme", _ connection: inout Connection) throws -> EndpointRecord {
        let administration = try SealingKeys.administration()
        let organization = try administration.createOrganization(
            name: name,
            &connection,
            within: StoreDatabase.deadline
        )
        return try administration.createEndpoint(
            NewEndpoint(organization: organization, platform: try #require(PlatformName("github")), name: "orders"),
            &connection,
            within: StoreDatabase.deadline
        )
    }

    /// `act subject before after` of the audit log, oldest first.
    static func audit(_ connection: inout Connection) throws -> [String] {
        try connection.texts(
            "SELECT concat_ws(' | ', act, subject, who, origin, before, after) FROM postern.audit_log ORDER BY id"
        )
    }
}
