internal import ArgumentParser
internal import PosternJSON
internal import PosternModel
internal import PosternOperations
internal import PosternPostgres
internal import PosternStore

/// `postern events renormalize`.
struct EventsRenormalizeCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "renormalize",
        abstract: "Normalize deliveries again with the present definition, as a job.",
        discussion: """
            For what a version of a definition got wrong. Events that come out different, and those that were not there, \
            are stored as new events, once; the old ones stay. --dry-run shows what would change. Deploy the corrected \
            definition to the consumers first: they do the work. It begins at 0 % with telling the ledger again which \
            events there are, those of a week before included (counted as learned).

            Examples:
              postern events renormalize --platform meta --from-version 3 --since 7d --dry-run
              postern events renormalize --platform meta --from-version 3 --since 2026-11-01 --until 2026-11-20 --yes
            """
    )

    @Option(help: "The platform.") var platform: String
    @Option(help: "Events that this version of its definition made.") var fromVersion: Int32
    @Option(help: "Events stored since: 2026-11-20T12:00:00Z, or 24h for a day ago.") var since: String
    @Option(help: "Events stored before: a time like --since; now unless said.") var until: String?
    @Option(help: "Only those of this organization, by name or id.") var org: String?
    @Option(help: "Only those of this endpoint, by key, id or name.") var endpoint: String?
    @OptionGroup var bulk: BulkOptions
    @OptionGroup var administration: AdministrationOptions
    @OptionGroup var catalogOptions: CatalogOptions
    @OptionGroup var output: OutputOptions

    mutating func run() async throws {
        let now = Timestamp.now()
        let since = try TimeText.parse(self.since, option: "--since", now: now)
        // What is stored from now on is not part of the plan.
        let until = min(now, try self.until.map { try TimeText.parse($0, option: "--until", now: now) } ?? now)
        let (platform, version, org, endpoint) = (self.platform, self.fromVersion, self.org, self.endpoint)
        let scope: @Sendable (Administration, inout Connection) throws -> RenormalizationScope = {
            administration,
            connection in
            let limit = AdministrationOptions.limit
            return RenormalizationScope(
                organization: try org.map { try administration.organization($0, &connection, within: limit) },
                platform: platform,
                definitionVersion: version,
                endpoint: try endpoint.map { try administration.endpoint($0, &connection, within: limit).endpoint.id },
                since: since,
                until: until
            )
        }
        guard self.bulk.dryRun else {
            try await self.bulk.run(self.administration, self.output, verb: "renormalize", noun: "deliveries") {
                administration,
                connection in
                .renormalize(try scope(administration, &connection))
            }
            return
        }
        let renormalizer = PlatformRenormalizer(try self.catalogOptions.catalog())
        let report = try await self.administration.run { administration, connection in
            let progress = ProgressLine("looked at")
            defer { progress.end() }
            let renormalization = Renormalization(try scope(administration, &connection), with: renormalizer)
            return try renormalization.examine(&connection, within: AdministrationOptions.limit) { report in
                progress.show("\(report.deliveries) deliveries")
            }
        }
        self.show(report)
    }

    private func show(_ report: RenormalizationReport) {
        guard self.output.json else {
            print("\(report.deliveries) deliveries")
            for (name, count) in report.counts.sorted(by: { $0.key < $1.key }) { print("  \(name.padded(10))\(count)") }
            for example in report.examples {
                print(
                    "  \(example.delivery)  \(PrintableText.escape(example.key))  \(PrintableText.escape(example.what))"
                )
            }
            print("nothing was changed")
            return
        }
        var writer = JSONWriter()
        writer.beginObject()
        writer.member("dry_run", boolean: true)
        writer.member("deliveries", integer: report.deliveries)
        for (name, count) in report.counts.sorted(by: { $0.key < $1.key }) { writer.member(name, integer: count) }
        writer.name("examples")
        writer.beginArray()
        for example in report.examples {
            writer.beginObject()
            writer.member("delivery", string: example.delivery.description)
            writer.member("key", string: example.key)
            writer.member("what", string: example.what)
            writer.endObject()
        }
        writer.endArray()
        writer.endObject()
        print(writer.text)
    }
}
