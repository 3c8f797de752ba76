internal import Foundation

/// Standard output for processes that go on: each line is there at once, even through a pipe.
enum Terminal {
    /// Writes a line.
    static func say(_ line: String) {
        FileHandle.standardOutput.write(Data("\(line)\n".utf8))
    }
}
