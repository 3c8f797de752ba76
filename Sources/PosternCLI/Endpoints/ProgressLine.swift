internal import Foundation
internal import Glibc

/// A line on the terminal that says how far a command is; nothing where standard error is no terminal.
struct ProgressLine {
    private let verb: String
    private let isShown: Bool

    /// Begins; nothing is shown yet.
    init(_ verb: String) {
        self.verb = verb
        self.isShown = isatty(STDERR_FILENO) == 1
    }

    /// Replaces the line.
    func show(_ count: Int) { self.write("\r\(self.verb) \(count) requests") }

    /// Replaces the line with other words.
    func show(_ text: String) { self.write("\r\u{1b}[K\(self.verb) \(text)") }

    /// Takes the line away.
    func end() { self.write("\r\u{1b}[K") }

    private func write(_ text: String) {
        if self.isShown { FileHandle.standardError.write(Data(text.utf8)) }
    }
}
