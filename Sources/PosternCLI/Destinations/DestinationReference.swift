internal import ArgumentParser
internal import PosternPostgres
internal import PosternStore

/// Which destination a command is about.
struct DestinationReference: ParsableArguments {
    @Argument(help: "The destination's name or id.") var destination: String
    @Option(help: "The organization's name or id, where several have a destination of this name.") var org: String?

    /// Finds it.
    ///
    /// - Throws: ``PosternStore/ConfigurationError``.
    func find(
        _ administration: Administration,
        _ connection: inout Connection
    ) throws(ConfigurationError) -> DestinationListing {
        let limit = AdministrationOptions.limit
        guard let org = self.org else {
            return try administration.destination(self.destination, &connection, within: limit)
        }
        let organization = try administration.organization(org, &connection, within: limit)
        return try administration.destination(self.destination, of: organization, &connection, within: limit)
    }
}
