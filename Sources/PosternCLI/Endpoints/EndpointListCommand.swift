internal import ArgumentParser
internal import PosternJSON
internal import PosternModel
internal import PosternSettings
internal import PosternStore

/// `postern endpoint list`.
struct EndpointListCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "list",
        abstract: "List endpoints with their URLs.",
        discussion: "Example: postern endpoint list --org acme --json"
    )

    @Option(help: "Only those of this organization, by name or id.") var org: String?
    @OptionGroup var administration: AdministrationOptions
    @OptionGroup var output: OutputOptions

    mutating func run() async throws {
        let reference = self.org
        let listings = try await self.administration.run { administration, connection in
            let limit = AdministrationOptions.limit
            let organization = try reference.map { text in
                try administration.organization(text, &connection, within: limit)
            }
            return try administration.endpoints(of: organization, &connection, within: limit)
        }
        let origin = try await self.administration.process.settings().publicOrigin
        guard self.output.json else {
            var table = TextTable("ORGANIZATION", "PLATFORM", "NAME", "STATE", "SCHEME", "SECRETS", "URL")
            for listing in listings {
                let endpoint = listing.endpoint
                table.add(
                    listing.organizationName,
                    endpoint.platform.text,
                    endpoint.name,
                    endpoint.state.rawValue,
                    endpoint.scheme,
                    "\(listing.activeSecrets)",
                    endpoint.url(origin: origin)
                )
            }
            print(table.text)
            return
        }
        var writer = JSONWriter()
        writer.beginArray()
        for listing in listings {
            let endpoint = listing.endpoint
            writer.beginObject()
            writer.member("id", string: endpoint.id.description)
            writer.member("organization", string: listing.organizationName)
            writer.member("organization_id", string: endpoint.organization.description)
            writer.member("platform", string: endpoint.platform.text)
            writer.member("name", string: endpoint.name)
            writer.member("scheme", string: endpoint.scheme)
            writer.member("state", string: endpoint.state.rawValue)
            writer.member("key", string: endpoint.key.text)
            writer.member("url", string: endpoint.url(origin: origin))
            writer.member("lane", integer: Int64(endpoint.lane.number))
            writer.member("active_secrets", integer: listing.activeSecrets)
            writer.member("routes_accounts", boolean: endpoint.routesAccounts)
            writer.settings(of: endpoint)
            writer.member("created_at", string: endpoint.createdAt.description)
            writer.endObject()
        }
        writer.endArray()
        print(writer.text)
    }
}
