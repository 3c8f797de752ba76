internal import FoundationEssentials

/// The text of one `platform.yaml`, before it is read.
struct PlatformFile: Sendable {
    /// The largest file that is read: definitions have a few kilobytes.
    private static let limitBytes = 256 << 10

    /// The name of the folder it stands in.
    let folder: String
    /// The path for messages.
    let path: String
    let text: String

    /// Reads `<folder>/platform.yaml` for every folder in `directory`; blocking, for start-up only.
    static func read(directory: String) throws(DefinitionError) -> [PlatformFile] {
        let manager = FileManager.default
        guard let entries = try? manager.contentsOfDirectory(atPath: directory) else {
            throw DefinitionError(file: directory, line: 0, reason: "this folder cannot be read")
        }
        var files: [PlatformFile] = []
        for entry in entries.sorted() where !entry.hasPrefix(".") {
            let folder = "\(directory)/\(entry)"
            var isDirectory = false
            guard manager.fileExists(atPath: folder, isDirectory: &isDirectory), isDirectory else { continue }
            files.append(try Self.read(folder: entry, path: "\(folder)/platform.yaml"))
        }
        return files
    }

    private static func read(folder: String, path: String) throws(DefinitionError) -> PlatformFile {
        guard let data = FileManager.default.contents(atPath: path) else {
            throw DefinitionError(file: path, line: 0, reason: "there is no such file, or it cannot be read")
        }
        guard data.count <= Self.limitBytes else {
            throw DefinitionError(file: path, line: 0, reason: "the file has more than \(Self.limitBytes) bytes")
        }
        guard let text = String(validating: data, as: UTF8.self) else {
            throw DefinitionError(file: path, line: 0, reason: "the file is not UTF-8")
        }
        return PlatformFile(folder: folder, path: path, text: text)
    }
}
