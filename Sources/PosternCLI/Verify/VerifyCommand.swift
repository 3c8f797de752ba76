internal import ArgumentParser
internal import PosternConsumer
internal import PosternModel
internal import PosternOperations
internal import PosternPostgres
internal import PosternSettings
internal import PosternStore

/// `postern verify`.
struct VerifyCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "verify",
        abstract: "Prove from the stored rows that nothing is stuck and nothing lost.",
        discussion: """
            For the deliveries of each organization: accepted = settled + in flight + retrying + dead-lettered + \
            discarded. A settled one has its events stored, or brought none. For the events of each destination: \
            events = delivered + in flight + retrying + dead-lettered + discarded + not subscribed. A dead letter \
            that a replay has delivered counts as delivered.

            Besides: the numbers of deliveries and events are without gaps, what destinations counted agrees with what \
            is there, and each waiting row waits for something that exists. Every row that breaks a rule is named; \
            then the exit status is 1.

            All is read in one snapshot, so traffic may go on; it takes as long as reading the log does. Whatever \
            cannot be proven, because retention dropped what would prove it or the platform's definition has changed, \
            is counted as unprovable and breaks nothing.

            Examples:
              postern verify --since 2026-11-20
              postern verify --since 24h
              postern verify --org acme --json
            """
    )

    @Option(
        help: """
            Leave out days that ended before this time (ISO 8601, UTC) or so long ago (24h, 7d): days are looked at \
            whole. Events are counted since each destination was made.
            """
    )
    var since: String?
    @Option(help: "Only this organization's rows, by name or id; the numbering of the logs is left out.")
    var org: String?
    @Option(help: "Name at most so many rows.") var limit = 100
    @OptionGroup var administration: AdministrationOptions
    @OptionGroup var catalogOptions: CatalogOptions
    @OptionGroup var output: OutputOptions

    private static let limits = 1...100_000

    mutating func run() async throws {
        guard Self.limits.contains(self.limit) else {
            throw CommandFailure(code: "bad_option", message: "--limit is \(self.limit), must be 1 to 100000")
        }
        var scope = AccountingScope()
        scope.since = try self.since.map(Self.time)
        scope.faultLimit = self.limit
        let settings = try await self.administration.process.settings()
        scope.deduplicationWindow = try settings.consumer().deduplicationWindow
        let keys = CatalogKeys(try self.catalogOptions.catalog())
        let reference = self.org
        let base = scope
        let (book, names) = try await self.administration.run { administration, connection in
            var scope = base
            let limit = AdministrationOptions.limit
            if let reference {
                scope.organization = try administration.organization(reference, &connection, within: limit)
            }
            let organizations = try administration.organizations(&connection, within: limit)
            let progress = VerifyProgress()
            defer { progress.end() }
            let book = try Accounting(scope, derivation: keys).run(&connection) { step in progress.show(step) }
            let names = Dictionary(organizations.map { ($0.id, $0.name) }, uniquingKeysWith: { first, _ in first })
            return (book, names)
        }
        let report = VerifyReport(book, names: names)
        if self.output.json { report.printJSON() } else { report.printText() }
        if !book.isBalanced { throw ExitCode.failure }
    }

    /// Reads `2026-11-20`, and what ``TimeText`` reads.
    private static func time(_ text: String) throws -> Timestamp {
        try Timestamp(iso8601: "\(text)T00:00") ?? TimeText.parse(text, option: "--since")
    }
}
