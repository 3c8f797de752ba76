internal import ArgumentParser
internal import PosternModel
internal import PosternOperations
internal import PosternStore

/// `postern events replay`.
struct EventsReplayCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "replay",
        abstract: "Send stored events to a destination once more, as a job.",
        discussion: """
            Also those that were delivered, and those from before the destination was there. What the destination is \
            subscribed to does not count here. Give --since: without it all days that are kept are read.

            Examples:
              postern events replay --org acme --destination crm --since 2h --dry-run
              postern events replay --org acme --destination crm --type 'order.*' --since 7d --per-second 20 --yes
            """
    )

    @Option(help: "The organization's name or id.") var org: String
    @Option(help: "Where they go: the destination's name or id.") var destination: String
    @Option(help: "Only those of this endpoint, by key, id or name.") var endpoint: String?
    @Option(help: "Only those of this platform.") var platform: String?
    @Option(help: "Only those of this type; '*' is any run of characters, '?' one.") var type: String?
    @Option(help: "Only those of this account.") var account: String?
    @Option(help: "Only those stored since: 2026-11-20T12:00:00Z, or 24h for a day ago.") var since: String?
    @Option(help: "Only those stored before: a time like --since.") var until: String?
    @OptionGroup var bulk: BulkOptions
    @OptionGroup var administration: AdministrationOptions
    @OptionGroup var output: OutputOptions

    mutating func run() async throws {
        let since = try self.since.map { try TimeText.parse($0, option: "--since") }
        let until = try self.until.map { try TimeText.parse($0, option: "--until") }
        let (org, destination, endpoint) = (self.org, self.destination, self.endpoint)
        let (platform, type, account) = (self.platform, self.type, self.account)
        try await self.bulk.run(self.administration, self.output, verb: "replay", noun: "events") {
            administration,
            connection in
            let limit = AdministrationOptions.limit
            let organization = try administration.organization(org, &connection, within: limit)
            var filter = EventReplayFilter(
                organization: organization,
                destination: try administration.destination(named: destination, of: organization, &connection).id,
                platform: platform,
                typeGlob: type,
                account: account,
                since: since,
                until: until
            )
            if let endpoint {
                filter.endpoint = try administration.endpoint(endpoint, &connection, within: limit).endpoint.id
            }
            guard try EventReplays.form(of: filter, &connection, within: limit) != nil else {
                throw CommandFailure(
                    code: "destination_unavailable",
                    message: "the destination '\(destination)' is disabled, or takes no events"
                )
            }
            return .replayEvents(filter)
        }
    }
}
