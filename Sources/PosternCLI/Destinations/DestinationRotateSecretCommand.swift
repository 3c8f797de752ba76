internal import ArgumentParser
internal import PosternJSON
internal import PosternModel
internal import PosternOperations
internal import PosternOutbound
internal import PosternStore

/// `postern destination rotate-secret`.
struct DestinationRotateSecretCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "rotate-secret",
        abstract: "Sign with a new secret; the old ones sign beside it for a while.",
        discussion: """
            Until the old secrets expire each request carries a signature by each of them, so the receiver may change \
            over in between.

            Example: postern destination rotate-secret shop --grace-hours 48
            """
    )

    @OptionGroup var reference: DestinationReference
    @Option(help: "The new secret, 'whsec_…'; '-' reads it from standard input; random unless said.") var secret:
        String?
    @Option(help: "How many hours the old secrets sign beside it: 0 to 2160.") var graceHours = 24
    @OptionGroup var administration: AdministrationOptions
    @OptionGroup var output: OutputOptions

    mutating func run() async throws {
        guard (0...24 * 90).contains(self.graceHours) else {
            throw CommandFailure(code: "bad_option", message: "--grace-hours is \(self.graceHours), must be 0 to 2160")
        }
        let given = try self.secret.map { text in text == "-" ? try InputFile.line() : text }
        let text = given ?? SigningSecret.generate().text
        let reference = self.reference
        let grace = Duration.seconds(self.graceHours * 3600)
        let result = try await self.administration.run(sealing: true) { administration, connection in
            let secret = try DestinationCheck().signing(text)
            let destination = try reference.find(administration, &connection).destination
            let rotated = try administration.rotateDestinationSecret(
                secret,
                of: destination.id,
                grace: grace,
                &connection,
                within: AdministrationOptions.limit
            )
            return (name: destination.name, added: rotated.added, retiring: rotated.retiring)
        }
        guard self.output.json else {
            let name = PrintableText.escape(result.name)
            let old = "\(result.retiring.count) old ones expire in \(self.graceHours) h"
            print("destination \(name): new signing secret \(result.added); \(old)")
            if given == nil { print("  secret  \(text)   (shown once; give it to whoever receives the events)") }
            return
        }
        var writer = JSONWriter()
        writer.beginObject()
        writer.member("added", string: result.added.description)
        writer.name("retiring")
        writer.beginArray()
        for id in result.retiring { writer.string(id.description) }
        writer.endArray()
        writer.member("generated_secret", string: given == nil ? text : nil)
        writer.endObject()
        print(writer.text)
    }
}
