internal import ArgumentParser
internal import PosternModel
internal import PosternStore

/// `postern job show`.
struct JobShowCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "show",
        abstract: "Show one job.",
        discussion: "Example: postern job show 0198c0de-0000-7000-8000-000000000001"
    )

    @Argument(help: "Its id.") var id: String
    @OptionGroup var administration: AdministrationOptions
    @OptionGroup var output: OutputOptions

    mutating func run() async throws {
        let id = try JobReport.job(self.id)
        let job = try await self.administration.run { _, connection in
            guard let job = try JobReader.find(id, &connection, within: AdministrationOptions.limit) else {
                throw ConfigurationError.job(.notFound(id))
            }
            return job
        }
        JobReport.show(job, asJSON: self.output.json)
    }
}
