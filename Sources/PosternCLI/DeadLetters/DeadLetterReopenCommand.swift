internal import ArgumentParser
internal import PosternModel
internal import PosternOperations
internal import PosternStore

/// `postern deadletter reopen`.
struct DeadLetterReopenCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "reopen",
        abstract: "Open dead letters again that were acknowledged, discarded or resolved.",
        discussion: """
            Examples:
              postern deadletter reopen 0198c0de-0000-7000-8000-000000000001
              postern deadletter reopen --all --state discarded --platform stripe --since 7d --dry-run
            """
    )

    @Argument(help: "Their ids.") var ids: [String] = []
    @Option(help: "Why; kept with the letter and in the audit log.") var note: String?
    @Flag(help: "All that match the filters, as a job.") var all = false
    @Option(help: "With --all: those acknowledged, discarded or resolved; discarded unless said. May be repeated.")
    var state: [String] = []
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
        if !self.state.isEmpty { throw CommandFailure(code: "bad_option", message: "--state goes with --all") }
        try await DeadLetterStateChange.run(letters, self.administration, self.output, state: .open) {
            administration,
            letter,
            connection in
            try administration.reopen(letter, note: note, &connection, within: AdministrationOptions.limit)
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
        let states = try DeadLetterFilterOptions.states(self.state, otherwise: [.discarded])
        if states.contains(.open) {
            throw CommandFailure(code: "bad_option", message: "--state open is not to be reopened: it is open")
        }
        let (filters, note) = (self.filters, self.note)
        try await self.bulk.run(self.administration, self.output, verb: "reopen", noun: "dead letters") {
            administration,
            connection in
            .reopenDeadLetters(try filters.filter(states: states, administration, &connection), note: note)
        }
    }
}
