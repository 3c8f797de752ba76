internal import SystemPackage

/// Standard output and standard error, for lines that must be there at once.
enum StandardStream {
    case output
    case error

    /// Writes bytes; a reader that has gone away does not end a run.
    func write(_ bytes: [UInt8]) {
        let file: SystemPackage.FileDescriptor =
            switch self {
            case .output: .standardOutput
            case .error: .standardError
            }
        _ = try? file.writeAll(bytes)
    }

    /// Writes a line.
    func say(_ line: String) { self.write(Array("\(line)\n".utf8)) }
}
