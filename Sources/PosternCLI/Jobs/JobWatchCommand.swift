internal import ArgumentParser

/// `postern job watch`.
struct JobWatchCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "watch",
        abstract: "Follow a job to its end.",
        discussion: """
            Exits with 1 when the job fails or is canceled. An interrupt ends the watching, not the job.

            Example: postern job watch 0198c0de-0000-7000-8000-000000000001
            """
    )

    @Argument(help: "Its id.") var id: String
    @OptionGroup var administration: AdministrationOptions
    @OptionGroup var output: OutputOptions

    mutating func run() async throws {
        try await JobWatch.run(try JobReport.job(self.id), self.administration, self.output)
    }
}
