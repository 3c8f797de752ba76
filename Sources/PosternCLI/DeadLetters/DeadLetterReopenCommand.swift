internal import ArgumentParser
internal import PosternModel
internal import PosternStore

/// `postern deadletter reopen`.
struct DeadLetterReopenCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "reopen",
        abstract: "Open dead letters again that were acknowledged, discarded or resolved.",
        discussion: "Example: postern deadletter reopen 0198c0de-0000-7000-8000-000000000001"
    )

    @Argument(help: "Their ids.") var ids: [String]
    @Option(help: "Why; kept with the letter and in the audit log.") var note: String?
    @OptionGroup var administration: AdministrationOptions
    @OptionGroup var output: OutputOptions

    mutating func run() async throws {
        let letters = try self.ids.map(DeadLetterFilterOptions.letter)
        let note = self.note
        try await DeadLetterStateChange.run(letters, self.administration, self.output, state: .open) {
            administration,
            letter,
            connection in
            try administration.reopen(letter, note: note, &connection, within: AdministrationOptions.limit)
        }
    }
}
