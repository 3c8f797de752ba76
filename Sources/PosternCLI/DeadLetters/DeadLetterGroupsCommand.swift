internal import ArgumentParser
internal import PosternJSON
internal import PosternModel
internal import PosternStore

/// `postern deadletter groups`.
struct DeadLetterGroupsCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "groups",
        abstract: "Group dead letters that failed alike, the largest group first.",
        discussion: """
            Alike: same organization, platform, type, reason, destination and definition version. The fingerprint names \
            the group to the other commands.

            Examples:
              postern deadletter groups --since 7d
              postern deadletter replay --all --fingerprint 4f0c2a51-7b0e-93a1-1d2e-0a6b8c9d0e1f --dry-run
            """
    )

    @OptionGroup var filters: DeadLetterFilterOptions
    @Option(help: "open, acknowledged, resolved, discarded or all; may be given several times.") var state: [String] =
        []
    @Option(help: "How many groups, 1 to 1000.") var limit = 50
    @OptionGroup var administration: AdministrationOptions
    @OptionGroup var output: OutputOptions

    mutating func run() async throws {
        guard DeadLetterReader.limits.contains(self.limit) else {
            throw CommandFailure(code: "bad_option", message: "--limit is \(self.limit), must be 1 to 1000")
        }
        let states = try DeadLetterFilterOptions.states(self.state, otherwise: DeadLetterState.unsettled)
        let (filters, limit) = (self.filters, self.limit)
        let (groups, names) = try await self.administration.run { administration, connection in
            let filter = try filters.filter(states: states, administration, &connection)
            let within = AdministrationOptions.limit
            let groups = try DeadLetterReader.groups(filter, limit: limit, &connection, within: within)
            let names = try ReviewNames.read(
                organizations: groups.map(\.organization),
                destinations: groups.compactMap(\.destination),
                &connection,
                within: within
            )
            return (groups, names)
        }
        guard self.output.json else {
            var table = TextTable(
                "COUNT",
                "REPLAYING",
                "FIRST SEEN",
                "LAST SEEN",
                "ORGANIZATION",
                "DESTINATION",
                "PLATFORM",
                "TYPE",
                "REASON",
                "FINGERPRINT"
            )
            for group in groups {
                table.add(
                    "\(group.count)",
                    "\(group.replaying)",
                    "\(group.firstSeen)",
                    "\(group.lastSeen)",
                    names.text(group.organization),
                    names.text(group.destination),
                    group.platform,
                    PrintableText.escape(group.type ?? "-"),
                    group.reason,
                    "\(group.fingerprint)"
                )
            }
            print(table.text)
            return
        }
        var writer = JSONWriter()
        writer.beginArray()
        for group in groups {
            writer.beginObject()
            writer.member("organization", string: group.organization.description)
            writer.member("organization_name", string: names.organizations[group.organization])
            writer.member("fingerprint", string: group.fingerprint.description)
            writer.member("platform", string: group.platform)
            writer.member("type", string: group.type)
            writer.member("reason", string: group.reason)
            writer.member("destination", string: group.destination?.description)
            writer.member("destination_name", string: group.destination.flatMap { names.destinations[$0]?.name })
            writer.member(
                "destination_deleted",
                boolean: group.destination.flatMap { names.destinations[$0]?.isDeleted } ?? false
            )
            writer.member("count", integer: group.count)
            writer.member("replaying", integer: group.replaying)
            writer.member("first_seen", string: group.firstSeen.description)
            writer.member("last_seen", string: group.lastSeen.description)
            writer.endObject()
        }
        writer.endArray()
        print(writer.text)
    }
}
