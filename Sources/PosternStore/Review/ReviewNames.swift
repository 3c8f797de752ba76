package import PosternModel
package import PosternPostgres

/// What people call the organizations and destinations that dead letters name, deleted ones included.
package struct ReviewNames: Sendable, Equatable {
    /// A destination, there or deleted.
    package struct Destination: Sendable, Equatable {
        package let name: String
        package let organization: OrganizationID
        package let isDeleted: Bool
    }

    /// By identifier; one that the session does not see is missing.
    package private(set) var destinations: [DestinationID: Destination] = [:]
    /// By identifier; one that the session does not see is missing.
    package private(set) var organizations: [OrganizationID: String] = [:]

    private static let destinationNames = Statement(
        "review_destination_names",
        "SELECT id, name, org_id, deleted_at IS NOT NULL FROM postern.destinations WHERE id = ANY ($1)",
        [.uuidArray]
    )

    private static let organizationNames = Statement(
        "review_organization_names",
        "SELECT id, name FROM postern.organizations WHERE id = ANY ($1)",
        [.uuidArray]
    )

    /// Looks names up: two statements for any number.
    ///
    /// Blocking: connection threads only.
    ///
    /// - Throws: any ``PostgresError``.
    package static func read<Session: QuerySession & ~Copyable>(
        organizations: some Sequence<OrganizationID>,
        destinations: some Sequence<DestinationID>,
        _ session: inout Session,
        within: Duration
    ) throws(PostgresError) -> ReviewNames {
        var names = ReviewNames()
        var parameters = ParameterBuffer()
        parameters.append(Array(Set(destinations)))
        let found = try session.query(Self.destinationNames, parameters, within: within)
        for row in 0..<found.count {
            names.destinations[try found.id(row, 0)] = Destination(
                name: try found.text(row, 1),
                organization: try found.id(row, 2),
                isDeleted: try found.bool(row, 3)
            )
        }
        parameters.removeAll()
        parameters.append(Array(Set(organizations)))
        let owners = try session.query(Self.organizationNames, parameters, within: within)
        for row in 0..<owners.count { names.organizations[try owners.id(row, 0)] = try owners.text(row, 1) }
        return names
    }
}
