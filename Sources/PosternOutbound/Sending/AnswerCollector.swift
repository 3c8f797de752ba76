internal import AsyncHTTPClient
internal import NIOCore
internal import NIOHTTP1
internal import Synchronization

/// Takes in one answer: its head, and as much of its body as is wanted.
final class AnswerCollector: HTTPClientResponseDelegate {
    /// The answer is longer than we read; ends the connection.
    struct TooLong: Error {}

    /// What has come so far.
    struct Collected {
        /// The final status line and fields; `nil` until they came.
        var head: HTTPResponseHead?
        /// The first bytes of the body, at most ``AnswerText/limitBytes``.
        var beginning: [UInt8] = []
        /// How many bytes of the body have come.
        var count = 0
    }

    private let limit: Int
    private let state = Mutex(Collected())

    /// Reads at most `limit` bytes of the body.
    init(limit: Int) { self.limit = limit }

    /// What has come so far; everything, when the request has ended.
    var collected: Collected { self.state.withLock { $0 } }

    func didReceiveHead(task: HTTPClient.Task<Void>, _ head: HTTPResponseHead) -> EventLoopFuture<Void> {
        self.state.withLock { $0.head = head }
        return task.eventLoop.makeSucceededVoidFuture()
    }

    func didReceiveBodyPart(task: HTTPClient.Task<Void>, _ buffer: ByteBuffer) -> EventLoopFuture<Void> {
        let count = self.state.withLock { state in
            state.count += buffer.readableBytes
            let missing = AnswerText.limitBytes - state.beginning.count
            if missing > 0 { state.beginning.append(contentsOf: buffer.readableBytesView.prefix(missing)) }
            return state.count
        }
        guard count <= self.limit else { return task.eventLoop.makeFailedFuture(TooLong()) }
        return task.eventLoop.makeSucceededVoidFuture()
    }

    func didFinishRequest(task: HTTPClient.Task<Void>) {}
}
