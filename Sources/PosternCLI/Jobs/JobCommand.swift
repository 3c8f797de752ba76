internal import ArgumentParser

/// `postern job`.
struct JobCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "job",
        abstract: "See and steer what runs in the background: bulk replays and the like.",
        discussion: """
            Consumers run the jobs. One that is killed half-way goes on in another consumer, behind the last item that \
            was done.
            """,
        subcommands: [
            JobListCommand.self, JobShowCommand.self, JobWatchCommand.self, JobCancelCommand.self,
            JobRetryCommand.self,
        ]
    )
}
