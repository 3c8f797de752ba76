internal import ArgumentParser

/// `postern events`.
struct EventsCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "events",
        abstract: "Read the normalized events.",
        subcommands: [EventsListCommand.self, EventsTailCommand.self]
    )
}
