internal import ArgumentParser
internal import PosternJSON
internal import PosternModel
internal import PosternStore

/// `postern deadletter list`.
struct DeadLetterListCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "list",
        abstract: "List dead letters, the newest first.",
        discussion: """
            Open and acknowledged ones unless --state says otherwise. For the next page give the last id with --before.

            Examples:
              postern deadletter list --org acme --reason http_5xx --since 24h
              postern deadletter list --state all --type 'order.*' --json
            """
    )

    @OptionGroup var filters: DeadLetterFilterOptions
    @Option(help: "open, acknowledged, resolved, discarded or all; may be given several times.") var state: [String] =
        []
    @Option(help: "Only those older than the dead letter with this id.") var before: String?
    @Option(help: "How many, 1 to 1000.") var limit = 50
    @OptionGroup var administration: AdministrationOptions
    @OptionGroup var output: OutputOptions

    mutating func run() async throws {
        guard DeadLetterReader.limits.contains(self.limit) else {
            throw CommandFailure(code: "bad_option", message: "--limit is \(self.limit), must be 1 to 1000")
        }
        let states = try DeadLetterFilterOptions.states(self.state, otherwise: DeadLetterState.unsettled)
        let cursor = try self.before.map(DeadLetterFilterOptions.letter)
        let (filters, limit) = (self.filters, self.limit)
        let (letters, counts, names) = try await self.administration.run { administration, connection in
            let filter = try filters.filter(states: states, administration, &connection)
            let within = AdministrationOptions.limit
            let letters = try DeadLetterReader.list(
                filter,
                before: cursor,
                limit: limit,
                &connection,
                within: within
            )
            let names = try ReviewNames.read(
                organizations: letters.map(\.organization),
                destinations: letters.compactMap(\.destination),
                &connection,
                within: within
            )
            return (letters, try DeadLetterReader.count(filter, &connection, within: within), names)
        }
        guard self.output.json else {
            var table = TextTable(
                "MADE",
                "STATE",
                "ORGANIZATION",
                "DESTINATION",
                "PLATFORM",
                "TYPE",
                "REASON",
                "ATTEMPTS",
                "ID"
            )
            for letter in letters {
                table.add(
                    "\(letter.createdAt)",
                    letter.standing,
                    names.text(letter.organization),
                    names.text(letter.destination),
                    letter.platform,
                    PrintableText.escape(letter.type ?? "-"),
                    letter.reason,
                    "\(letter.attempts)",
                    "\(letter.id)"
                )
            }
            print(table.text)
            print("\(letters.count) of \(counts.total)")
            return
        }
        var writer = JSONWriter()
        writer.beginObject()
        writer.member("total", integer: counts.total)
        writer.name("dead_letters")
        writer.beginArray()
        for letter in letters {
            writer.beginObject()
            letter.write(names, into: &writer)
            writer.endObject()
        }
        writer.endArray()
        writer.endObject()
        print(writer.text)
    }
}
