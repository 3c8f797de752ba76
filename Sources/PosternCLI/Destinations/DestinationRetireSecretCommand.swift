internal import ArgumentParser
internal import PosternJSON
internal import PosternModel
internal import PosternStore

/// `postern destination retire-secret`.
struct DestinationRetireSecretCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "retire-secret",
        abstract: "End a signing secret or a header at once.",
        discussion: """
            'postern destination secrets' shows them. The last signing secret stays: requests are never sent unsigned.

            Example: postern destination retire-secret shop 019aa000-0000-7000-8000-000000000001
            """
    )

    @OptionGroup var reference: DestinationReference
    @Argument(help: "The secret's id.") var secret: String
    @OptionGroup var administration: AdministrationOptions
    @OptionGroup var output: OutputOptions

    mutating func run() async throws {
        let reference = self.reference
        let text = self.secret
        try await self.administration.run { administration, connection in
            let destination = try reference.find(administration, &connection).destination
            guard let id = SecretID(text: text) else { throw ConfigurationError.destinationSecretNotFound(text) }
            try administration.retireDestinationSecret(
                id,
                of: destination.id,
                &connection,
                within: AdministrationOptions.limit
            )
        }
        guard self.output.json else {
            print("secret \(text) is used no more")
            return
        }
        var writer = JSONWriter()
        writer.beginObject()
        writer.member("id", string: text)
        writer.member("state", string: SecretListing.State.revoked.rawValue)
        writer.endObject()
        print(writer.text)
    }
}
