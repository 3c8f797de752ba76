internal import ArgumentParser

/// `postern limits`.
struct LimitsCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "limits",
        abstract: "Show and set how many requests are taken.",
        subcommands: [LimitsShowCommand.self, LimitsListCommand.self, LimitsSetCommand.self]
    )
}
