internal import ArgumentParser
internal import PosternJSON
internal import PosternModel
internal import PosternPostgres
internal import PosternStore

/// `postern destination pause`.
struct DestinationPauseCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "pause",
        abstract: "Hold a destination's events back in the log until it is resumed.",
        discussion: "Example: postern destination pause shop"
    )

    @OptionGroup var reference: DestinationReference
    @OptionGroup var administration: AdministrationOptions
    @OptionGroup var output: OutputOptions

    mutating func run() async throws {
        try await StateCommand.run(self.reference, self.administration, self.output) {
            administration,
            id,
            connection throws(ConfigurationError) in
            try administration.pauseDestination(id, &connection, within: AdministrationOptions.limit)
        }
    }
}

/// `postern destination resume`.
struct DestinationResumeCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "resume",
        abstract: "Send to a destination again, and close its circuit.",
        discussion: "Example: postern destination resume shop"
    )

    @OptionGroup var reference: DestinationReference
    @OptionGroup var administration: AdministrationOptions
    @OptionGroup var output: OutputOptions

    mutating func run() async throws {
        try await StateCommand.run(self.reference, self.administration, self.output) {
            administration,
            id,
            connection throws(ConfigurationError) in
            try administration.resumeDestination(id, &connection, within: AdministrationOptions.limit)
        }
    }
}

/// `postern destination disable`.
struct DestinationDisableCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "disable",
        abstract: "Send a destination nothing; the log does not wait for it.",
        discussion: """
            Events wait as long as they are kept, and what is older is lost to it: pause what is to go on.

            Example: postern destination disable shop --reason 'moved to another system'
            """
    )

    @OptionGroup var reference: DestinationReference
    @Option(help: "Why, for whoever looks.") var reason: String?
    @OptionGroup var administration: AdministrationOptions
    @OptionGroup var output: OutputOptions

    mutating func run() async throws {
        let reason = self.reason
        try await StateCommand.run(self.reference, self.administration, self.output) {
            administration,
            id,
            connection throws(ConfigurationError) in
            try administration.setDestination(
                enabled: false,
                id,
                reason: reason,
                &connection,
                within: AdministrationOptions.limit
            )
        }
    }
}

/// `postern destination enable`.
struct DestinationEnableCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "enable",
        abstract: "Send to a disabled destination again, from where it stopped, and close its circuit.",
        discussion: "Example: postern destination enable shop"
    )

    @OptionGroup var reference: DestinationReference
    @OptionGroup var administration: AdministrationOptions
    @OptionGroup var output: OutputOptions

    mutating func run() async throws {
        try await StateCommand.run(self.reference, self.administration, self.output) {
            administration,
            id,
            connection throws(ConfigurationError) in
            try administration.setDestination(enabled: true, id, &connection, within: AdministrationOptions.limit)
        }
    }
}

/// What they share.
private enum StateCommand {
    static func run(
        _ reference: DestinationReference,
        _ administration: AdministrationOptions,
        _ output: OutputOptions,
        _ act:
            @escaping @Sendable (Administration, DestinationID, inout Connection) throws(ConfigurationError) ->
            DestinationListing
    ) async throws {
        let (before, listing, figures) = try await administration.run { administration, connection in
            let before = try reference.find(administration, &connection)
            let listing = try act(administration, before.destination.id, &connection)
            let figures = try DestinationFiguresReader.read(
                [before.destination.id],
                since: .now(),
                &connection,
                within: AdministrationOptions.limit
            )
            return (before, listing, figures.first ?? DestinationFigures(destination: before.destination.id))
        }
        let destination = listing.destination
        guard output.json else {
            print("destination \(PrintableText.escape(destination.name)) is \(destination.state.rawValue)")
            let circuit = before.destination.circuit.state
            if circuit != destination.circuit.state {
                print("  its circuit was \(circuit.rawValue) and is \(destination.circuit.state.rawValue) now")
            }
            let cut = figures.isLagCut ? " or more" : ""
            let lag = "\(figures.lag)\(cut) \(figures.lag == 1 ? "event" : "events") to be sent"
            if destination.kind != .alert { print("  waiting: \(lag), \(figures.retries) to be tried again") }
            return
        }
        var writer = JSONWriter()
        writer.beginObject()
        writer.member("id", string: destination.id.description)
        writer.member("state", string: destination.state.rawValue)
        writer.member("circuit", string: destination.circuit.state.rawValue)
        writer.member("previous_state", string: before.destination.state.rawValue)
        writer.member("previous_circuit", string: before.destination.circuit.state.rawValue)
        writer.member("lag_events", integer: figures.lag)
        writer.member("lag_events_is_at_least", boolean: figures.isLagCut)
        writer.member("pending_retries", integer: figures.retries)
        writer.endObject()
        print(writer.text)
    }
}
