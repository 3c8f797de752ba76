internal import ArgumentParser
internal import PosternJSON
internal import PosternModel
internal import PosternOperations
internal import PosternOutbound
internal import PosternPostgres
internal import PosternStore

/// `postern destination create`.
struct DestinationCreateCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "create",
        abstract: "Create a destination and show the secret its requests are signed with.",
        discussion: """
            It gets the events that are stored from now on; 'postern events replay' brings it earlier ones. Requests are signed by \
            Standard Webhooks with a random secret, shown once; --secret brings one along, and '-' reads it, like the \
            value of a header, from standard input, so that it stays out of the shell's history. Loopback and private \
            addresses are refused unless --allow-private.

            Examples:
              postern destination create --org acme --name shop --url https://shop.example/events
              postern destination create --org acme --name push --url https://shop.example/push \\
                --type push --type 'issues.*' --filter account=12345 --header 'Authorization: -' --probe
              postern destination create --org acme --name app --kind postgres-notify --channel shop_events
              postern destination create --org acme --name pager --kind alert --form slack \\
                --url https://hooks.slack.com/services/T000/B000/XXXX
            """
    )

    @Option(help: "The organization's name or id.") var org: String
    @Option(help: "What you call it, unique in the organization.") var name = "default"
    @Option(help: "http, postgres-notify or alert.") var kind = DestinationKind.http.rawValue
    @Option(help: "Where requests go; of kind http and alert.") var url: String?
    @Option(help: "The channel of the database; of kind postgres-notify.") var channel: String?
    @Option(help: "The signing secret, 'whsec_…'; '-' reads it from standard input; random unless said.")
    var secret: String?
    @Option(
        name: .customLong("header"),
        help: "A secret header, 'Name: value'; the value '-' is read from standard input. May be repeated."
    )
    var headers: [String] = []
    @OptionGroup var delivery: DeliveryOptions
    @OptionGroup var subscription: SubscriptionOptions
    @OptionGroup var probing: ProbeOptions
    @OptionGroup var administration: AdministrationOptions
    @OptionGroup var output: OutputOptions

    mutating func run() async throws {
        let (draft, generated) = try self.draft()
        let reference = self.org
        let organization = try await self.administration.run { administration, connection in
            try administration.organization(reference, &connection, within: AdministrationOptions.limit)
        }
        var new = draft
        new.organization = organization
        let checked = try Self.checked(new, try await self.administration.destinationCheck())
        let record = Self.record(of: checked, organizationName: reference)
        let before = try await self.probing.require(record, self.administration)
        let (listing, unseen) = try await self.administration.run(sealing: checked.kind != .postgresNotify) {
            administration,
            connection in
            let limit = AdministrationOptions.limit
            let listing = try administration.createDestination(checked, &connection, within: limit)
            return (
                listing,
                try DestinationWarnings.types(checked.subscriptions, of: organization, administration, &connection)
            )
        }
        var probe = before
        if self.probing.probe, before == nil, checked.kind != .postgresNotify {
            // The secrets are at hand: nothing has to be read back and opened.
            probe = try await self.administration.probe(record)
        }
        var notice: ChannelProbe?
        if self.probing.probe || self.probing.probeRequired, let channel = checked.channel {
            notice = try await ChannelProbe.send(on: channel, self.administration)
        }
        self.show(
            listing,
            generated: generated,
            probe: probe.map(ProbeReport.init),
            notice: notice,
            warnings: DestinationWarnings.url(checked.url, allowsPrivate: checked.allowsPrivate) + unseen
        )
    }

    /// What was asked for, of an organization to be found, and the secret made for it.
    private func draft() throws -> (new: NewDestination, generated: String?) {
        guard let kind = DestinationKind(rawValue: self.kind) else {
            let all = DestinationKind.allCases.map(\.rawValue).joined(separator: ", ")
            throw CommandFailure(code: "bad_option", message: "--kind is '\(self.kind)', must be one of \(all)")
        }
        try self.delivery.require(meaningFor: kind)
        var new = NewDestination(
            organization: OrganizationID(UniqueID(high: 0, low: 0)),
            name: self.name,
            kind: kind,
            url: self.url,
            channel: self.channel,
            form: try self.delivery.chosenForm(),
            subscriptions: try self.subscription.subscriptions()
        )
        if let timeout = self.delivery.timeout { new.timeout = timeout }
        if let concurrency = self.delivery.concurrency { new.concurrency = concurrency }
        new.ratePerSecond = self.delivery.ratePerSecond
        if let delays = try self.delivery.chosenDelays() { new.retryDelays = delays }
        new.isOrdered = self.delivery.ordered ?? false
        new.allowsPrivate = self.delivery.allowPrivate ?? false
        var generated: String?
        if let given = try self.secret.map({ text in text == "-" ? try InputFile.line() : text }) {
            new.signing = Secret(given)
        } else if kind != .postgresNotify {
            let made = SigningSecret.generate().text
            new.signing = Secret(made)
            generated = made
        }
        new.headers = try DestinationHeaders.parse(self.headers)
        return (new, generated)
    }

    /// Checks what the sender knows, before the database is asked.
    private static func checked(_ new: NewDestination, _ check: DestinationCheck) throws -> NewDestination {
        do throws(ConfigurationError) {
            return try check.checked(new)
        } catch {
            throw CommandFailure(code: error.code, message: error.description)
        }
    }

    /// The destination as it would be read back, with its secrets.
    private static func record(of new: NewDestination, organizationName: String) -> DestinationRecord {
        let now = Timestamp.now()
        func secret(_ secret: Secret, name: String?) -> DestinationSecret {
            DestinationSecret(id: .fresh(at: now), name: name, secret: secret, createdAt: now)
        }
        return DestinationRecord(
            id: .fresh(at: now),
            organization: new.organization,
            organizationName: organizationName,
            name: new.name,
            kind: new.kind,
            url: new.url,
            channel: new.channel,
            form: new.form,
            timeout: new.timeout,
            allowsPrivate: new.allowsPrivate,
            signing: new.signing.map { [secret($0, name: nil)] } ?? [],
            headers: new.headers.map { secret($0.value, name: $0.name) },
            createdAt: now,
            updatedAt: now
        )
    }

    private func show(
        _ listing: DestinationListing,
        generated: String?,
        probe: ProbeReport?,
        notice: ChannelProbe?,
        warnings: [String]
    ) {
        let destination = listing.destination
        guard self.output.json else {
            print("destination \(PrintableText.escape(destination.name)) created: \(destination.id)")
            print("  target  \(DestinationReport(listing).target)")
            if let generated { print("  secret  \(generated)   (shown once; give it to whoever receives the events)") }
            probe?.printText()
            if let notice { print("  probe   \(notice.text)") }
            DestinationWarnings.printText(warnings)
            return
        }
        var writer = JSONWriter()
        writer.beginObject()
        DestinationReport(listing).write(to: &writer)
        writer.member("generated_secret", string: generated)
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
