internal import ArgumentParser
internal import PosternJSON
internal import PosternModel
internal import PosternStore

/// `postern limits show`.
struct LimitsShowCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "show",
        abstract: "Show an organization's limit, what is left of it, and what was refused.",
        discussion: """
            What is left is what the gateways report; they exchange their counts a few times a second.

            Example: postern limits show acme
            """
    )

    @Argument(help: "The organization's name or id.") var organization: String
    @OptionGroup var administration: AdministrationOptions
    @OptionGroup var output: OutputOptions

    mutating func run() async throws {
        let reference = self.organization
        let (status, scopes) = try await self.administration.run { administration, connection in
            let limit = AdministrationOptions.limit
            let organization = try administration.organization(reference, &connection, within: limit)
            guard let status = try LimitReader.status(of: organization, &connection, within: limit) else {
                throw ConfigurationError.organizationNotFound(reference)
            }
            return (status, try LimitReader.scopes(&connection, within: limit))
        }
        let endpointLimit = scopes[.endpoint] ?? .unlimited
        if self.output.json {
            Self.printJSON(status, endpointLimit)
        } else {
            Self.printText(status, endpointLimit)
        }
    }

    private static func printText(_ status: LimitStatus, _ endpointLimit: ConfiguredLimit) {
        print("organization \(status.name)")
        print("  tier          \(status.tier)")
        print("  limit         \(status.limit.text)\(status.hasOverride ? " (its own numbers)" : "")")
        print("  mode          \(status.limit.isShadow ? "shadow: counts, refuses nothing" : "enforced")")
        print("  budget left   \(Self.left(status.limit, status.debtMicroseconds))")
        print("  gateways      \(Self.gateways(status))")
        print("  last hour     \(status.accepted) accepted")
        let reasons = Set(status.refused.keys).union(status.shadowed.keys).sorted()
        if !reasons.isEmpty {
            print("")
            var table = TextTable("REASON", "REFUSED", "SHADOWED")
            for reason in reasons {
                table.add(reason, "\(status.refused[reason] ?? 0)", "\(status.shadowed[reason] ?? 0)")
            }
            print(table.text)
        }
        guard !status.endpoints.isEmpty else { return }
        print("")
        var table = TextTable("PLATFORM", "ENDPOINT", "LIMIT", "LEFT", "QUARANTINED", "BYTES", "KEY")
        for entry in status.endpoints {
            let limit = entry.endpoint.limit(default: endpointLimit)
            table.add(
                entry.endpoint.platform.text,
                entry.endpoint.name,
                limit.text + (entry.endpoint.requestsPerMinute == nil ? " (default)" : ""),
                Self.left(limit, entry.debtMicroseconds),
                "\(entry.quarantinedCount)",
                "\(entry.quarantinedBytes)",
                entry.endpoint.key.text
            )
        }
        print(table.text)
    }

    private static func left(_ limit: ConfiguredLimit, _ debt: Int64?) -> String {
        guard let burst = limit.burstInForce else { return "unlimited" }
        guard let left = debt.flatMap({ limit.left(debtMicroseconds: $0) }) else { return "unknown" }
        return "\(left) of \(burst)"
    }

    private static func gateways(_ status: LimitStatus) -> String {
        guard status.gateways > 0 else { return "none in the last 10 seconds" }
        return "\(status.gateways), sharing through \(status.shares.joined(separator: ", "))"
    }

    private static func printJSON(_ status: LimitStatus, _ endpointLimit: ConfiguredLimit) {
        var writer = JSONWriter()
        writer.beginObject()
        writer.member("organization", string: status.name)
        writer.member("organization_id", string: status.organization.description)
        writer.member("tier", string: status.tier)
        writer.members(of: status.limit)
        writer.member("overridden", boolean: status.hasOverride)
        writer.member("left", integer: Self.leftNumber(status.limit, status.debtMicroseconds))
        writer.member("gateways", integer: status.gateways)
        writer.name("shares")
        writer.beginArray()
        for share in status.shares { writer.string(share) }
        writer.endArray()
        writer.name("last_hour")
        writer.beginObject()
        writer.member("accepted", integer: status.accepted)
        writer.member("refused", counts: status.refused)
        writer.member("shadowed", counts: status.shadowed)
        writer.endObject()
        writer.name("endpoints")
        writer.beginArray()
        for entry in status.endpoints {
            let limit = entry.endpoint.limit(default: endpointLimit)
            writer.beginObject()
            writer.member("id", string: entry.endpoint.id.description)
            writer.member("platform", string: entry.endpoint.platform.text)
            writer.member("name", string: entry.endpoint.name)
            writer.member("key", string: entry.endpoint.key.text)
            writer.members(of: limit)
            writer.member("overridden", boolean: entry.endpoint.requestsPerMinute != nil)
            writer.member("left", integer: Self.leftNumber(limit, entry.debtMicroseconds))
            writer.member("quarantined", integer: entry.quarantinedCount)
            writer.member("quarantined_bytes", integer: entry.quarantinedBytes)
            writer.endObject()
        }
        writer.endArray()
        writer.endObject()
        print(writer.text)
    }

    private static func leftNumber(_ limit: ConfiguredLimit, _ debt: Int64?) -> Int64? {
        debt.flatMap { debt in limit.left(debtMicroseconds: debt) }.map(Int64.init)
    }
}

extension JSONWriter {
    /// Writes a member whose value is an object of numbers, by name.
    fileprivate mutating func member(_ name: String, counts: [String: Int64]) {
        self.name(name)
        self.beginObject()
        for (reason, count) in counts.sorted(by: { $0.key < $1.key }) { self.member(reason, integer: count) }
        self.endObject()
    }
}
