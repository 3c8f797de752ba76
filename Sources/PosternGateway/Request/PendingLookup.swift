internal import NIOCore
internal import PosternHTTP

/// A request to a key that is not in the directory, while the database is asked.
///
/// Belongs to its event loop.
final class PendingLookup {
    let key: String
    let head: RequestHead
    let exchange: Exchange
    private(set) var body = ByteBuffer()
    var isComplete = false

    /// Bytes kept for a request whose endpoint, and so whose limit, is not known yet.
    static let bodyLimitBytes = 4 << 20

    init(key: String, head: RequestHead, exchange: Exchange) {
        self.key = key
        self.head = head
        self.exchange = exchange
    }

    /// Keeps the next bytes.
    func append(_ chunk: ByteBuffer) { self.body.writeImmutableBuffer(chunk) }
}
