internal import PosternJSON
internal import PosternModel
internal import PosternStore

extension DeadLetterFilter {
    /// Writes the members of a plan.
    func write(into writer: inout JSONWriter) {
        writer.name("states")
        writer.beginArray()
        for state in self.states { writer.string(state.rawValue) }
        writer.endArray()
        if let organization { writer.member("organization", string: organization.description) }
        if let platform { writer.member("platform", string: platform) }
        if let typeGlob { writer.member("type", string: typeGlob) }
        if let reason { writer.member("reason", string: reason) }
        if let destination { writer.member("destination", string: destination.description) }
        if let endpoint { writer.member("endpoint", string: endpoint.description) }
        if let fingerprint { writer.member("fingerprint", string: fingerprint.description) }
        if let since { writer.member("since", string: since.description) }
        if let until { writer.member("until", string: until.description) }
    }

    /// Reads the members of a plan; a condition that cannot be read is refused and never taken for none.
    init(_ plan: PlanReader) throws(JobWorkError) {
        self.init()
        self.states = try plan.words("states").map { word throws(JobWorkError) in
            guard let state = DeadLetterState(rawValue: word) else { throw .invalid("states") }
            return state
        }
        if self.states.isEmpty { throw .invalid("states") }
        self.organization = try plan.id("organization")
        self.platform = try plan.text("platform")
        self.typeGlob = try plan.text("type")
        self.reason = try plan.text("reason")
        self.destination = try plan.id("destination")
        self.endpoint = try plan.id("endpoint")
        self.fingerprint = try plan.uniqueID("fingerprint")
        self.since = try plan.time("since")
        self.until = try plan.time("until")
    }
}
