internal import FoundationEssentials

/// The samples of one platform on disk.
package enum SampleFolder {
    private static let requestEnding = ".http"
    private static let expectationEnding = ".expected.json"

    /// Reads `samples/` in a platform's folder.
    ///
    /// Blocking: reads every file.
    ///
    /// - Parameter folder: the folder `platform.yaml` is in.
    /// - Returns: the samples sorted by name; none when there is no `samples/`.
    /// - Throws: ``SampleError`` for the first file that has no partner or cannot be read.
    package static func read(_ folder: String) throws(SampleError) -> [Sample] {
        let path = folder + "/samples"
        guard FileManager.default.fileExists(atPath: path) else { return [] }
        let names: [String]
        do {
            names = try FileManager.default.contentsOfDirectory(atPath: path)
        } catch {
            throw .unreadable(file: path, reason: "\(error)")
        }
        let requests = Self.stems(names, ending: Self.requestEnding)
        for stem in Self.stems(names, ending: Self.expectationEnding) where !requests.contains(stem) {
            throw .unreadable(file: "\(path)/\(stem)\(Self.requestEnding)", reason: "there is none")
        }
        var samples: [Sample] = []
        for stem in requests {
            samples.append(
                try Sample(
                    name: stem,
                    request: try Self.bytes("\(path)/\(stem)\(Self.requestEnding)"),
                    expectation: try Self.bytes("\(path)/\(stem)\(Self.expectationEnding)")
                )
            )
        }
        return samples
    }

    private static func stems(_ names: [String], ending: String) -> [String] {
        names.filter { $0.hasSuffix(ending) }.map { String($0.dropLast(ending.count)) }.sorted()
    }

    private static func bytes(_ path: String) throws(SampleError) -> [UInt8] {
        do {
            return Array(try Data(contentsOf: URL(filePath: path)))
        } catch {
            throw .unreadable(file: path, reason: "there is none, or it may not be read")
        }
    }
}
