internal import ArgumentParser
internal import PosternModel
internal import PosternPostgres
internal import PosternStore

/// `postern events tail`.
struct EventsTailCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "tail",
        abstract: "Show events as they are stored, until interrupted.",
        discussion: "Example: postern events tail --org demo --json"
    )

    @Option(help: "Only those of this organization, by name or id.") var org: String?
    @Option(help: "Stop after this many events.") var count: Int?
    @OptionGroup var administration: AdministrationOptions
    @OptionGroup var output: OutputOptions

    private static let pause: Duration = .milliseconds(200)

    mutating func run() async throws {
        let reference = self.org
        let json = self.output.json
        let most = self.count
        // One connection for as long as it takes: the thread waits between looks, and the interrupt ends the process.
        try await self.administration.run { administration, connection in
            let limit = AdministrationOptions.limit
            let organization = try reference.map { text in
                try administration.organization(text, &connection, within: limit)
            }
            var position = try EventReader.position(&connection, within: limit)
            let bell = try WaitingBell()
            var shown = 0
            while true {
                let events = try EventReader.tail(after: &position, of: organization, &connection, within: limit)
                for event in events {
                    Terminal.say(json ? EventLine.json(event) : Self.text(event))
                    shown += 1
                    if shown == most { return }
                }
                if events.isEmpty { _ = bell.wait(within: Self.pause) }
            }
        }
    }

    private static func text(_ event: EventRecord) -> String {
        let type = PrintableText.escape(event.type)
        let account = PrintableText.escape(event.account ?? "-")
        let key = PrintableText.escape(event.key)
        return "\(event.storedAt)  \(event.platform.padded(20))\(type.padded(32))\(account.padded(24))\(key)"
    }
}
