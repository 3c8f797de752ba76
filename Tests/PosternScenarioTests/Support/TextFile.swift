import FoundationEssentials

/// Small files, read and written whole.
enum TextFile {
    /// The file's text; empty when there is no such file yet.
    static func read(_ path: String) -> String {
        String(decoding: FileManager.default.contents(atPath: path) ?? Data(), as: UTF8.self)
    }

    /// Writes a file that only its owner can read.
    static func write(_ path: String, _ bytes: some Sequence<UInt8>) throws {
        let made = FileManager.default.createFile(
            atPath: path,
            contents: Data(bytes),
            attributes: [.posixPermissions: 0o600]
        )
        guard made else { throw ScenarioFailure("\(path) cannot be written") }
    }
}
