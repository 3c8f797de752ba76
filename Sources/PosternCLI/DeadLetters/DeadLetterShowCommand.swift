internal import ArgumentParser
internal import PosternModel
internal import PosternStore

/// `postern deadletter show`.
struct DeadLetterShowCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "show",
        abstract: "Show one dead letter: payload, headers, every attempt, and what was done to it.",
        discussion: """
            Examples:
              postern deadletter show 0198c0de-0000-7000-8000-000000000001
              postern deadletter show 0198c0de-0000-7000-8000-000000000001 --payload > body.json
            """
    )

    @Argument(help: "Its id.") var id: String
    @Flag(help: "Print the payload's bytes and nothing else: to edit them and replay.") var payload = false
    @OptionGroup var administration: AdministrationOptions
    @OptionGroup var output: OutputOptions

    mutating func run() async throws {
        let id = try DeadLetterFilterOptions.letter(self.id)
        let (letter, history, names) = try await self.administration.run { _, connection in
            let limit = AdministrationOptions.limit
            guard let letter = try DeadLetterReader.find(id, &connection, within: limit) else {
                throw ConfigurationError.review(.notFound(id))
            }
            let names = try ReviewNames.read(
                organizations: [letter.listing.organization],
                destinations: [letter.listing.destination].compactMap(\.self),
                &connection,
                within: limit
            )
            return (letter, try DeadLetterReader.history(of: id, &connection, within: limit), names)
        }
        if self.payload {
            Terminal.write(letter.payload)
        } else {
            DeadLetterReport(letter, history, names).show(asJSON: self.output.json)
        }
    }
}
