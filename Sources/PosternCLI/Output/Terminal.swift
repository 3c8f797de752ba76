internal import Foundation

/// Standard output for processes that go on: each line is there at once, even through a pipe.
enum Terminal {
    /// Writes a line.
    static func say(_ line: String) {
        FileHandle.standardOutput.write(Data("\(line)\n".utf8))
    }

    /// Writes bytes as they are.
    static func write(_ bytes: [UInt8]) { FileHandle.standardOutput.write(Data(bytes)) }
}
