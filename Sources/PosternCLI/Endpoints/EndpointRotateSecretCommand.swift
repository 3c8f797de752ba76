internal import ArgumentParser
internal import PosternJSON
internal import PosternModel
internal import PosternPlatforms
internal import PosternStore

/// `postern endpoint rotate-secret`.
struct EndpointRotateSecretCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "rotate-secret",
        abstract: "Add a new secret; the old ones stay valid for a while.",
        discussion: """
            Both prove requests until the old ones expire, so the platform's console may be changed in between. \
            'postern endpoint secrets' says when the old one is out of use.

            Example: postern endpoint rotate-secret abcdefghijklmnopqrstuvwxyz --secret - --grace-hours 48
            """
    )

    @Argument(help: "The endpoint's key, id or name.") var endpoint: String
    @Option(help: "The new secret; '-' reads it from standard input; without it a random one is made.") var secret:
        String?
    @Option(help: "Which kind of secret: signing, or one the platform names.") var kind = SecretKind.signing
    @Option(help: "How many hours the old secrets stay valid.") var graceHours = 24
    @OptionGroup var administration: AdministrationOptions
    @OptionGroup var catalogOptions: CatalogOptions
    @OptionGroup var output: OutputOptions

    mutating func run() async throws {
        guard (0...24 * 90).contains(self.graceHours) else {
            throw CommandFailure(code: "bad_option", message: "--grace-hours is \(self.graceHours), must be 0 to 2160")
        }
        let catalog = try self.catalogOptions.catalog()
        let reference = self.endpoint
        let kind = self.kind
        let grace = Duration.seconds(self.graceHours * 3600)
        let given = try self.secret.map { text in text == "-" ? try InputFile.line() : text }
        let result = try await self.administration.run(sealing: true) { administration, connection in
            let limit = AdministrationOptions.limit
            let endpoint = try administration.endpoint(reference, &connection, within: limit).endpoint
            guard let platform = catalog.platform(named: endpoint.platform) else {
                throw CommandFailure(
                    code: "unknown_platform",
                    message: "this program has no definition of \(endpoint.platform)"
                )
            }
            let draft = try EndpointDraft(
                platform: platform,
                scheme: endpoint.scheme,
                secret: kind == SecretKind.signing ? given : nil,
                secrets: kind == SecretKind.signing ? [] : given.map { [(name: kind, value: $0)] } ?? [],
                parameters: endpoint.parameters.map { (name: $0.key, value: $0.value) }
            )
            guard let secret = draft.secrets.first(where: { $0.kind == kind }) else {
                throw CommandFailure(
                    code: "secret_required",
                    message: "a secret of the kind '\(kind)' must be given with --secret"
                )
            }
            let rotated = try administration.rotateSecret(
                secret.secret,
                kind: kind,
                of: endpoint.id,
                grace: grace,
                &connection,
                within: limit
            )
            return (
                name: endpoint.name, added: rotated.added, retiring: rotated.retiring,
                generated: draft.generated.first { $0.kind == kind }?.text,
                uses: try SecretMatches.read(endpoint.id, &connection, within: limit)
            )
        }
        let table = SecretTable(result.uses)
        guard self.output.json else {
            print(
                "endpoint \(result.name): new \(kind) secret \(result.added); \(result.retiring.count) old ones expire in \(self.graceHours) h"
            )
            if let generated = result.generated {
                print("  \(kind.padded(8))\(generated)   (shown once; give it to the platform)")
            }
            print("")
            table.printText()
            return
        }
        var writer = JSONWriter()
        writer.beginObject()
        writer.member("added", string: result.added.description)
        writer.name("retiring")
        writer.beginArray()
        for id in result.retiring { writer.string(id.description) }
        writer.endArray()
        if let generated = result.generated { writer.member("generated_secret", string: generated) }
        writer.name("secrets")
        table.write(to: &writer)
        writer.endObject()
        print(writer.text)
    }
}
