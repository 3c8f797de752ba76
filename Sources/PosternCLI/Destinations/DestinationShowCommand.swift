internal import ArgumentParser
internal import PosternJSON
internal import PosternModel
internal import PosternOperations
internal import PosternStore

/// `postern destination show`.
struct DestinationShowCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "show",
        abstract: "Show a destination: its settings, subscriptions, circuit, lag, and its last attempts.",
        discussion: "Example: postern destination show shop --org acme --json"
    )

    @OptionGroup var reference: DestinationReference
    @OptionGroup var administration: AdministrationOptions
    @OptionGroup var output: OutputOptions

    mutating func run() async throws {
        let reference = self.reference
        let (listing, summary, passedOver) = try await self.administration.run { administration, connection in
            let listing = try reference.find(administration, &connection)
            let now = Timestamp.now()
            let figures = try DestinationFiguresReader.read(
                [listing.destination.id],
                since: now.advanced(by: .zero - DestinationSummary.defaultWindow),
                &connection,
                within: AdministrationOptions.limit
            )
            let own = figures.first ?? DestinationFigures(destination: listing.destination.id)
            let passedOver = try administration.eventsPassedOver(
                by: listing.destination.id,
                &connection,
                within: AdministrationOptions.limit
            )
            return (listing, DestinationSummary(own, now: now), passedOver)
        }
        guard self.output.json else {
            DestinationReport(listing).printText()
            if listing.destination.kind != .alert { print("  passed over   \(passedOver) not subscribed") }
            DestinationSummaryReport(summary).printText()
            return
        }
        var writer = JSONWriter()
        writer.beginObject()
        DestinationReport(listing).write(to: &writer)
        writer.member("passed_over", integer: passedOver)
        DestinationSummaryReport(summary).write(to: &writer)
        writer.endObject()
        print(writer.text)
    }
}
