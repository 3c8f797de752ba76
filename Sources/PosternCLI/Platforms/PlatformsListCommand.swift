internal import ArgumentParser
internal import PosternJSON
internal import PosternModel
internal import PosternPlatforms

/// `postern platforms list`.
struct PlatformsListCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "list",
        abstract: "List the platforms this program knows.",
        discussion: "Example: postern platforms list --answers"
    )

    @Flag(help: "Show what each sender does after 429 and 503, and which of them it gets over a limit.")
    var answers = false
    @OptionGroup var catalogOptions: CatalogOptions
    @OptionGroup var output: OutputOptions

    mutating func run() async throws {
        let catalog = try self.catalogOptions.catalog()
        if self.answers {
            let table = LimitAnswers(catalog)
            print(self.output.json ? table.json : table.markdown)
            return
        }
        if self.output.json {
            var writer = JSONWriter()
            writer.beginArray()
            for platform in catalog.all {
                writer.beginObject()
                writer.member("name", string: platform.name.text)
                writer.member("version", integer: Int64(platform.version))
                writer.member("title", string: platform.title)
                writer.member("confidence", string: platform.confidence.rawValue)
                writer.name("schemes")
                writer.beginArray()
                for scheme in platform.schemes { writer.string(scheme.name.text) }
                writer.endArray()
                writer.endObject()
            }
            writer.endArray()
            print(writer.text)
            return
        }
        var table = TextTable("PLATFORM", "VERSION", "SCHEMES", "CONFIDENCE", "TITLE")
        for platform in catalog.all {
            table.add(
                platform.name.text,
                "\(platform.version)",
                platform.schemes.map(\.name.text).joined(separator: ","),
                platform.confidence.rawValue,
                platform.title
            )
        }
        print(table.text)
    }
}
