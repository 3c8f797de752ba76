internal import ArgumentParser
internal import PosternJSON
internal import PosternModel
internal import PosternPlatforms

/// `postern platforms check`: compiles a folder of definitions and runs their samples.
struct PlatformsCheckCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "check",
        abstract: "Compile a folder of definitions, run their samples, and say what is wrong.",
        discussion: "Example: postern platforms check ./my-platforms"
    )

    @Argument(help: "A folder with one folder per platform, like Platforms.") var folder: String
    @OptionGroup var output: OutputOptions

    mutating func run() async throws {
        let reports: [PlatformReport]
        do {
            reports = try PlatformCheck.run(directory: self.folder)
        } catch {
            throw CommandFailure(code: "bad_definition", message: "\(error)")
        }
        guard !reports.isEmpty else {
            throw CommandFailure(code: "no_definition", message: "\(self.folder) holds no folder with a platform.yaml")
        }
        if self.output.json { Self.printJSON(reports) } else { Self.printText(reports) }
        if !reports.allSatisfy(\.isGood) { throw ExitCode(1) }
    }

    private static func printText(_ reports: [PlatformReport]) {
        for report in reports {
            print(
                "\(report.isGood ? "ok" : "FAILED")".padded(8) + "\(report.platform)".padded(26)
                    + "\(report.samples) samples"
            )
            for failure in report.failures {
                for line in failure.lines { print("        \(failure.sample): \(line)") }
            }
            if report.samples == 0, report.failures.isEmpty { print("        there is no sample") }
        }
    }

    private static func printJSON(_ reports: [PlatformReport]) {
        var writer = JSONWriter()
        writer.beginArray()
        for report in reports {
            writer.beginObject()
            writer.member("platform", string: report.platform.text)
            writer.member("good", boolean: report.isGood)
            writer.member("samples", integer: Int64(report.samples))
            writer.name("differences")
            writer.beginArray()
            for failure in report.failures {
                for line in failure.lines { writer.string("\(failure.sample): \(line)") }
            }
            writer.endArray()
            writer.endObject()
        }
        writer.endArray()
        print(writer.text)
    }
}
