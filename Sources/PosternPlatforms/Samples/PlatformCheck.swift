internal import PosternModel

/// Checks folders of platforms: what `postern platforms check DIR` does.
package enum PlatformCheck {
    /// Compiles every definition in a directory and runs its samples.
    ///
    /// Blocking: reads every file.
    ///
    /// - Parameter directory: holds a folder for each platform, like `Platforms`.
    /// - Returns: one report for each folder, sorted by name.
    /// - Throws: the first error in a definition, with file and line.
    package static func run(directory: String) throws(DefinitionError) -> [PlatformReport] {
        let catalog = try PlatformCatalog.load(directories: [directory])
        var reports: [PlatformReport] = []
        for file in try PlatformFile.read(directory: directory) {
            guard let platform = catalog.all.first(where: { $0.name.text == file.folder }) else { continue }
            reports.append(Self.report(platform, folder: "\(directory)/\(file.folder)"))
        }
        return reports
    }

    private static func report(_ platform: Platform, folder: String) -> PlatformReport {
        let samples: [Sample]
        do throws(SampleError) {
            samples = try SampleFolder.read(folder)
        } catch {
            let failure = PlatformReport.Failure(sample: "", lines: ["\(error)"])
            return PlatformReport(platform: platform.name, samples: 0, failures: [failure])
        }
        var failures: [PlatformReport.Failure] = []
        for sample in samples {
            let lines = SampleCheck.differences(of: sample, at: platform)
            if !lines.isEmpty { failures.append(PlatformReport.Failure(sample: sample.name, lines: lines)) }
        }
        return PlatformReport(platform: platform.name, samples: samples.count, failures: failures)
    }
}
