internal import ArgumentParser
internal import PosternPlatforms

/// Which definitions a command works with.
struct CatalogOptions: ParsableArguments {
    @Option(
        name: .customLong("platforms"),
        help: "A folder of further definitions, or of replacements for shipped ones. May be repeated."
    )
    var folders: [String] = []

    /// Compiles the shipped definitions and those of the folders.
    ///
    /// - Throws: ``CommandFailure`` with file, line and reason of the first bad one.
    func catalog() throws -> PlatformCatalog {
        do {
            return try PlatformCatalog.load(directories: self.folders)
        } catch {
            throw CommandFailure(code: "bad_definition", message: "\(error)")
        }
    }
}
