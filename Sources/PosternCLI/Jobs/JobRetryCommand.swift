internal import ArgumentParser
internal import PosternModel
internal import PosternStore

/// `postern job retry`.
struct JobRetryCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "retry",
        abstract: "Take a job up again that failed or was canceled, behind the last item it has done.",
        discussion: "Example: postern job retry 0198c0de-0000-7000-8000-000000000001"
    )

    @Argument(help: "Its id.") var id: String
    @OptionGroup var administration: AdministrationOptions
    @OptionGroup var output: OutputOptions

    mutating func run() async throws {
        let id = try JobReport.job(self.id)
        let job = try await self.administration.run { administration, connection in
            let limit = AdministrationOptions.limit
            try administration.retryJob(id, &connection, within: limit)
            guard let job = try JobReader.find(id, &connection, within: limit) else {
                throw ConfigurationError.job(.notFound(id))
            }
            return job
        }
        JobReport.show(job, asJSON: self.output.json)
    }
}
