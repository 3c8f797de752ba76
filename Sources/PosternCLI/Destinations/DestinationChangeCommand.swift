internal import ArgumentParser
internal import PosternCrypto
internal import PosternJSON
internal import PosternModel
internal import PosternOperations
internal import PosternPostgres
internal import PosternStore

/// `postern destination change`.
struct DestinationChangeCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "change",
        abstract: "Change a destination; what is not given stays as it is.",
        discussion: """
            Running consumers take it over at once. A new URL closes an open circuit. Headers given replace those of the \
            same name.

            Examples:
              postern destination change shop --url https://new.example/events --probe-required
              postern destination change shop --concurrency 2 --rate-per-second 10
              postern destination change shop --retry-delays 5,30,300 --ordered
              postern destination change shop --header 'Authorization: -' --remove-header X-Old
              postern destination change shop --no-rate-limit --no-allow-private
            """
    )

    @OptionGroup var reference: DestinationReference
    @Option(help: "Call it so from now on.") var name: String?
    @Option(help: "Where requests go from now on.") var url: String?
    @Option(help: "The channel from now on.") var channel: String?
    @Flag(help: "Send as fast as it answers.") var noRateLimit = false
    @Option(
        name: .customLong("header"),
        help: "A secret header, 'Name: value'; the value '-' is read from standard input. May be repeated."
    )
    var headers: [String] = []
    @Option(name: .customLong("remove-header"), help: "Send this header no more. May be repeated.")
    var removedHeaders: [String] = []
    @OptionGroup var delivery: DeliveryOptions
    @OptionGroup var probing: ProbeOptions
    @OptionGroup var administration: AdministrationOptions
    @OptionGroup var output: OutputOptions

    /// All that is to be done.
    private struct Plan: Sendable {
        let change: DestinationChange
        let headers: [(name: String, value: Secret)]
        let removed: [String]
        var isEmpty: Bool { self.change.isEmpty && self.headers.isEmpty && self.removed.isEmpty }
    }

    mutating func run() async throws {
        let plan = try self.plan()
        if plan.isEmpty {
            throw CommandFailure(
                code: "nothing_to_change",
                message: "say what to change; see 'postern destination change --help'"
            )
        }
        let reference = self.reference
        let before = try await self.administration.run { administration, connection in
            try reference.find(administration, &connection).destination
        }
        try self.delivery.require(meaningFor: before.kind)
        let checked = try Self.checked(plan, of: before, try await self.administration.destinationCheck())
        var probe: DestinationProbeAnswer?
        let isProbed = self.probing.probe || self.probing.probeRequired
        if isProbed, before.kind != .postgresNotify {
            let opened = try await OpenedDestination.read(before.id, self.administration)
            probe = try await self.probing.require(Self.apply(checked, to: opened), self.administration)
        }
        let listing = try await self.administration.run(sealing: !plan.headers.isEmpty) { administration, connection in
            try Self.store(checked, before.id, administration, &connection)
        }
        if isProbed, probe == nil, before.kind != .postgresNotify {
            probe = try await self.administration.probe(OpenedDestination.read(before.id, self.administration))
        }
        var notice: ChannelProbe?
        if isProbed, let channel = listing.destination.channel {
            notice = try await ChannelProbe.send(on: channel, self.administration)
        }
        let warnings = DestinationWarnings.url(
            plan.change.url ?? (plan.change.allowsPrivate == nil ? nil : listing.destination.url),
            allowsPrivate: listing.destination.allowsPrivate
        )
        self.show(listing, probe: probe.map(ProbeReport.init), notice: notice, warnings: warnings)
    }

    private func plan() throws -> Plan {
        if self.noRateLimit, self.delivery.ratePerSecond != nil {
            throw CommandFailure(
                code: "bad_option",
                message: "--no-rate-limit and --rate-per-second exclude each other"
            )
        }
        return Plan(
            change: DestinationChange(
                name: self.name,
                url: self.url,
                channel: self.channel,
                form: try self.delivery.chosenForm(),
                timeout: self.delivery.timeout,
                concurrency: self.delivery.concurrency,
                rate: self.delivery.ratePerSecond.map { .perSecond($0) }
                    ?? (self.noRateLimit ? .unlimited : .unchanged),
                retryDelays: try self.delivery.chosenDelays(),
                isOrdered: self.delivery.ordered,
                allowsPrivate: self.delivery.allowPrivate
            ),
            headers: try DestinationHeaders.parse(self.headers),
            removed: self.removedHeaders
        )
    }

    /// Checks what the sender knows, before anything is stored.
    private static func checked(
        _ plan: Plan,
        of destination: DestinationRecord,
        _ check: DestinationCheck
    ) throws -> Plan {
        do throws(ConfigurationError) {
            for (name, value) in plan.headers { try check.header(name, value) }
            let change = try check.checked(plan.change, of: destination)
            return Plan(change: change, headers: plan.headers, removed: plan.removed)
        } catch {
            throw CommandFailure(code: error.code, message: error.description)
        }
    }

    /// The destination as it would be after the change, as far as a request shows it.
    private static func apply(_ plan: Plan, to destination: DestinationRecord) -> DestinationRecord {
        let now = Timestamp.now()
        let gone = Set((plan.removed + plan.headers.map(\.name)).map { $0.lowercased() })
        let kept = destination.headers.filter { !gone.contains(($0.name ?? "").lowercased()) }
        let added = plan.headers.map { name, value in
            DestinationSecret(id: .fresh(at: now), name: name, secret: value, createdAt: now)
        }
        return DestinationRecord(
            id: destination.id,
            organization: destination.organization,
            organizationName: destination.organizationName,
            name: plan.change.name ?? destination.name,
            kind: destination.kind,
            url: plan.change.url ?? destination.url,
            form: plan.change.form ?? destination.form,
            timeout: plan.change.timeout ?? destination.timeout,
            allowsPrivate: plan.change.allowsPrivate ?? destination.allowsPrivate,
            signing: destination.signing,
            headers: added + kept,
            createdAt: destination.createdAt,
            updatedAt: now
        )
    }

    private static func store(
        _ plan: Plan,
        _ id: DestinationID,
        _ administration: Administration,
        _ connection: inout Connection
    ) throws(ConfigurationError) -> DestinationListing {
        let limit = AdministrationOptions.limit
        for name in plan.removed {
            try administration.removeDestinationHeader(name, of: id, &connection, within: limit)
        }
        for (name, value) in plan.headers {
            _ = try administration.setDestinationHeader(name, value, of: id, &connection, within: limit)
        }
        return try administration.changeDestination(id, plan.change, &connection, within: limit)
    }

    private func show(
        _ listing: DestinationListing,
        probe: ProbeReport?,
        notice: ChannelProbe?,
        warnings: [String]
    ) {
        guard self.output.json else {
            DestinationReport(listing).printText()
            probe?.printText()
            if let notice { print("  probe   \(notice.text)") }
            DestinationWarnings.printText(warnings)
            return
        }
        var writer = JSONWriter()
        writer.beginObject()
        DestinationReport(listing).write(to: &writer)
        if let probe {
            writer.name("probe")
            probe.write(to: &writer)
        }
        if let notice {
            writer.name("probe")
            notice.write(to: &writer)
        }
        DestinationWarnings.write(warnings, to: &writer)
        writer.endObject()
        print(writer.text)
    }
}
