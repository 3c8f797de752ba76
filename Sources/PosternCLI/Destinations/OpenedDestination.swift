internal import PosternModel
internal import PosternPostgres
internal import PosternStore

/// Reads a destination with its secrets opened, for a test event to be signed with them.
enum OpenedDestination {
    /// Reads it as the operator, with the key file.
    ///
    /// - Throws: ``CommandFailure`` when it is gone, or what is wrong with it.
    static func read(_ id: DestinationID, _ administration: AdministrationOptions) async throws -> DestinationRecord {
        let settings = try await administration.process.settings()
        let data = administration.process.dataDirectory
        let keyring = try KeyFile.read(settings.keyFile(dataDirectory: data))
        let address = try settings.database(role: "operator", dataDirectory: data)
        let contents = try await DatabaseSession.run(address: address) { connection in
            try DestinationReader.opened(id, opening: keyring, &connection, within: AdministrationOptions.limit)
        }
        guard let contents else {
            let gone = ConfigurationError.destinationNotFound("\(id)")
            throw CommandFailure(code: gone.code, message: gone.description)
        }
        guard let destination = contents.destinations.first else {
            let faults = contents.faults.map(\.description).joined(separator: "; ")
            throw CommandFailure(code: "destination_unusable", message: faults)
        }
        return destination
    }
}
