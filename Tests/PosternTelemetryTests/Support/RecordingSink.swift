import PosternTelemetry
import Synchronization

/// Keeps log lines instead of writing them.
final class RecordingSink: LogSink {
    private let kept = Mutex<[String]>([])

    /// The lines so far, with their line ends.
    var lines: [String] { self.kept.withLock { $0 } }

    func write(_ line: [UInt8]) {
        self.kept.withLock { $0.append(String(decoding: line, as: UTF8.self)) }
    }
}
