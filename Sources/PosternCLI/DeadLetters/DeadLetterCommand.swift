internal import ArgumentParser

/// `postern deadletter`.
struct DeadLetterCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "deadletter",
        abstract: "Review what could not be normalized or delivered: look, replay, discard.",
        discussion: """
            A dead letter is open until somebody acknowledges it, a replay resolves it, or it is discarded. With --all \
            the filters say which are meant, and a job does the work: see 'postern job'.
            """,
        subcommands: [
            DeadLetterListCommand.self, DeadLetterGroupsCommand.self, DeadLetterShowCommand.self,
            DeadLetterReplayCommand.self, DeadLetterDiscardCommand.self, DeadLetterAcknowledgeCommand.self,
            DeadLetterReopenCommand.self,
        ]
    )
}
