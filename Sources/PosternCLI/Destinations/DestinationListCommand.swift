internal import ArgumentParser
internal import PosternJSON
internal import PosternModel
internal import PosternOperations
internal import PosternStore

/// `postern destination list`.
struct DestinationListCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "list",
        abstract: "List destinations: their state, how far they are behind, and what waits for them.",
        discussion: """
            LAG counts the organization's events behind the destination's cursors and the age of the oldest; SUCCESS is of \
            the attempts of the last 15 minutes.

            Example: postern destination list --org acme --json
            """
    )

    @Option(help: "Only those of this organization, by name or id.") var org: String?
    @OptionGroup var administration: AdministrationOptions
    @OptionGroup var output: OutputOptions

    mutating func run() async throws {
        let reference = self.org
        let rows = try await self.administration.run { administration, connection in
            let limit = AdministrationOptions.limit
            let organization = try reference.map { text in
                try administration.organization(text, &connection, within: limit)
            }
            let listings = try administration.destinations(of: organization, &connection, within: limit)
            let now = Timestamp.now()
            let figures = try DestinationFiguresReader.read(
                listings.map(\.destination.id),
                since: now.advanced(by: .zero - DestinationSummary.defaultWindow),
                &connection,
                within: limit
            )
            return zip(listings, figures).map { ($0, DestinationSummary($1, now: now)) }
        }
        guard self.output.json else {
            var table = TextTable(
                "ORGANIZATION",
                "NAME",
                "KIND",
                "STATE",
                "CIRCUIT",
                "LAG",
                "WAITING",
                "DEAD",
                "SUCCESS",
                "TARGET"
            )
            for (listing, summary) in rows {
                let report = DestinationReport(listing)
                let destination = listing.destination
                table.add(
                    destination.organizationName,
                    PrintableText.escape(destination.name),
                    destination.kind.rawValue,
                    destination.state.rawValue,
                    destination.circuit.state.rawValue,
                    DestinationSummaryReport(summary).lag,
                    "\(summary.figures.retries)",
                    "\(summary.figures.openDeadLetters)",
                    DestinationSummaryReport(summary).success,
                    report.target
                )
            }
            print(table.text)
            return
        }
        var writer = JSONWriter()
        writer.beginArray()
        for (listing, summary) in rows {
            writer.beginObject()
            DestinationReport(listing).write(to: &writer)
            DestinationSummaryReport(summary).write(to: &writer)
            writer.endObject()
        }
        writer.endArray()
        print(writer.text)
    }
}
