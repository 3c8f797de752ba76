internal import ArgumentParser
internal import PosternJSON
internal import PosternModel
internal import PosternStore

/// `postern events list`.
struct EventsListCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "list",
        abstract: "List an organization's events, newest first.",
        discussion: """
            Examples:
              postern events list --org demo --platform meta --limit 20
              postern events list --org demo --json | jq .data
              postern events list --org demo --before 0192…   the page after the event with that id
            """
    )

    @Option(help: "The organization's name or id.") var org: String
    @Option(help: "Only those of this platform.") var platform: String?
    @Option(help: "Only those of this type.") var type: String?
    @Option(help: "Only those of this account.") var account: String?
    @Option(help: "Only those older than the event with this id.") var before: String?
    @Option(help: "How many, 1 to 1000.") var limit = 50
    @OptionGroup var administration: AdministrationOptions
    @OptionGroup var output: OutputOptions

    mutating func run() async throws {
        guard EventReader.limits.contains(self.limit) else {
            throw CommandFailure(code: "bad_option", message: "--limit is \(self.limit), must be 1 to 1000")
        }
        let platform = try self.platform.map { text in
            guard let name = PlatformName(text) else {
                throw CommandFailure(code: "unknown_platform", message: "'\(text)' is not a platform's name")
            }
            return name
        }
        let cursor = try self.before.map { text in
            guard let id = EventID(text: text) else {
                throw CommandFailure(code: "bad_option", message: "--before takes an event's id, not '\(text)'")
            }
            return id
        }
        let filter = EventFilter(platform: platform, type: self.type, account: self.account)
        let reference = self.org
        let limit = self.limit
        let events = try await self.administration.run { administration, connection in
            let organization = try administration.organization(
                reference,
                &connection,
                within: AdministrationOptions.limit
            )
            return try EventReader.list(
                of: organization,
                before: cursor,
                filter,
                limit: limit,
                &connection,
                within: AdministrationOptions.limit
            )
        }
        guard self.output.json else {
            var table = TextTable("STORED", "PLATFORM", "TYPE", "ACCOUNT", "KEY", "ID")
            for event in events {
                table.add(
                    "\(event.storedAt)",
                    event.platform,
                    PrintableText.escape(event.type),
                    PrintableText.escape(event.account ?? "-"),
                    PrintableText.escape(event.key),
                    "\(event.id)"
                )
            }
            print(table.text)
            return
        }
        for event in events { print(EventLine.json(event)) }
    }
}
