import FoundationEssentials
import PosternModel

/// A folder that exists for one test.
enum TemporaryFolder {
    /// Makes a folder with these files, by their paths inside it, and removes it afterwards.
    static func with(_ files: [String: String], _ body: (String) throws -> Void) throws {
        let manager = FileManager.default
        let folder = manager.temporaryDirectory.path() + "/postern-\(UniqueID.timeOrdered(at: Timestamp.now()))"
        try manager.createDirectory(atPath: folder, withIntermediateDirectories: true)
        defer { try? manager.removeItem(atPath: folder) }
        for (name, text) in files {
            let parent = name.split(separator: "/").dropLast().joined(separator: "/")
            try manager.createDirectory(atPath: "\(folder)/\(parent)", withIntermediateDirectories: true)
            try Data(text.utf8).write(to: URL(filePath: "\(folder)/\(name)"))
        }
        try body(folder)
    }
}
