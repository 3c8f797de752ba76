internal import ArgumentParser
internal import PosternModel
internal import PosternStore

/// `postern job cancel`.
struct JobCancelCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "cancel",
        abstract: "End a job; what it has done stays done.",
        discussion: "Example: postern job cancel 0198c0de-0000-7000-8000-000000000001"
    )

    @Argument(help: "Its id.") var id: String
    @OptionGroup var administration: AdministrationOptions
    @OptionGroup var output: OutputOptions

    mutating func run() async throws {
        let id = try JobReport.job(self.id)
        let job = try await self.administration.run { administration, connection in
            let limit = AdministrationOptions.limit
            try administration.cancelJob(id, &connection, within: limit)
            guard let job = try JobReader.find(id, &connection, within: limit) else {
                throw ConfigurationError.job(.notFound(id))
            }
            return job
        }
        JobReport.show(job, asJSON: self.output.json)
    }
}
