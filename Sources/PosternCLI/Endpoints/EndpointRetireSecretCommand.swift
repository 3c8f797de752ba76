internal import ArgumentParser
internal import PosternJSON
internal import PosternModel
internal import PosternStore

/// `postern endpoint retire-secret`.
struct EndpointRetireSecretCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "retire-secret",
        abstract: "End a secret at once.",
        discussion: """
            'postern endpoint secrets' shows which one is out of use. A secret that proved a request in the last 24 \
            hours, or that is the last active one of its kind, is ended with --force only.

            Example: postern endpoint retire-secret abcdefghijklmnopqrstuvwxyz 019aa000-0000-7000-8000-000000000001
            """
    )

    @Argument(help: "The endpoint's key, id or name.") var endpoint: String
    @Argument(help: "The secret's id.") var secret: String
    @Flag(help: "End it although it is in use.") var force = false
    @OptionGroup var administration: AdministrationOptions
    @OptionGroup var output: OutputOptions

    mutating func run() async throws {
        let reference = self.endpoint
        let text = self.secret
        let force = self.force
        let use = try await self.administration.run { administration, connection in
            let limit = AdministrationOptions.limit
            let endpoint = try administration.endpoint(reference, &connection, within: limit).endpoint
            let uses = try SecretMatches.read(endpoint.id, &connection, within: limit)
            guard let id = UniqueID(text).map(SecretID.init), let use = uses.first(where: { $0.id == id }) else {
                throw ConfigurationError.secretNotFound(text)
            }
            if !force { try Self.require(use, among: uses, now: .now()) }
            try administration.revokeSecret(id, of: endpoint.id, &connection, within: limit)
            return use
        }
        guard self.output.json else {
            print("\(use.kind) secret \(use.id) proves nothing any more")
            if use.matchesIn24Hours > 0 {
                print("  note    it proved \(use.matchesIn24Hours) requests in the last 24 hours")
            }
            return
        }
        var writer = JSONWriter()
        writer.beginObject()
        writer.member("id", string: use.id.description)
        writer.member("kind", string: use.kind)
        writer.member("matches_in_24_hours", integer: use.matchesIn24Hours)
        writer.endObject()
        print(writer.text)
    }

    /// Refuses to end a secret that is needed.
    private static func require(_ use: SecretUse, among uses: [SecretUse], now: Timestamp) throws {
        func isActive(_ use: SecretUse) -> Bool { use.expiresAt.map { end in now < end } ?? true }
        guard isActive(use) else { return }
        if use.matchesIn24Hours > 0 {
            throw CommandFailure(
                code: "secret_in_use",
                message: """
                    the secret \(use.id) proved \(use.matchesIn24Hours) requests in the last 24 hours: change it in the \
                    platform's console first, or end it all the same with --force
                    """
            )
        }
        guard uses.contains(where: { other in other.id != use.id && other.kind == use.kind && isActive(other) }) else {
            throw CommandFailure(
                code: "last_secret",
                message: """
                    the secret \(use.id) is the last active one of the kind '\(use.kind)': add another with 'postern \
                    endpoint rotate-secret' first, or end it all the same with --force
                    """
            )
        }
    }
}
