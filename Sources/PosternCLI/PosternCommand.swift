package import ArgumentParser

/// `postern`: every process and tool, as subcommands.
package struct PosternCommand: AsyncParsableCommand {
    package static let configuration = CommandConfiguration(
        commandName: "postern",
        abstract: "A gate for webhooks: proves who sent them, commits them, answers, normalizes them.",
        discussion: """
            Start with 'postern up': it runs everything on this machine and prints a first request to send.

            Settings come from the environment (POSTERN_DATABASE, POSTERN_KEY_FILE, …) over the YAML file named by \
            POSTERN_CONFIG over defaults. Without POSTERN_DATABASE the tools use the cluster that 'postern up' keeps.
            """,
        version: PosternVersion.text,
        subcommands: [
            UpCommand.self, GatewayCommand.self, ConsumerCommand.self, MigrateCommand.self, OrganizationCommand.self,
            EndpointCommand.self, LimitsCommand.self, SendCommand.self, EventsCommand.self, PlatformsCommand.self,
            DestinationCommand.self, DeadLetterCommand.self, JobCommand.self, VerifyCommand.self,
        ]
    )

    package init() {}
}
