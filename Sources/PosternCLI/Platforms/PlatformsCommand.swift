internal import ArgumentParser

/// `postern platforms`: what is known of each platform, and checks of definitions.
struct PlatformsCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "platforms",
        abstract: "Show, check and try platform definitions.",
        subcommands: [
            PlatformsListCommand.self, PlatformsShowCommand.self, PlatformsCheckCommand.self,
            PlatformsVerifyCommand.self,
            PlatformsNormalizeCommand.self,
        ]
    )
}
