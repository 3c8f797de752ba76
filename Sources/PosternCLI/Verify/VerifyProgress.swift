internal import Foundation
internal import Glibc
internal import PosternModel
internal import PosternOperations
internal import PosternStore

/// A line on the terminal that says how far `postern verify` is; nothing where standard error is no terminal.
struct VerifyProgress {
    private let isShown = isatty(STDERR_FILENO) == 1

    /// Replaces the line.
    func show(_ step: AccountingStep) {
        switch step {
        case .counting(let day): self.write("deliveries of \(Self.name(day.start.description))")
        case .explaining(let day, let rows):
            self.write("deliveries of \(Self.name(day.start.description)): \(rows) without events looked at")
        case .events(let day): self.write("events of \(Self.name(day.start.description))")
        case .destinations(let rows): self.write("destinations: \(rows) lanes")
        case .queues: self.write("retry queue and dead letters")
        }
    }

    /// Takes the line away.
    func end() { self.write("") }

    private static func name(_ time: String) -> Substring { time.prefix(10) }

    private func write(_ text: String) {
        if self.isShown { FileHandle.standardError.write(Data("\r\u{1b}[K\(text)".utf8)) }
    }
}
