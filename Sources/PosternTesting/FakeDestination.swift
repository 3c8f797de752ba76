internal import NIOCore
package import NIOHTTP1
internal import NIOPosix
internal import Synchronization

/// A destination on loopback that does what a test tells it: answers, hangs, resets.
///
/// It keeps what it got, so that a test can count and compare. Any thread.
package final class FakeDestination: Sendable {
    /// One request as it came.
    package struct Request: Sendable {
        package let path: String
        package let headers: HTTPHeaders
        package let body: [UInt8]
        /// Which request of the same `webhook-id` it is, from 1.
        package let repetition: Int

        /// The value of a header.
        package func header(_ name: String) -> String? { self.headers.first(name: name) }

        /// The event's identifier, the same on every attempt.
        package var id: String { self.header("webhook-id") ?? "" }
    }

    /// What to do with a request.
    package enum Reply: Sendable {
        case status(Int, headers: [(String, String)] = [], body: String = "")
        /// Nothing is answered, the connection stays open.
        case hang
        /// The connection is closed with a reset.
        case reset
        /// The status is answered after a wait.
        case late(Int, after: Duration)
        /// The status is answered once the condition holds; it is asked every 20 ms, on the connection's loop.
        case held(Int, until: @Sendable () -> Bool)
    }

    private struct State {
        var requests: [Request] = []
        var repetitions: [String: Int] = [:]
        var reply: @Sendable (Request) -> Reply
    }

    private let state: Mutex<State>
    private let group: MultiThreadedEventLoopGroup
    private let channel: Mutex<(any Channel)?> = Mutex(nil)
    /// Where it listens.
    package let port: Int

    /// Starts one; it must be stopped.
    package static func start(
        port: Int = 0,
        reply: @escaping @Sendable (Request) -> Reply = { _ in .status(200) }
    ) async throws -> FakeDestination {
        let group = MultiThreadedEventLoopGroup(numberOfThreads: 1)
        let state = DestinationLink()
        let channel = try await ServerBootstrap(group: group)
            .serverChannelOption(.backlog, value: 1024)
            .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
            .childChannelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    try channel.pipeline.syncOperations.configureHTTPServerPipeline()
                    try channel.pipeline.syncOperations.addHandler(DestinationHandler(link: state))
                }
            }
            .bind(host: "127.0.0.1", port: port).get()
        let destination = FakeDestination(group, channel, channel.localAddress?.port ?? 0, reply)
        state.connect(destination)
        return destination
    }

    /// Starts one, lends it, and stops it, whatever happens.
    package static func with<Value>(
        reply: @escaping @Sendable (Request) -> Reply = { _ in .status(200) },
        _ body: (FakeDestination) async throws -> Value
    ) async throws -> Value {
        let destination = try await Self.start(reply: reply)
        let outcome: Result<Value, any Error>
        do { outcome = .success(try await body(destination)) } catch { outcome = .failure(error) }
        try await destination.stop()
        return try outcome.get()
    }

    private init(
        _ group: MultiThreadedEventLoopGroup,
        _ channel: any Channel,
        _ port: Int,
        _ reply: @escaping @Sendable (Request) -> Reply
    ) {
        self.group = group
        self.port = port
        self.state = Mutex(State(reply: reply))
        self.channel.withLock { $0 = channel }
    }

    /// Its URL.
    package var url: String { "http://127.0.0.1:\(self.port)/hook" }

    /// What it got so far, in order.
    package var requests: [Request] { self.state.withLock { $0.requests } }

    /// How many requests it got so far.
    package var count: Int { self.state.withLock { $0.requests.count } }

    /// How often each `webhook-id` came.
    package var repetitions: [String: Int] { self.state.withLock { $0.repetitions } }

    /// From now on does something else.
    package func behave(_ reply: @escaping @Sendable (Request) -> Reply) { self.state.withLock { $0.reply = reply } }

    /// Closes all connections and ends.
    package func stop() async throws {
        if let channel = self.channel.withLock({ $0 }) { try await channel.close() }
        try await self.group.shutdownGracefully()
    }

    /// Keeps a request and decides about it.
    fileprivate func take(_ head: HTTPRequestHead, _ body: [UInt8]) -> Reply {
        let (request, reply) = self.state.withLock { state in
            let id = head.headers.first(name: "webhook-id") ?? ""
            state.repetitions[id, default: 0] += 1
            let request = Request(
                path: head.uri,
                headers: head.headers,
                body: body,
                repetition: state.repetitions[id, default: 1]
            )
            state.requests.append(request)
            return (request, state.reply)
        }
        return reply(request)
    }
}

/// What the handlers of a server that is being started will work for.
private final class DestinationLink: Sendable {
    private let destination = Mutex<FakeDestination?>(nil)

    func connect(_ destination: FakeDestination) { self.destination.withLock { $0 = destination } }

    func take(_ head: HTTPRequestHead, _ body: [UInt8]) -> FakeDestination.Reply {
        self.destination.withLock { $0 }?.take(head, body) ?? .status(503)
    }
}

/// One connection; belongs to its loop.
private final class DestinationHandler: ChannelInboundHandler {
    typealias InboundIn = HTTPServerRequestPart
    typealias OutboundOut = HTTPServerResponsePart

    private let link: DestinationLink
    private var head: HTTPRequestHead?
    private var body: [UInt8] = []

    init(link: DestinationLink) { self.link = link }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        switch self.unwrapInboundIn(data) {
        case .head(let head):
            self.head = head
            self.body = []
        case .body(let bytes): self.body.append(contentsOf: bytes.readableBytesView)
        case .end:
            guard let head = self.head else { return }
            self.head = nil
            self.carryOut(self.link.take(head, self.body), context)
        }
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) { context.close(promise: nil) }

    private func carryOut(_ reply: FakeDestination.Reply, _ context: ChannelHandlerContext) {
        switch reply {
        case .status(let status, let headers, let body): self.answer(status, headers, body, context)
        case .hang: break
        case .reset:
            guard let options = context.channel as? any SocketOptionProvider else { return context.close(promise: nil) }
            options.setSoLinger(linger(l_onoff: 1, l_linger: 0)).assumeIsolated()
                .whenComplete { _ in context.close(promise: nil) }
        case .late(let status, let wait):
            context.eventLoop.assumeIsolated().scheduleTask(in: TimeAmount(wait)) {
                self.answer(status, [], "", context)
            }
        case .held(let status, let condition):
            guard !condition() else { return self.answer(status, [], "", context) }
            context.eventLoop.assumeIsolated().scheduleTask(in: .milliseconds(20)) { self.carryOut(reply, context) }
        }
    }

    private func answer(_ status: Int, _ headers: [(String, String)], _ body: String, _ context: ChannelHandlerContext)
    {
        var head = HTTPResponseHead(version: .http1_1, status: HTTPResponseStatus(statusCode: status))
        head.headers.add(contentsOf: HTTPHeaders(headers))
        head.headers.replaceOrAdd(name: "content-length", value: "\(body.utf8.count)")
        context.write(self.wrapOutboundOut(.head(head)), promise: nil)
        if !body.isEmpty {
            context.write(self.wrapOutboundOut(.body(.byteBuffer(ByteBuffer(string: body)))), promise: nil)
        }
        context.writeAndFlush(self.wrapOutboundOut(.end(nil)), promise: nil)
    }
}
