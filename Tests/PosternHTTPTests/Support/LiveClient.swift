import Glibc
import NIOCore
import NIOPosix
import PosternHTTP

/// A client on a real socket that says exactly what it is told to.
struct LiveClient {
    private let channel: any Channel
    private let stream: AsyncStream<ByteBuffer>
    private(set) var received: [UInt8] = []

    /// Connects.
    ///
    /// With `reads` false the client never takes what it is sent.
    static func connect(to address: ListenAddress, reads: Bool = true) async throws -> LiveClient {
        let (stream, continuation) = AsyncStream.makeStream(of: ByteBuffer.self)
        let bootstrap = ClientBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .channelOption(.autoRead, value: reads)
            .channelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    try channel.pipeline.syncOperations.addHandler(Collector(continuation))
                }
            }
        let channel =
            switch address {
            case .tcp(let host, let port): try await bootstrap.connect(host: host, port: port).get()
            case .unix(let path): try await bootstrap.connect(unixDomainSocketPath: path).get()
            }
        return LiveClient(channel: channel, stream: stream)
    }

    /// Sends text and waits until the socket has taken it.
    func send(_ text: String) async throws {
        try await self.channel.writeAndFlush(ByteBuffer(string: text)).get()
    }

    /// Sends text without waiting.
    func push(_ text: String) { self.push(bytes: text.utf8) }

    /// Sends bytes without waiting.
    func push(bytes: some Sequence<UInt8>) { self.channel.writeAndFlush(ByteBuffer(bytes: bytes), promise: nil) }

    /// Sends bytes one after the other, one at a time, as long as the connection lasts.
    func drip(_ text: String, every interval: TimeAmount) {
        let channel = self.channel
        let bytes = Array(text.utf8)
        for (index, byte) in bytes.enumerated() {
            channel.eventLoop.scheduleTask(in: .nanoseconds(interval.nanoseconds * Int64(index + 1))) {
                channel.writeAndFlush(ByteBuffer(bytes: [byte]), promise: nil)
            }
        }
    }

    /// Closes the client's side only.
    func closeOutput() async throws { try await self.channel.close(mode: .output).get() }

    /// Ends the connection with a reset instead of a goodbye.
    func reset() async throws {
        let atOnce = linger(l_onoff: 1, l_linger: 0)
        try await (self.channel as? any SocketOptionProvider)?.setSoLinger(atOnce).get()
        try await self.channel.close().get()
    }

    /// Closes both sides.
    func close() async throws { try await self.channel.close().get() }

    /// Reads until this many answers are complete or the server closes.
    mutating func answers(_ count: Int) async -> [ReceivedAnswer] {
        while true {
            let answers = ReceivedAnswer.all(in: self.received)
            if answers.count >= count { return answers }
            var iterator = self.stream.makeAsyncIterator()
            guard let buffer = await iterator.next() else { return answers }
            self.received += Array(buffer.readableBytesView)
        }
    }

    /// Reads until the server closes.
    mutating func allAnswers() async -> [ReceivedAnswer] { await self.answers(.max) }

    /// Hands what comes to the stream, and ends it with the connection.
    private final class Collector: ChannelInboundHandler {
        typealias InboundIn = ByteBuffer
        private let continuation: AsyncStream<ByteBuffer>.Continuation

        init(_ continuation: AsyncStream<ByteBuffer>.Continuation) { self.continuation = continuation }

        func channelRead(context: ChannelHandlerContext, data: NIOAny) {
            self.continuation.yield(self.unwrapInboundIn(data))
        }

        func channelInactive(context: ChannelHandlerContext) { self.continuation.finish() }

        func errorCaught(context: ChannelHandlerContext, error: any Error) { context.close(promise: nil) }
    }
}
