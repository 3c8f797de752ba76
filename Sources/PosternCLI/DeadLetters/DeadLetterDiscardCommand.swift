internal import ArgumentParser
internal import PosternModel
internal import PosternOperations
internal import PosternStore

/// `postern deadletter discard`.
struct DeadLetterDiscardCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "discard",
        abstract: "Give dead letters up; they stay, with the reason, and can be reopened.",
        discussion: """
            Examples:
              postern deadletter discard 0198c0de-0000-7000-8000-000000000001 --why 'sent by hand'
              postern deadletter discard --all --platform stripe --until 30d --why 'too old to matter' --dry-run
            """
    )

    @Argument(help: "Their ids.") var ids: [String] = []
    @Option(help: "Why; kept with the letter and in the audit log.") var why: String
    @Flag(help: "All that match the filters, as a job.") var all = false
    @OptionGroup var filters: DeadLetterFilterOptions
    @OptionGroup var bulk: BulkOptions
    @OptionGroup var administration: AdministrationOptions
    @OptionGroup var output: OutputOptions

    mutating func run() async throws {
        let why = self.why
        if why.isEmpty || why.utf8.count > 1000 {
            throw CommandFailure(code: "bad_option", message: "--why takes 1 to 1000 bytes")
        }
        guard self.all else {
            let letters = try DeadLetterTargets.letters(self.ids, self.filters)
            if self.bulk.dryRun {
                throw CommandFailure(code: "bad_option", message: "--dry-run goes with --all")
            }
            try await DeadLetterStateChange.run(letters, self.administration, self.output, state: .discarded) {
                administration,
                letter,
                connection in
                try administration.discard(letter, reason: why, &connection, within: AdministrationOptions.limit)
            }
            return
        }
        if !self.ids.isEmpty { throw CommandFailure(code: "bad_option", message: "--all excludes ids") }
        let filters = self.filters
        try await self.bulk.run(self.administration, self.output, verb: "discard", noun: "dead letters") {
            administration,
            connection in
            .discardDeadLetters(
                try filters.filter(states: DeadLetterState.unsettled, administration, &connection),
                reason: why
            )
        }
    }
}
