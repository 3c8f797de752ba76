internal import ArgumentParser
internal import PosternJSON
internal import PosternModel
internal import PosternStore

/// `postern endpoint disable`.
struct EndpointDisableCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "disable",
        abstract: "Refuse requests to an endpoint; its stored deliveries stay.",
        discussion: "Example: postern endpoint disable abcdefghijklmnopqrstuvwxyz"
    )

    @Argument(help: "The endpoint's key, id or name.") var endpoint: String
    @OptionGroup var administration: AdministrationOptions
    @OptionGroup var output: OutputOptions

    mutating func run() async throws {
        try await EndpointState.set(.disabled, self.endpoint, self.administration, self.output)
    }
}

/// `postern endpoint enable`.
struct EndpointEnableCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "enable",
        abstract: "Take requests to a disabled endpoint again.",
        discussion: "Example: postern endpoint enable abcdefghijklmnopqrstuvwxyz"
    )

    @Argument(help: "The endpoint's key, id or name.") var endpoint: String
    @OptionGroup var administration: AdministrationOptions
    @OptionGroup var output: OutputOptions

    mutating func run() async throws {
        try await EndpointState.set(.enabled, self.endpoint, self.administration, self.output)
    }
}

/// What enabling and disabling share.
private enum EndpointState {
    static func set(
        _ state: EndpointRecord.State,
        _ reference: String,
        _ administration: AdministrationOptions,
        _ output: OutputOptions
    ) async throws {
        let endpoint = try await administration.run { administration, connection in
            let limit = AdministrationOptions.limit
            let listing = try administration.endpoint(reference, &connection, within: limit)
            try administration.setState(state, of: listing.endpoint.id, &connection, within: limit)
            return listing.endpoint
        }
        guard output.json else {
            print("endpoint \(endpoint.name) (\(endpoint.platform)) is \(state.rawValue)")
            return
        }
        var writer = JSONWriter()
        writer.beginObject()
        writer.member("id", string: endpoint.id.description)
        writer.member("state", string: state.rawValue)
        writer.endObject()
        print(writer.text)
    }
}
