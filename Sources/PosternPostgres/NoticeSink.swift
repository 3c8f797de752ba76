internal import CPostgres
internal import Logging

/// Where a connection's notices go: to the log at debug level, never to standard error, libpq's default.
///
/// Belongs to its connection's thread.
final class NoticeSink {
    private let logger: Logger
    /// Whether a commit said that it is not on its synchronous standby; taken by ``takeUnreplicatedCommit()``.
    private var sawUnreplicatedCommit = false

    /// Logs to `logger`.
    init(_ logger: Logger) { self.logger = logger }

    /// Whether such a warning came since the last call.
    func takeUnreplicatedCommit() -> Bool {
        defer { self.sawUnreplicatedCommit = false }
        return self.sawUnreplicatedCommit
    }

    /// Makes libpq hand its notices to this sink, which must outlive the connection.
    func attach(to connection: OpaquePointer) {
        unsafe PQsetNoticeReceiver(
            connection,
            { context, result in unsafe NoticeSink.owner(context)?.receive(result) },
            Unmanaged.passUnretained(self).toOpaque()
        )
    }

    private static func owner(_ context: UnsafeMutableRawPointer?) -> NoticeSink? {
        guard let context = unsafe context else { return nil }
        return unsafe Unmanaged<NoticeSink>.fromOpaque(context).takeUnretainedValue()
    }

    private func receive(_ result: OpaquePointer?) {
        guard let result = unsafe result else { return }
        let notice = unsafe Diagnosis(result)
        if notice.isUnreplicatedCommit { self.sawUnreplicatedCommit = true }
        self.logger.debug(
            "notice from the server",
            metadata: ["sqlstate": "\(notice.sqlstate)", "notice": "\(notice.message)"]
        )
    }
}
