internal import ArgumentParser

/// `postern events`.
struct EventsCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "events",
        abstract: "Read the normalized events, and send them once more.",
        subcommands: [
            EventsListCommand.self, EventsTailCommand.self, EventsReplayCommand.self, EventsRenormalizeCommand.self,
        ]
    )
}
