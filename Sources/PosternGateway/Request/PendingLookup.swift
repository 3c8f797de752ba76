internal import NIOCore
internal import PosternHTTP
internal import PosternPlatforms

/// A request to a key that is not in the directory, while the database is asked.
///
/// Belongs to its event loop.
final class PendingLookup {
    let key: String
    let head: RequestHead
    let exchange: Exchange
    private(set) var body = ByteBuffer()
    var isComplete = false
    private let held: HeldBytes

    /// Bytes kept for a request whose endpoint, and so whose limit, is not known yet: the most any platform may have.
    static let bodyLimitBytes = Platform.bodyLimitCeiling

    init(key: String, head: RequestHead, exchange: Exchange, held: HeldBytes) {
        self.key = key
        self.head = head
        self.exchange = exchange
        self.held = held
    }

    deinit { self.held.release(self.body.readableBytes, nil) }

    /// Keeps the next bytes; `false` when all bodies together are at their limit.
    func append(_ chunk: ByteBuffer) -> Bool {
        guard self.held.take(chunk.readableBytes, nil) else { return false }
        self.body.writeImmutableBuffer(chunk)
        return true
    }
}
