internal import ArgumentParser
internal import PosternJSON
internal import PosternModel
internal import PosternStore

/// `postern org set-tier`.
struct OrganizationSetTierCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "set-tier",
        abstract: "Put an organization into another tier, or give it numbers of its own.",
        discussion: """
            Numbers given here are the organization's own and go before the tier's. Without any, those it has stay; \
            --no-override takes them away. Running gateways take it over at once.

            Examples:
              postern org set-tier acme pro
              postern org set-tier acme pro --requests-per-minute 500 --burst 100
              postern org set-tier acme unlimited --no-override
            """
    )

    @Argument(help: "The organization's name or id.") var organization: String
    @Argument(help: "free, basic, standard, pro, enterprise or unlimited; see 'postern limits list'.") var tier: String
    @Option(help: "Its own limit, in requests a minute.") var requestsPerMinute: Int32?
    @Option(help: "How many may come at once; with a limit of its own as many as in a minute unless said.") var burst:
        Int32?
    @Flag(help: "Take its own numbers away: the tier's hold.") var noOverride = false
    @OptionGroup var administration: AdministrationOptions
    @OptionGroup var output: OutputOptions

    mutating func run() async throws {
        let hasNumbers = self.requestsPerMinute != nil || self.burst != nil
        if self.noOverride, hasNumbers {
            throw CommandFailure(
                code: "bad_option",
                message: "--no-override and numbers of its own exclude each other"
            )
        }
        let reference = self.organization
        let tier = self.tier
        let rate = self.requestsPerMinute
        let burst = self.burst ?? rate
        let clears = self.noOverride
        let status = try await self.administration.run { administration, connection in
            let limit = AdministrationOptions.limit
            let organization = try administration.organization(reference, &connection, within: limit)
            if hasNumbers {
                try administration.setLimits(
                    of: organization,
                    tier: tier,
                    requestsPerMinute: rate,
                    burst: burst,
                    &connection,
                    within: limit
                )
            } else {
                try administration.setTier(
                    of: organization,
                    tier: tier,
                    clearOverrides: clears,
                    &connection,
                    within: limit
                )
            }
            guard let status = try LimitReader.status(of: organization, &connection, within: limit) else {
                throw ConfigurationError.organizationNotFound(reference)
            }
            return status
        }
        guard self.output.json else {
            let own = status.hasOverride ? " (its own numbers)" : ""
            print("organization \(status.name): tier \(status.tier), \(status.limit.text)\(own), \(status.limit.mode)")
            return
        }
        var writer = JSONWriter()
        writer.beginObject()
        writer.member("id", string: status.organization.description)
        writer.member("name", string: status.name)
        writer.member("tier", string: status.tier)
        writer.members(of: status.limit)
        writer.member("overridden", boolean: status.hasOverride)
        writer.endObject()
        print(writer.text)
    }
}
