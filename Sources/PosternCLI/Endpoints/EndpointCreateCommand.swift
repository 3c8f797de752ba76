internal import ArgumentParser
internal import PosternCrypto
internal import PosternJSON
internal import PosternModel
internal import PosternPlatforms
internal import PosternSettings
internal import PosternStore

/// `postern endpoint create`.
struct EndpointCreateCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "create",
        abstract: "Create an endpoint and show its URL.",
        discussion: """
            The secret is the one from the platform's console; '-' reads it from standard input, so that it stays out of \
            the shell's history. Without --secret a random one is made and shown once.

            Examples:
              postern endpoint create --org acme --platform meta --name pages --secret -
              postern endpoint create --org acme --platform tiktok-shop --name shop --secret - --parameter app_key=6aexample
            """
    )

    @Option(help: "The organization's name or id.") var org: String
    @Option(help: "The platform; see 'postern platforms list'.") var platform: String
    @Option(help: "What you call it, unique per organization and platform.") var name = "default"
    @Option(help: "The signature scheme; see 'postern platforms show'.") var scheme: String?
    @Option(help: "The signing secret; '-' reads it from standard input.") var secret: String?
    @Option(name: .customLong("secret-of"), help: "A secret of another kind, KIND=VALUE. May be repeated.") var secrets:
        [String] = []
    @Option(name: .customLong("parameter"), help: "A setting the platform asks for, NAME=VALUE. May be repeated.")
    var parameters: [String] = []
    @Option(help: "How many seconds a signed time may be old; the definition decides unless said.") var tolerance:
        Int32?
    @Flag(help: "Events belong to the organization their account is mapped to.") var routesAccounts = false
    @OptionGroup var options: EndpointChangeOptions
    @OptionGroup var administration: AdministrationOptions
    @OptionGroup var catalogOptions: CatalogOptions
    @OptionGroup var output: OutputOptions

    mutating func run() async throws {
        let catalog = try self.catalogOptions.catalog()
        guard let platformName = PlatformName(self.platform), let platform = catalog.platform(named: platformName)
        else {
            throw CommandFailure(
                code: "unknown_platform",
                message: "there is no platform '\(self.platform)'; see 'postern platforms list'"
            )
        }
        let draft = try EndpointDraft(
            platform: platform,
            scheme: self.scheme,
            secret: try self.secret.map { text in text == "-" ? try InputFile.line() : text },
            secrets: try Pairs.parse(self.secrets, option: "--secret-of"),
            parameters: try Pairs.parse(self.parameters, option: "--parameter")
        )
        let change = try self.options.change()
        let reference = self.org
        let name = self.name
        let tolerance = self.tolerance
        let routes = self.routesAccounts
        let endpoint = try await self.administration.run(sealing: true) { administration, connection in
            let limit = AdministrationOptions.limit
            let organization = try administration.organization(reference, &connection, within: limit)
            let endpoint = try administration.createEndpoint(
                NewEndpoint(
                    organization: organization,
                    platform: platformName,
                    name: name,
                    scheme: draft.scheme,
                    parameters: draft.parameters,
                    toleranceSeconds: tolerance,
                    routesAccounts: routes,
                    secrets: draft.secrets
                ),
                &connection,
                within: limit
            )
            if change == EndpointChange() { return endpoint }
            // Nobody knows the URL yet, so nothing comes in before this.
            try administration.configureEndpoint(endpoint.id, change, &connection, within: limit)
            return try administration.endpoint("\(endpoint.id)", &connection, within: limit).endpoint
        }
        let origin = try await self.administration.process.settings().publicOrigin
        self.show(endpoint, draft: draft, url: endpoint.url(origin: origin))
    }

    private func show(_ endpoint: EndpointRecord, draft: EndpointDraft, url: String) {
        guard self.output.json else {
            print("endpoint \(endpoint.name) created: \(endpoint.id)")
            print("  url     \(url)")
            print("  key     \(endpoint.key)")
            for (kind, text) in draft.generated {
                print("  \(kind.padded(7))\(text)   (shown once; give it to the platform)")
            }
            for warning in draft.warnings { print("  note    \(warning)") }
            return
        }
        var writer = JSONWriter()
        writer.beginObject()
        writer.member("id", string: endpoint.id.description)
        writer.member("organization", string: endpoint.organization.description)
        writer.member("platform", string: endpoint.platform.text)
        writer.member("name", string: endpoint.name)
        writer.member("scheme", string: endpoint.scheme)
        writer.member("key", string: endpoint.key.text)
        writer.member("url", string: url)
        writer.settings(of: endpoint)
        writer.name("generated_secrets")
        writer.beginObject()
        for (kind, text) in draft.generated { writer.member(kind, string: text) }
        writer.endObject()
        writer.endObject()
        print(writer.text)
    }
}
