internal import Foundation

/// Reads what a person names on the command line.
enum InputFile {
    /// Reads one line of standard input, without its end: how a secret is given without showing in the shell's history.
    ///
    /// - Throws: ``CommandFailure`` when there is none.
    static func line() throws -> String {
        guard let line = readLine(strippingNewline: true), !line.isEmpty else {
            throw CommandFailure(code: "empty_input", message: "standard input holds no secret")
        }
        return line
    }

    /// Reads a file whole; `-` is standard input.
    ///
    /// - Throws: ``CommandFailure``.
    static func read(_ path: String) throws -> [UInt8] {
        do {
            if path == "-" { return Array(try FileHandle.standardInput.readToEnd() ?? Data()) }
            return Array(try Data(contentsOf: URL(filePath: path)))
        } catch {
            throw CommandFailure(code: "unreadable_file", message: "cannot read \(path): \(FileFault.reason(error))")
        }
    }
}
