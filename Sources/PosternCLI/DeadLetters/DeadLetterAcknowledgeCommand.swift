internal import ArgumentParser
internal import PosternModel
internal import PosternStore

/// `postern deadletter acknowledge`.
struct DeadLetterAcknowledgeCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "acknowledge",
        abstract: "Mark open dead letters as seen.",
        discussion: "Example: postern deadletter acknowledge 0198c0de-0000-7000-8000-000000000001 --note 'asked acme'"
    )

    @Argument(help: "Their ids.") var ids: [String]
    @Option(help: "What to remember; kept with the letter and in the audit log.") var note: String?
    @OptionGroup var administration: AdministrationOptions
    @OptionGroup var output: OutputOptions

    mutating func run() async throws {
        let letters = try self.ids.map(DeadLetterFilterOptions.letter)
        let note = self.note
        try await DeadLetterStateChange.run(letters, self.administration, self.output, state: .acknowledged) {
            administration,
            letter,
            connection in
            try administration.acknowledge(letter, note: note, &connection, within: AdministrationOptions.limit)
        }
    }
}
