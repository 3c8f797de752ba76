internal import ArgumentParser
internal import PosternJSON
internal import PosternModel
internal import PosternPostgres
internal import PosternStore

/// `postern destination delete`.
struct DestinationDeleteCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "delete",
        abstract: "Delete a destination; what waits to be sent becomes dead letters.",
        discussion: """
            Events behind its cursors are not sent; they stay in the log. Dead letters stay, with the reason \
            destination_deleted for what waited. When it is interrupted, deleting by id again goes on.

            Example: postern destination delete shop --org acme
            """
    )

    @OptionGroup var reference: DestinationReference
    @OptionGroup var administration: AdministrationOptions
    @OptionGroup var output: OutputOptions

    mutating func run() async throws {
        let reference = self.reference
        let (id, deletion) = try await self.administration.run { administration, connection in
            let id = try Self.find(reference, administration, &connection)
            let progress = ProgressLine("dead letters")
            defer { progress.end() }
            let deletion = try administration.deleteDestination(id, &connection, within: AdministrationOptions.limit) {
                progress.show("\($0.buried + $0.reopened)")
            }
            return (id, deletion)
        }
        guard self.output.json else {
            print("destination \(id) deleted")
            if deletion.buried > 0 { print("  \(deletion.buried) waiting events became dead letters") }
            if deletion.reopened > 0 { print("  \(deletion.reopened) dead letters under replay are open again") }
            return
        }
        var writer = JSONWriter()
        writer.beginObject()
        writer.member("id", string: id.description)
        writer.member("buried", integer: deletion.buried)
        writer.member("reopened", integer: deletion.reopened)
        writer.endObject()
        print(writer.text)
    }

    /// Finds it, or takes an id as it is: of a destination whose deletion was interrupted no name is left.
    private static func find(
        _ reference: DestinationReference,
        _ administration: Administration,
        _ connection: inout Connection
    ) throws(ConfigurationError) -> DestinationID {
        do throws(ConfigurationError) {
            return try reference.find(administration, &connection).destination.id
        } catch {
            guard case .destinationNotFound = error, let id = DestinationID(text: reference.destination) else {
                throw error
            }
            return id
        }
    }
}
