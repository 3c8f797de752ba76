internal import Glibc
internal import Synchronization

/// Writes log lines to standard error, whole and one after the other.
///
/// Blocks while standard error is a full pipe. What cannot be written is lost: there is nowhere left to say so.
package final class StandardErrorSink: LogSink {
    /// The one sink of the process.
    package static let shared = StandardErrorSink()

    private let turn = Mutex(())

    private init() {}

    package func write(_ line: [UInt8]) {
        self.turn.withLock { _ in
            var written = 0
            while written < line.count {
                let rest = line[written...]
                let count = unsafe rest.withUnsafeBytes { bytes in
                    unsafe Glibc.write(STDERR_FILENO, bytes.baseAddress, bytes.count)
                }
                if count > 0 {
                    written += count
                } else if errno == EAGAIN {
                    var descriptor = pollfd(fd: STDERR_FILENO, events: Int16(POLLOUT), revents: 0)
                    unsafe poll(&descriptor, 1, 1000)
                } else if errno != EINTR {
                    return
                }
            }
        }
    }
}
