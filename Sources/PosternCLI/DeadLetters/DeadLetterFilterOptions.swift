internal import ArgumentParser
internal import PosternModel
internal import PosternPostgres
internal import PosternStore

/// Which dead letters a command is about.
struct DeadLetterFilterOptions: ParsableArguments {
    @Option(help: "Only those of this organization, by name or id.") var org: String?
    @Option(help: "Only those of this platform.") var platform: String?
    @Option(help: "Only events of this type; '*' is any run of characters, '?' one.") var type: String?
    @Option(help: "Only those that failed for this reason, such as http_5xx.") var reason: String?
    @Option(help: "Only events for this destination, by name or id; a deleted one by id.") var destination: String?
    @Option(help: "Only those of this endpoint, by key, id or name.") var endpoint: String?
    @Option(help: "Only those of the group with this fingerprint.") var fingerprint: String?
    @Option(help: "Only those made since: 2026-11-20T12:00:00Z, or 24h for a day ago.") var since: String?
    @Option(help: "Only those made before: a time like --since.") var until: String?

    /// Whether anything was said.
    var isEmpty: Bool {
        [
            self.org, self.platform, self.type, self.reason, self.destination, self.endpoint, self.fingerprint,
            self.since, self.until,
        ].allSatisfy { $0 == nil }
    }

    /// Looks up what is named.
    ///
    /// Throws ``CommandFailure``, `ConfigurationError` and `PostgresError`.
    func filter(
        states: [DeadLetterState],
        _ administration: Administration,
        _ connection: inout Connection
    ) throws -> DeadLetterFilter {
        let limit = AdministrationOptions.limit
        var filter = DeadLetterFilter(
            states: states,
            platform: self.platform,
            typeGlob: self.type,
            reason: self.reason
        )
        if let org { filter.organization = try administration.organization(org, &connection, within: limit) }
        if let destination {
            let found = try administration.letterDestination(
                named: destination,
                of: filter.organization,
                &connection
            )
            filter.destination = found.id
            filter.organization = found.organization
        }
        if let endpoint {
            filter.endpoint = try administration.endpoint(endpoint, &connection, within: limit).endpoint.id
        }
        if let fingerprint {
            guard let id = UniqueID(fingerprint) else {
                throw CommandFailure(
                    code: "bad_option",
                    message: "--fingerprint takes what 'postern deadletter groups' shows, not '\(fingerprint)'"
                )
            }
            filter.fingerprint = id
        }
        filter.since = try self.since.map { try TimeText.parse($0, option: "--since") }
        filter.until = try self.until.map { try TimeText.parse($0, option: "--until") }
        return filter
    }

    /// Reads states as words.
    ///
    /// - Throws: ``CommandFailure``.
    static func states(_ words: [String], otherwise: [DeadLetterState]) throws -> [DeadLetterState] {
        if words.isEmpty { return otherwise }
        var states: [DeadLetterState] = []
        for word in words {
            if word == "all" { return DeadLetterState.allCases }
            guard let state = DeadLetterState(rawValue: word) else {
                throw CommandFailure(
                    code: "bad_option",
                    message: "--state is open, acknowledged, resolved, discarded or all, not '\(word)'"
                )
            }
            if !states.contains(state) { states.append(state) }
        }
        return states
    }

    /// Reads a dead letter's id.
    ///
    /// - Throws: ``CommandFailure``.
    static func letter(_ text: String) throws -> DeadLetterID {
        guard let id = DeadLetterID(text: text) else {
            throw CommandFailure(code: "bad_id", message: "'\(text)' is not the id of a dead letter")
        }
        return id
    }
}
