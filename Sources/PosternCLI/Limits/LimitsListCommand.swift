internal import ArgumentParser
internal import PosternJSON
internal import PosternStore

/// `postern limits list`.
struct LimitsListCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "list",
        abstract: "List the tiers and the gateways' own limits.",
        discussion: """
            A tier holds for the verified requests of each organization in it. The gateways' own limits hold for each \
            address and each endpoint (requests that failed verification), each endpoint (verified ones), and all \
            verified requests together.

            Example: postern limits list --json
            """
    )

    @OptionGroup var administration: AdministrationOptions
    @OptionGroup var output: OutputOptions

    mutating func run() async throws {
        let (tiers, scopes) = try await self.administration.run { _, connection in
            let limit = AdministrationOptions.limit
            return (
                try LimitReader.tiers(&connection, within: limit), try LimitReader.scopes(&connection, within: limit)
            )
        }
        guard self.output.json else {
            var table = TextTable("TIER", "ORGANIZATIONS", "MODE", "LIMIT")
            for tier in tiers { table.add(tier.name, "\(tier.organizations)", tier.limit.mode, tier.limit.text) }
            print(table.text)
            print("")
            var others = TextTable("GATEWAY", "COUNTS", "MODE", "LIMIT")
            for scope in LimitScope.allCases {
                let limit = scopes[scope] ?? .unlimited
                others.add(scope.rawValue, scope.about, limit.mode, limit.text)
            }
            print(others.text)
            return
        }
        var writer = JSONWriter()
        writer.beginObject()
        writer.name("tiers")
        writer.beginArray()
        for tier in tiers {
            writer.beginObject()
            writer.member("name", string: tier.name)
            writer.member("organizations", integer: tier.organizations)
            writer.members(of: tier.limit)
            writer.endObject()
        }
        writer.endArray()
        writer.name("gateway")
        writer.beginArray()
        for scope in LimitScope.allCases {
            writer.beginObject()
            writer.member("name", string: scope.rawValue)
            writer.members(of: scopes[scope] ?? .unlimited)
            writer.endObject()
        }
        writer.endArray()
        writer.endObject()
        print(writer.text)
    }
}

extension LimitScope {
    /// What the limit counts, in words.
    fileprivate var about: String {
        switch self {
        case .address: "not verified, per address"
        case .unverified: "not verified, per endpoint"
        case .endpoint: "verified, per endpoint"
        case .global: "verified, all together"
        }
    }
}
