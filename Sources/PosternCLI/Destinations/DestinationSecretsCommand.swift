internal import ArgumentParser
internal import PosternJSON
internal import PosternModel
internal import PosternStore

/// `postern destination secrets`.
struct DestinationSecretsCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "secrets",
        abstract: "Show a destination's signing secrets and headers, without their text.",
        discussion: "Example: postern destination secrets shop"
    )

    @OptionGroup var reference: DestinationReference
    @OptionGroup var administration: AdministrationOptions
    @OptionGroup var output: OutputOptions

    mutating func run() async throws {
        let reference = self.reference
        let secrets = try await self.administration.run { administration, connection in
            let id = try reference.find(administration, &connection).destination.id
            return try DestinationReader.secrets(of: id, &connection, within: AdministrationOptions.limit)
        }
        guard self.output.json else {
            var table = TextTable("KIND", "NAME", "ID", "STATE", "CREATED", "EXPIRES")
            for secret in secrets {
                table.add(
                    secret.kind.rawValue,
                    secret.name ?? "-",
                    "\(secret.id)",
                    secret.state.rawValue,
                    "\(secret.createdAt)",
                    (secret.revokedAt ?? secret.expiresAt)?.description ?? "-"
                )
            }
            print(table.text)
            return
        }
        var writer = JSONWriter()
        writer.beginArray()
        for secret in secrets {
            writer.beginObject()
            writer.member("id", string: secret.id.description)
            writer.member("kind", string: secret.kind.rawValue)
            writer.member("name", string: secret.name)
            writer.member("state", string: secret.state.rawValue)
            writer.member("created_at", string: secret.createdAt.description)
            writer.member("expires_at", string: secret.expiresAt?.description)
            writer.member("revoked_at", string: secret.revokedAt?.description)
            writer.endObject()
        }
        writer.endArray()
        print(writer.text)
    }
}
