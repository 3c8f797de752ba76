internal import ArgumentParser
internal import PosternJSON
internal import PosternModel
internal import PosternOperations
internal import PosternPostgres
internal import PosternStore

/// `postern destination probe`.
struct DestinationProbeCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "probe",
        abstract: "Send a destination one signed test event and show its answer.",
        discussion: """
            The event has the type postern.test and the request the header postern-test; it is sent once, from here, \
            whatever the destination's state, and counts nowhere. The command fails unless the answer is 200 to 299.

            Example: postern destination probe shop --json
            """
    )

    @OptionGroup var reference: DestinationReference
    @OptionGroup var administration: AdministrationOptions
    @OptionGroup var output: OutputOptions

    mutating func run() async throws {
        let reference = self.reference
        let destination = try await self.administration.run { administration, connection in
            try reference.find(administration, &connection).destination
        }
        if let channel = destination.channel {
            try await self.notify(channel)
            return
        }
        let opened = try await OpenedDestination.read(destination.id, self.administration)
        let probe = try await self.administration.probe(opened)
        let report = ProbeReport(probe)
        if self.output.json {
            var writer = JSONWriter()
            report.write(to: &writer)
            print(writer.text)
        } else {
            print("destination \(PrintableText.escape(destination.name)) (\(destination.url ?? ""))")
            report.printText()
        }
        guard probe.isDelivered else {
            throw CommandFailure(code: "probe_failed", message: "the test event was not taken: \(report.text)")
        }
    }

    /// Announces the identifier of an event that is not there, as for one that is.
    private func notify(_ channel: String) async throws {
        let event = EventID.fresh(at: .now())
        try await self.administration.run { _, connection in
            try ChannelNotice.send(event, on: channel, &connection, within: AdministrationOptions.limit)
        }
        guard self.output.json else {
            print("event \(event) announced on the channel \(channel); whether anybody listens is not known here")
            return
        }
        var writer = JSONWriter()
        writer.beginObject()
        writer.member("event", string: event.description)
        writer.member("channel", string: channel)
        writer.member("delivered", boolean: true)
        writer.endObject()
        print(writer.text)
    }
}
