internal import ArgumentParser

/// `postern destination`.
struct DestinationCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "destination",
        abstract: "Create and manage destinations: where an organization's events go.",
        discussion: """
            A destination gets the events stored after it was made, those of its subscriptions or all of them: as signed \
            requests (http), as notices on a channel of the database (postgres-notify), or, of kind alert, what \
            administrators must know.
            """,
        subcommands: [
            DestinationCreateCommand.self, DestinationListCommand.self, DestinationShowCommand.self,
            DestinationChangeCommand.self, DestinationProbeCommand.self, DestinationSubscribeCommand.self,
            DestinationUnsubscribeCommand.self, DestinationSecretsCommand.self, DestinationRotateSecretCommand.self,
            DestinationRetireSecretCommand.self, DestinationPauseCommand.self, DestinationResumeCommand.self,
            DestinationDisableCommand.self, DestinationEnableCommand.self, DestinationDeleteCommand.self,
        ]
    )
}
