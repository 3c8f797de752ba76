internal import PosternJSON
internal import PosternModel
internal import PosternStore

extension RenormalizationScope {
    /// Writes the members of a plan.
    func write(into writer: inout JSONWriter) {
        if let organization { writer.member("organization", string: organization.description) }
        writer.member("platform", string: self.platform)
        writer.member("definition_version", integer: Int64(self.definitionVersion))
        if let endpoint { writer.member("endpoint", string: endpoint.description) }
        writer.member("since", string: self.since.description)
        writer.member("until", string: self.until.description)
    }

    /// Reads the members of a plan.
    init(_ plan: PlanReader) throws(JobWorkError) {
        guard let number = try plan.integer("definition_version") else { throw .missing("definition_version") }
        guard let version = Int32(exactly: number) else { throw .invalid("definition_version") }
        guard let since = try plan.time("since") else { throw .missing("since") }
        guard let until = try plan.time("until") else { throw .missing("until") }
        self.init(
            organization: try plan.id("organization"),
            platform: try plan.requiredText("platform"),
            definitionVersion: version,
            endpoint: try plan.id("endpoint"),
            since: since,
            until: until
        )
    }
}
