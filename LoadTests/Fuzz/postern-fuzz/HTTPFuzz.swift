internal import NIOCore
internal import NIOEmbedded
internal import NIOHTTP1
internal import PosternHTTP

/// A connection that says anything, in reads of a size that the first byte chooses.
///
/// Each answer is one of HTTP/1.1's, and no more bytes of a body are handed over than its responder takes.
enum HTTPFuzz {
    private static let bodyLimit = 64

    static func read(_ bytes: [UInt8]) {
        guard let first = bytes.first else { return }
        let loop = EmbeddedEventLoop()
        let channel = EmbeddedChannel(loop: loop)
        let configuration = HTTPServerConfiguration(address: .tcp(host: "127.0.0.1", port: 0))
        let ledger = ConnectionLedger(configuration.limits)
        let context = LoopContext(
            eventLoop: loop,
            configuration: configuration,
            responder: Responder(),
            observer: SilentObserver(),
            ledger: ledger
        )
        guard let peer = PeerAddress(text: "192.0.2.7") else { preconditionFailure("192.0.2.7 is no address") }
        _ = ledger.admit(peer.network)
        do {
            try context.install(on: channel.pipeline.syncOperations, peer: peer)
            try channel.connect(to: SocketAddress(ipAddress: "192.0.2.7", port: 40_000)).wait()
        } catch {
            preconditionFailure("\(error)")
        }
        var rest = bytes.dropFirst()
        while !rest.isEmpty, channel.isActive {
            let read = rest.prefix(max(1, Int(first)))
            rest = rest.dropFirst(read.count)
            // A parser's failure comes back here as well as through the pipeline, where it is answered.
            _ = try? channel.writeInbound(ByteBuffer(bytes: read))
        }
        loop.advanceTime(by: .minutes(10))
        var output: [UInt8] = []
        while let answer = try? channel.readOutbound(as: ByteBuffer.self) { output += answer.readableBytesView }
        precondition(output.isEmpty || output.starts(with: "HTTP/1.1 ".utf8), String(decoding: output, as: UTF8.self))
        precondition(!channel.isActive, "the connection outlives all its deadlines")
        precondition(context.connectionCount == 0 && ledger.count == 0, "a connection is counted that is gone")
    }

    private final class Responder: RequestResponder {
        /// Bytes of one request's body.
        private final class Body {
            var count = 0
        }

        private let answer = PreparedAnswer(status: .ok, text: "{}")

        func begin(_ head: RequestHead, exchange: Exchange) -> HeadDecision {
            _ = (head.path, head.query, head.contentLength)
            guard head.method != .GET else { return .answer(self.answer) }
            exchange.state = Body()
            return .read(limitBytes: HTTPFuzz.bodyLimit)
        }

        func received(_ chunk: ByteBuffer, exchange: Exchange) {
            guard let body = exchange.state as? Body else { preconditionFailure("a chunk of no request") }
            body.count += chunk.readableBytes
            precondition(body.count <= HTTPFuzz.bodyLimit, "\(body.count) bytes of a body")
        }

        func complete(_ exchange: Exchange) { exchange.answer(self.answer) }

        func aborted(_ exchange: Exchange, reason: AbortReason) {}
    }
}
