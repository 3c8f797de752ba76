internal import ArgumentParser
internal import PosternJSON
internal import PosternPostgres
internal import PosternStore

/// `postern limits set`.
struct LimitsSetCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "set",
        abstract: "Set the limit of a tier, or one of the gateways' own.",
        discussion: """
            NAME is a tier, or one of address, unverified, endpoint and global. What is not given stays as it is. \
            Running gateways take it over at once. A limit in shadow mode refuses nothing and counts what it would \
            have refused.

            Examples:
              postern limits set pro --requests-per-minute 600 --burst 200
              postern limits set free --shadow
              postern limits set global --requests-per-minute unlimited
            """
    )

    @Argument(help: "A tier, or one of address, unverified, endpoint and global.") var name: String
    @Option(help: "How many requests a minute, or 'unlimited'.") var requestsPerMinute: String?
    @Option(help: "How many may come at once.") var burst: Int32?
    @Flag(help: "Count what would be refused, and refuse nothing.") var shadow = false
    @Flag(help: "Refuse what is over the limit.") var enforce = false
    @OptionGroup var administration: AdministrationOptions
    @OptionGroup var output: OutputOptions

    mutating func run() async throws {
        let change = try self.change()
        let name = self.name
        let limit = try await self.administration.run { administration, connection in
            let within = AdministrationOptions.limit
            guard let scope = LimitScope(rawValue: name) else {
                guard let tier = try LimitReader.tiers(&connection, within: within).first(where: { $0.name == name })
                else {
                    throw CommandFailure(
                        code: "unknown_limit",
                        message:
                            "there is no tier and no limit of the gateways named '\(name)'; see 'postern limits list'"
                    )
                }
                let limit = try change.applied(to: tier.limit)
                try administration.setTierLimit(name, limit, &connection, within: within)
                return limit
            }
            let old = try LimitReader.scopes(&connection, within: within)[scope] ?? .unlimited
            let limit = try change.applied(to: old)
            try administration.setScopeLimit(scope, limit, &connection, within: within)
            return limit
        }
        guard self.output.json else {
            print("\(name): \(limit.text), \(limit.mode)")
            return
        }
        var writer = JSONWriter()
        writer.beginObject()
        writer.member("name", string: name)
        writer.members(of: limit)
        writer.endObject()
        print(writer.text)
    }

    /// What was said.
    private struct Change: Sendable {
        /// `nil` leaves the rate; `.some(nil)` takes it away.
        let rate: Int32??
        let burst: Int32?
        let isShadow: Bool?

        /// The limit with the change in it.
        func applied(to old: ConfiguredLimit) throws -> ConfiguredLimit {
            let rate = self.rate ?? old.requestsPerMinute
            if rate == nil, self.burst != nil {
                throw CommandFailure(
                    code: "bad_option",
                    message: "without a limit there is no burst: leave --burst out"
                )
            }
            return ConfiguredLimit(
                requestsPerMinute: rate,
                burst: rate == nil ? nil : self.burst ?? old.burst,
                isShadow: self.isShadow ?? old.isShadow
            )
        }
    }

    private func change() throws -> Change {
        if self.shadow, self.enforce {
            throw CommandFailure(code: "bad_option", message: "--shadow and --enforce exclude each other")
        }
        if self.requestsPerMinute == nil, self.burst == nil, !self.shadow, !self.enforce {
            throw CommandFailure(
                code: "nothing_to_change",
                message: "say what to change: --requests-per-minute, --burst, --shadow or --enforce"
            )
        }
        var rate: Int32??
        if let text = self.requestsPerMinute {
            if text == "unlimited" {
                rate = .some(nil)
            } else if let number = Int32(text) {
                rate = number
            } else {
                throw CommandFailure(
                    code: "bad_option",
                    message: "--requests-per-minute takes a number or 'unlimited', not '\(text)'"
                )
            }
        }
        return Change(rate: rate, burst: self.burst, isShadow: self.shadow ? true : self.enforce ? false : nil)
    }
}
