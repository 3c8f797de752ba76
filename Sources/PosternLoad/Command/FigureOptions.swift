internal import ArgumentParser
internal import SystemPackage

/// Where the figures go.
struct FigureOptions: ParsableArguments {
    @Option(help: "Write the figures as JSON to this file; '-' is standard output, instead of the table.")
    var json: String?
    @Flag(help: "No progress lines, and no table where the figures go to a file.") var quiet = false

    /// Writes them.
    ///
    /// - Throws: ``LoadFailure/output(_:)``.
    func write(_ report: LoadReport) throws(LoadFailure) {
        guard let path = self.json else { return StandardStream.output.say(report.table) }
        let bytes = report.json + [UInt8(ascii: "\n")]
        guard path != "-" else { return StandardStream.output.write(bytes) }
        do {
            let file = try SystemPackage.FileDescriptor.open(
                FilePath(path),
                .writeOnly,
                options: [.create, .truncate, .closeOnExec],
                permissions: [.ownerReadWrite, .groupRead, .otherRead]
            )
            _ = try file.closeAfter { try file.writeAll(bytes) }
        } catch {
            throw .output("\(path): \(error)")
        }
        if !self.quiet { StandardStream.output.say(report.table) }
    }
}
