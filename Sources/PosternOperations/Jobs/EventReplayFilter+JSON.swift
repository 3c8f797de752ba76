internal import PosternJSON
internal import PosternModel
internal import PosternStore

extension EventReplayFilter {
    /// Writes the members of a plan.
    func write(into writer: inout JSONWriter) {
        writer.member("organization", string: self.organization.description)
        writer.member("destination", string: self.destination.description)
        if let endpoint { writer.member("endpoint", string: endpoint.description) }
        if let platform { writer.member("platform", string: platform) }
        if let typeGlob { writer.member("type", string: typeGlob) }
        if let account { writer.member("account", string: account) }
        if let since { writer.member("since", string: since.description) }
        if let until { writer.member("until", string: until.description) }
    }

    /// Reads the members of a plan.
    init(_ plan: PlanReader) throws(JobWorkError) {
        self.init(
            organization: try plan.requiredID("organization"),
            destination: try plan.requiredID("destination"),
            endpoint: try plan.id("endpoint"),
            platform: try plan.text("platform"),
            typeGlob: try plan.text("type"),
            account: try plan.text("account"),
            since: try plan.time("since"),
            until: try plan.time("until")
        )
    }
}
