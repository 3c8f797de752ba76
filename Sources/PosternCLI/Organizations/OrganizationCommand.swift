internal import ArgumentParser
internal import PosternJSON
internal import PosternModel
internal import PosternStore

/// `postern org`.
struct OrganizationCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "org",
        abstract: "Create and list organizations (tenants), and set their tier.",
        subcommands: [
            OrganizationCreateCommand.self, OrganizationListCommand.self, OrganizationSetTierCommand.self,
        ]
    )
}

/// `postern org create`.
struct OrganizationCreateCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "create",
        abstract: "Create an organization.",
        discussion: "Example: postern org create acme --tier pro"
    )

    @Argument(help: "Its name, unique, 1 to 100 characters.") var name: String
    @Option(help: "free, basic, standard, pro, enterprise or unlimited.") var tier = "standard"
    @OptionGroup var administration: AdministrationOptions
    @OptionGroup var output: OutputOptions

    mutating func run() async throws {
        let name = self.name
        let tier = self.tier
        let id = try await self.administration.run { administration, connection in
            try administration.createOrganization(
                name: name,
                tier: tier,
                &connection,
                within: AdministrationOptions.limit
            )
        }
        guard self.output.json else {
            print("organization \(name) created, tier \(tier): \(id)")
            return
        }
        var writer = JSONWriter()
        writer.beginObject()
        writer.member("id", string: id.description)
        writer.member("name", string: name)
        writer.member("tier", string: tier)
        writer.endObject()
        print(writer.text)
    }
}

/// `postern org list`.
struct OrganizationListCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "list",
        abstract: "List the organizations with the limits in force.",
        discussion: "Example: postern org list --json"
    )

    @OptionGroup var administration: AdministrationOptions
    @OptionGroup var output: OutputOptions

    mutating func run() async throws {
        let organizations = try await self.administration.run { administration, connection in
            try administration.organizations(&connection, within: AdministrationOptions.limit)
        }
        guard self.output.json else {
            var table = TextTable("NAME", "TIER", "LIMIT", "CREATED", "ID")
            for organization in organizations {
                table.add(
                    organization.name,
                    organization.tier,
                    organization.limit.text,
                    "\(organization.createdAt)",
                    "\(organization.id)"
                )
            }
            print(table.text)
            return
        }
        var writer = JSONWriter()
        writer.beginArray()
        for organization in organizations {
            writer.beginObject()
            writer.member("id", string: organization.id.description)
            writer.member("name", string: organization.name)
            writer.member("tier", string: organization.tier)
            writer.member("requests_per_minute", integer: organization.requestsPerMinute.map(Int64.init))
            writer.member("burst", integer: organization.limit.burstInForce.map(Int64.init))
            writer.member("created_at", string: organization.createdAt.description)
            writer.endObject()
        }
        writer.endArray()
        print(writer.text)
    }
}

extension OrganizationRecord {
    /// The numbers in force; whether they refuse is the tier's to say.
    fileprivate var limit: ConfiguredLimit {
        ConfiguredLimit(requestsPerMinute: self.requestsPerMinute, burst: self.burst)
    }
}
