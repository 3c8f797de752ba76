import NIOCore
import PosternHTTP
import Synchronization

/// Writes down what a server counts.
final class RecordingObserver: HTTPServerObserver {
    private let lines = Mutex<[String]>([])
    private let heard: AsyncStream<String>
    private let hearing: AsyncStream<String>.Continuation

    init() { (self.heard, self.hearing) = AsyncStream.makeStream() }

    /// Everything so far, oldest first.
    var transcript: [String] { self.lines.withLock { $0 } }

    func connectionOpened() { self.note("opened") }
    func connectionRefused(_ refusal: Refusal) { self.note("connection refused \(refusal.code)") }
    func connectionClosed(_ end: ConnectionEnd) { self.note("closed \(end.rawValue)") }
    func requestRefused(_ refusal: Refusal) { self.note("refused \(refusal.code)") }
    func requestAnswered(status: Int, duration: TimeAmount) {
        self.note("answered \(status) after \(duration.nanoseconds / 1_000_000) ms")
    }

    /// Waits until this was counted; one caller at a time.
    func hears(_ wanted: String) async {
        for await line in self.heard where line == wanted { return }
    }

    private func note(_ line: String) {
        self.lines.withLock { $0.append(line) }
        self.hearing.yield(line)
    }
}
