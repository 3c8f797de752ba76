internal import ArgumentParser
internal import PosternJSON
internal import PosternModel
internal import PosternPlatforms

/// `postern platforms show`.
struct PlatformsShowCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "show",
        abstract: "Show what is known of a platform: schemes, secrets, settings, what its sender does.",
        discussion: "Example: postern platforms show tiktok-shop"
    )

    @Argument(help: "The platform's name.") var name: String
    @OptionGroup var catalogOptions: CatalogOptions
    @OptionGroup var output: OutputOptions

    mutating func run() async throws {
        guard let name = PlatformName(self.name), let platform = try self.catalogOptions.catalog().platform(named: name)
        else {
            throw CommandFailure(
                code: "unknown_platform",
                message: "there is no platform '\(self.name)'; see 'postern platforms list'"
            )
        }
        if self.output.json { self.printJSON(platform) } else { self.printText(platform) }
    }

    private func printText(_ platform: Platform) {
        print("\(platform.title)")
        print("  name            \(platform.name), definition version \(platform.version)")
        print("  documentation   \(platform.documentation)")
        print("  confidence      \(platform.confidence.rawValue)")
        print("  body limit      \(platform.bodyLimitBytes) bytes")
        print("schemes")
        for scheme in platform.schemes {
            let notes = [
                scheme.bindsBody ? nil : "does not bind the body", scheme.isOptIn ? "only when asked for" : nil,
                scheme.unsupportedAlgorithm.map { "not done yet: \($0)" },
            ].compactMap { $0 }
            print("  \(scheme.name.text.padded(16))\(notes.joined(separator: ", "))")
        }
        if !platform.secretKinds.isEmpty { print("secrets") }
        for kind in platform.secretKinds { print("  \(kind.name.padded(16))\(kind.about)") }
        if !platform.parameters.isEmpty { print("settings") }
        for parameter in platform.parameters {
            print("  \(parameter.name.padded(16))\(parameter.isRequired ? "required: " : "")\(parameter.about)")
        }
        print("sender")
        let sender = platform.sender
        print("  answer          \(sender.answer.status) \(String(decoding: sender.answer.body, as: UTF8.self))")
        print("  time limit      \(sender.timeLimit.map { "\($0 / .seconds(1)) s" } ?? "unknown")")
        print("  retries for     \(sender.retriesFor.map { "\($0 / .seconds(3600)) h" } ?? "unknown")")
        if let retries = sender.retries { print("  retries         \(retries)") }
        for status in Self.statuses {
            print("  on \(status)          \(sender.action(after: status)?.rawValue ?? "unknown")")
        }
    }

    private func printJSON(_ platform: Platform) {
        var writer = JSONWriter()
        writer.beginObject()
        writer.member("name", string: platform.name.text)
        writer.member("version", integer: Int64(platform.version))
        writer.member("title", string: platform.title)
        writer.member("documentation", string: platform.documentation)
        writer.member("confidence", string: platform.confidence.rawValue)
        writer.member("body_limit_bytes", integer: Int64(platform.bodyLimitBytes))
        writer.name("schemes")
        writer.beginArray()
        for scheme in platform.schemes {
            writer.beginObject()
            writer.member("name", string: scheme.name.text)
            writer.member("binds_body", boolean: scheme.bindsBody)
            writer.member("opt_in", boolean: scheme.isOptIn)
            writer.member("supported", boolean: scheme.unsupportedAlgorithm == nil)
            writer.endObject()
        }
        writer.endArray()
        writer.name("sender")
        writer.beginObject()
        writer.member("status", integer: Int64(platform.sender.answer.status))
        if let limit = platform.sender.timeLimit {
            writer.member("time_limit_seconds", integer: Int64(limit / .seconds(1)))
        }
        if let period = platform.sender.retriesFor {
            writer.member("retries_for_seconds", integer: Int64(period / .seconds(1)))
        }
        writer.name("statuses")
        writer.beginObject()
        for status in Self.statuses {
            writer.member("\(status)", string: platform.sender.action(after: status)?.rawValue ?? "unknown")
        }
        writer.endObject()
        writer.endObject()
        writer.endObject()
        print(writer.text)
    }

    /// The answers whose effect an operator asks about.
    private static let statuses = [401, 403, 404, 410, 413, 429, 500, 503]
}
