internal import ArgumentParser
internal import PosternJSON
internal import PosternModel
internal import PosternStore

/// `postern endpoint secrets`.
struct EndpointSecretsCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "secrets",
        abstract: "Show an endpoint's secrets, without their text: when each last proved a request.",
        discussion: """
            Gateways report matches every second; the times are to the minute. The 24 hours take in the whole hour in \
            which they began.

            Example: postern endpoint secrets abcdefghijklmnopqrstuvwxyz
            """
    )

    @Argument(help: "The endpoint's key, id or name.") var endpoint: String
    @OptionGroup var administration: AdministrationOptions
    @OptionGroup var output: OutputOptions

    mutating func run() async throws {
        let reference = self.endpoint
        let uses = try await self.administration.run { administration, connection in
            let limit = AdministrationOptions.limit
            let endpoint = try administration.endpoint(reference, &connection, within: limit).endpoint
            return try SecretMatches.read(endpoint.id, &connection, within: limit)
        }
        let table = SecretTable(uses)
        guard self.output.json else {
            table.printText()
            return
        }
        var writer = JSONWriter()
        table.write(to: &writer)
        print(writer.text)
    }
}
