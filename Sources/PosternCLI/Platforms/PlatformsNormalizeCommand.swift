internal import ArgumentParser
internal import PosternJSON
internal import PosternModel
internal import PosternPlatforms

/// `postern platforms normalize`: splits a body into events and prints them.
struct PlatformsNormalizeCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "normalize",
        abstract: "Split a body from standard input into events, one JSON line each.",
        discussion: "Example: postern platforms normalize meta < body.json"
    )

    @Argument(help: "The platform: its folder's name, or an alias of one of its schemes.") var name: String
    @Option(help: "The request's Content-Type.") var contentType: String?
    @Option(name: .customLong("header"), help: "A header of the request, 'Name: value'. May be repeated.")
    var headers: [String] = []
    @Flag(help: "Print the data of each event, too.") var data = false
    @OptionGroup var catalogOptions: CatalogOptions

    mutating func run() async throws {
        let catalog = try self.catalogOptions.catalog()
        guard
            let platform = PlatformName(self.name).flatMap({ catalog.platform(named: $0) })
                ?? catalog.scheme(forAlias: self.name)?.platform
        else {
            throw CommandFailure(
                code: "unknown_platform",
                message: "there is no platform '\(self.name)'; see 'postern platforms list'"
            )
        }
        var fields = try HeaderText.parse(self.headers)
        if let contentType = self.contentType { fields.append(("content-type", contentType)) }
        let body = try InputFile.read("-")
        let normalized: Normalized
        do throws(NormalizationError) {
            normalized = try platform.events.events(
                body: body,
                contentType: self.contentType,
                source: DeliveryFacts(headers: fields)
            )
        } catch {
            throw CommandFailure(code: error.code, message: "the body cannot be normalized: \(error)")
        }
        for event in normalized.events {
            var line = JSONWriter()
            line.beginObject()
            line.member("type", string: event.type)
            line.name("account")
            if let account = event.account { line.string(account) } else { line.null() }
            line.member("key", string: event.key)
            line.name("time")
            if let time = event.time { line.string(time.description) } else { line.null() }
            if let subject = event.subject { line.member("subject", string: subject) }
            line.member("recognized", boolean: event.recognized)
            if self.data { line.member("data", raw: event.data) }
            line.endObject()
            print(line.text)
        }
    }
}
