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
}
