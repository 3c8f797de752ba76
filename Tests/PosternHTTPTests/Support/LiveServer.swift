import NIOCore
import NIOPosix
import PosternHTTP

/// A server on a real socket and one event loop, with a scripted responder behind it.
struct LiveServer: Sendable {
    let server: HTTPServer
    let observer: RecordingObserver
    /// The responder's transcript, line by line.
    let heard: AsyncStream<String>
    private let responder: NIOLoopBound<ScriptedResponder>

    /// Starts on a port the system chooses unless `address` says otherwise.
    static func start(
        address: ListenAddress = .tcp(host: "127.0.0.1", port: 0),
        _ adjust: (inout HTTPServerConfiguration) -> Void = { _ in }
    ) async throws -> LiveServer {
        var configuration = HTTPServerConfiguration(address: address)
        adjust(&configuration)
        let observer = RecordingObserver()
        let (heard, hearing) = AsyncStream.makeStream(of: String.self)
        let loop = MultiThreadedEventLoopGroup.singleton.next()
        let responder = try await loop.submit {
            let responder = ScriptedResponder()
            responder.heard = { hearing.yield($0) }
            return NIOLoopBound(responder, eventLoop: loop)
        }.get()
        let server = try await HTTPServer.start(configuration, group: loop, observer: observer) { _ in responder.value }
        return LiveServer(server: server, observer: observer, heard: heard, responder: responder)
    }

    /// Answers the oldest request of `/later`.
    func answerOldest() {
        self.responder.eventLoop.execute { self.responder.value.answerOldest() }
    }

    /// Waits until the server's loop has gone round a few times.
    func turnOver() async {
        for _ in 0..<10 {
            // The future cannot fail.
            try? await self.responder.eventLoop.submit {}.get()
        }
    }

    /// Everything the responder was told so far.
    func transcript() async throws -> [String] {
        try await self.responder.eventLoop.submit { self.responder.value.transcript }.get()
    }

    /// Waits until the responder has been told something that begins with `prefix`.
    func hears(_ prefix: String) async {
        for await line in self.heard where line.hasPrefix(prefix) { return }
    }

    /// Stops at once, and lets go of requests that nobody answered: they hold the connection that holds the responder.
    func stop() async {
        await self.server.shutdownGracefully(within: .zero)
        self.responder.eventLoop.execute { self.responder.value.waiting.removeAll() }
    }
}
