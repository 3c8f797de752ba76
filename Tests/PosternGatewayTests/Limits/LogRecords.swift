import Logging
import Synchronization

/// Keeps what is logged: level and message.
final class LogRecords: Sendable {
    private struct Handler: LogHandler {
        let records: LogRecords
        var logLevel = Logger.Level.info
        var metadata: Logger.Metadata = [:]

        subscript(metadataKey key: String) -> Logger.Metadata.Value? {
            get { self.metadata[key] }
            set { self.metadata[key] = newValue }
        }

        func log(event: LogEvent) {
            self.records.kept.withLock { $0.append("\(event.level) \(event.message)") }
        }
    }

    private let kept = Mutex<[String]>([])

    /// One line for each record.
    var lines: [String] { self.kept.withLock { $0 } }

    var logger: Logger { Logger(label: "tests") { _ in Handler(records: self) } }
}
