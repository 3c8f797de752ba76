internal import ArgumentParser
internal import PosternJSON
internal import PosternModel
internal import PosternStore

/// `postern job list`.
struct JobListCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "list",
        abstract: "List jobs, the newest first.",
        discussion: "Example: postern job list --unfinished"
    )

    @Option(help: "Only those about this organization, by name or id.") var org: String?
    @Option(help: "Only those of this type, such as replay-dead-letters.") var type: String?
    @Flag(help: "Only those that wait or run.") var unfinished = false
    @Option(help: "Only those older than the job with this id.") var before: String?
    @Option(help: "How many, 1 to 1000.") var limit = 50
    @OptionGroup var administration: AdministrationOptions
    @OptionGroup var output: OutputOptions

    mutating func run() async throws {
        guard (1...1000).contains(self.limit) else {
            throw CommandFailure(code: "bad_option", message: "--limit is \(self.limit), must be 1 to 1000")
        }
        let kind = try self.type.map { text in
            guard let kind = JobKind(rawValue: text) else {
                let known = JobKind.allCases.map(\.rawValue).joined(separator: ", ")
                throw CommandFailure(code: "bad_option", message: "--type is one of \(known), not '\(text)'")
            }
            return kind
        }
        let cursor = try self.before.map(JobReport.job)
        let (reference, unfinished, limit) = (self.org, self.unfinished, self.limit)
        let jobs = try await self.administration.run { administration, connection in
            let within = AdministrationOptions.limit
            let organization = try reference.map { text in
                try administration.organization(text, &connection, within: within)
            }
            return try JobReader.list(
                of: organization,
                kind: kind,
                unfinishedOnly: unfinished,
                before: cursor,
                limit: limit,
                &connection,
                within: within
            )
        }
        guard self.output.json else {
            var table = TextTable("CREATED", "TYPE", "STATUS", "DONE", "BY", "RESULT", "ID")
            for job in jobs {
                table.add(
                    "\(job.createdAt)",
                    job.type,
                    job.status.rawValue,
                    "\(job.done)/\(job.total)",
                    PrintableText.escape(job.who),
                    job.counts.isEmpty ? "-" : JobReport.counts(job),
                    "\(job.id)"
                )
            }
            print(table.text)
            return
        }
        var writer = JSONWriter()
        writer.beginArray()
        for job in jobs {
            writer.beginObject()
            JobReport.write(job, into: &writer)
            writer.endObject()
        }
        writer.endArray()
        print(writer.text)
    }
}
