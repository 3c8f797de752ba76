internal import ArgumentParser

/// `postern endpoint`.
struct EndpointCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "endpoint",
        abstract: "Create and manage endpoints: one URL per organization, platform and purpose.",
        subcommands: [
            EndpointCreateCommand.self, EndpointListCommand.self, EndpointDisableCommand.self,
            EndpointEnableCommand.self, EndpointConfigureCommand.self, EndpointSecretsCommand.self,
            EndpointRotateSecretCommand.self, EndpointRetireSecretCommand.self, EndpointRejectionsCommand.self,
            EndpointReverifyCommand.self,
        ]
    )
}
