internal import PosternModel
internal import PosternPostgres
internal import PosternStore

extension Administration {
    /// Finds a destination by its id as text, or by its name when only one has it.
    ///
    /// Throws ``CommandFailure``, `ConfigurationError` and `PostgresError`.
    func destination(
        named reference: String,
        of organization: OrganizationID?,
        _ connection: inout Connection
    ) throws -> DestinationRecord {
        let found = try DestinationReader.named(
            reference,
            of: organization,
            &connection,
            within: AdministrationOptions.limit
        )
        guard let first = found.first?.destination else { throw ConfigurationError.destinationNotFound(reference) }
        if found.count > 1, "\(first.id)" != reference.lowercased() {
            throw CommandFailure(
                code: "ambiguous",
                message: "several destinations are named '\(reference)': give the id, or the organization with --org"
            )
        }
        return first
    }
    /// Finds the destination that dead letters name, like ``destination(named:of:_:)``; by its id a deleted one too.
    ///
    /// Throws ``CommandFailure``, `ConfigurationError` and `PostgresError`.
    func letterDestination(
        named reference: String,
        of organization: OrganizationID?,
        _ connection: inout Connection
    ) throws -> (id: DestinationID, organization: OrganizationID) {
        if let id = DestinationID(text: reference) {
            let names = try ReviewNames.read(
                organizations: [],
                destinations: [id],
                &connection,
                within: AdministrationOptions.limit
            )
            if let found = names.destinations[id], organization == nil || organization == found.organization {
                return (id, found.organization)
            }
        }
        let found = try self.destination(named: reference, of: organization, &connection)
        return (found.id, found.organization)
    }
}
