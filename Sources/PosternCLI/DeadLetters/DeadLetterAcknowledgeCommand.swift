internal import ArgumentParser
internal import PosternModel
internal import PosternOperations
internal import PosternStore

/// `postern deadletter acknowledge`.
struct DeadLetterAcknowledgeCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "acknowledge",
        abstract: "Mark open dead letters as seen.",
        discussion: """
            Examples:
              postern deadletter acknowledge 0198c0de-0000-7000-8000-000000000001 --note 'asked acme'
              postern deadletter acknowledge --all --org acme --reason http_4xx --dry-run
            """
    )

    @Argument(help: "Their ids.") var ids: [String] = []
    @Option(help: "What to remember; kept with the letter and in the audit log.") var note: String?
    @Flag(help: "All that match the filters, as a job.") var all = false
    @OptionGroup var filters: DeadLetterFilterOptions
    @OptionGroup var bulk: BulkOptions
    @OptionGroup var administration: AdministrationOptions
    @OptionGroup var output: OutputOptions

    mutating func run() async throws {
        let note = self.note
        guard !self.all else {
            try await self.runAll()
            return
        }
        let letters = try DeadLetterTargets.letters(self.ids, self.filters)
        if self.bulk.dryRun { throw CommandFailure(code: "bad_option", message: "--dry-run goes with --all") }
        try await DeadLetterStateChange.run(letters, self.administration, self.output, state: .acknowledged) {
            administration,
            letter,
            connection in
            try administration.acknowledge(letter, note: note, &connection, within: AdministrationOptions.limit)
        }
    }

    /// Asks for the job.
    ///
    /// Throws ``CommandFailure``.
    private func runAll() async throws {
        if !self.ids.isEmpty { throw CommandFailure(code: "bad_option", message: "--all excludes ids") }
        if let note = self.note, note.isEmpty || note.utf8.count > 1000 {
            throw CommandFailure(code: "bad_option", message: "--note takes 1 to 1000 bytes")
        }
        let (filters, note) = (self.filters, self.note)
        try await self.bulk.run(self.administration, self.output, verb: "acknowledge", noun: "dead letters") {
            administration,
            connection in
            .acknowledgeDeadLetters(try filters.filter(states: [.open], administration, &connection), note: note)
        }
    }
}
