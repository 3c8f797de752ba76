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
            let probe = try await ChannelProbe.send(on: channel, self.administration)
            if self.output.json {
                var writer = JSONWriter()
                probe.write(to: &writer)
                print(writer.text)
            } else {
                print(probe.text)
            }
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
}
