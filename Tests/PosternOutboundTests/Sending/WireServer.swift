import Glibc
import NIOCore
import NIOHTTP1
import NIOPosix
import NIOSSL
import Synchronization

/// A server that writes the bytes a test tells it to, right or wrong.
///
/// `FakeDestination` answers like a server; this one also answers like none.
final class WireServer: Sendable {
    /// One request as it came.
    struct Request: Sendable {
        let head: HTTPRequestHead
        let body: [UInt8]
    }

    /// What to do with a request.
    enum Reply: Sendable {
        /// These bytes, and the connection stays open.
        case bytes(String)
        /// These bytes, and then the end of the stream.
        case last(String)
        /// These bytes, and then the same piece again and again until the client closes.
        case endless(String, piece: String, every: TimeAmount)
        /// The connection is closed with a reset.
        case reset

        /// An answer as servers write it.
        static func status(_ status: Int, _ fields: [String] = [], body: String = "") -> Reply {
            let lines = ["HTTP/1.1 \(status) X", "content-length: \(body.utf8.count)"] + fields
            return .bytes(lines.joined(separator: "\r\n") + "\r\n\r\n" + body)
        }
    }

    private struct State {
        var requests: [Request] = []
        var connections = 0
    }

    private let group = MultiThreadedEventLoopGroup(numberOfThreads: 1)
    private let state = Mutex(State())
    private let reply: @Sendable (Request) -> Reply
    private let ends: AsyncStream<Void>.Continuation
    /// One element for each connection that has ended.
    let ended: AsyncStream<Void>

    private init(_ reply: @escaping @Sendable (Request) -> Reply) {
        self.reply = reply
        (self.ended, self.ends) = AsyncStream.makeStream()
    }

    /// What came so far, in order.
    var requests: [Request] { self.state.withLock { $0.requests } }

    /// How many connections there were so far.
    var connections: Int { self.state.withLock { $0.connections } }

    /// Waits until as many further connections have ended.
    func waitForEnds(_ count: Int) async {
        var left = count
        guard left > 0 else { return }
        for await _ in self.ended {
            left -= 1
            if left == 0 { return }
        }
    }

    /// Runs a server while `body` does.
    static func with<Value>(
        host: String = "127.0.0.1",
        port: Int = 0,
        tls: NIOSSLContext? = nil,
        reply: @escaping @Sendable (Request) -> Reply = { _ in .status(200) },
        _ body: (_ server: WireServer, _ port: Int) async throws -> Value
    ) async throws -> Value {
        let server = WireServer(reply)
        let channel = try await ServerBootstrap(group: server.group)
            .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
            .childChannelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    let pipeline = channel.pipeline.syncOperations
                    if let tls { try pipeline.addHandler(NIOSSLServerHandler(context: tls)) }
                    try pipeline.addHandler(ByteToMessageHandler(HTTPRequestDecoder()))
                    try pipeline.addHandler(WireHandler(server))
                }
            }
            .bind(host: host, port: port).get()
        let outcome: Result<Value, any Error>
        do {
            outcome = .success(try await body(server, channel.localAddress?.port ?? 0))
        } catch {
            outcome = .failure(error)
        }
        try await channel.close()
        try await server.group.shutdownGracefully()
        return try outcome.get()
    }

    fileprivate func connected() { self.state.withLock { $0.connections += 1 } }

    fileprivate func disconnected() { self.ends.yield() }

    fileprivate func take(_ request: Request) -> Reply {
        self.state.withLock { $0.requests.append(request) }
        return self.reply(request)
    }
}

/// One connection; belongs to its loop.
private final class WireHandler: ChannelInboundHandler {
    typealias InboundIn = HTTPServerRequestPart
    typealias OutboundOut = ByteBuffer

    private let server: WireServer
    private var head: HTTPRequestHead?
    private var body: [UInt8] = []

    init(_ server: WireServer) { self.server = server }

    func channelActive(context: ChannelHandlerContext) { self.server.connected() }

    func channelInactive(context: ChannelHandlerContext) { self.server.disconnected() }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        switch self.unwrapInboundIn(data) {
        case .head(let head):
            self.head = head
            self.body = []
        case .body(let bytes): self.body.append(contentsOf: bytes.readableBytesView)
        case .end:
            guard let head = self.head else { return }
            self.carryOut(self.server.take(WireServer.Request(head: head, body: self.body)), context)
        }
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) { context.close(promise: nil) }

    private func carryOut(_ reply: WireServer.Reply, _ context: ChannelHandlerContext) {
        switch reply {
        case .bytes(let text): self.write(text, context)
        case .last(let text):
            self.write(text, context)
            context.close(promise: nil)
        case .endless(let text, let piece, let pause):
            self.write(text, context)
            self.repeat(piece, every: pause, context)
        case .reset:
            let channel = context.channel
            (channel as? any SocketOptionProvider)?.setSoLinger(linger(l_onoff: 1, l_linger: 0))
                .whenComplete { _ in channel.close(promise: nil) }
        }
    }

    private func `repeat`(_ piece: String, every pause: TimeAmount, _ context: ChannelHandlerContext) {
        context.eventLoop.assumeIsolated().scheduleTask(in: pause) {
            guard context.channel.isActive else { return }
            if context.channel.isWritable { self.write(piece, context) }
            self.repeat(piece, every: pause, context)
        }
    }

    private func write(_ text: String, _ context: ChannelHandlerContext) {
        context.writeAndFlush(self.wrapOutboundOut(ByteBuffer(string: text)), promise: nil)
    }
}
