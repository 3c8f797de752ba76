import FoundationEssentials

/// Reads the files beside the tests.
enum Fixture {
    /// Decodes `Fixtures/<name>`.
    static func read<Value: Decodable>(_ type: Value.Type, _ name: String) throws
        -> Value
    {
        let path = "\(Self.folder(of: #filePath))/Fixtures/\(name)"
        guard let data = FileManager.default.contents(atPath: path) else { throw Missing(path: path) }
        return try JSONDecoder().decode(type, from: data)
    }

    /// The repository's root folder.
    static var root: String { Self.folder(of: Self.folder(of: Self.folder(of: #filePath))) }

    private static func folder(of path: String) -> String {
        path.split(separator: "/", omittingEmptySubsequences: false).dropLast().joined(separator: "/")
    }

    struct Missing: Error {
        let path: String
    }
}
