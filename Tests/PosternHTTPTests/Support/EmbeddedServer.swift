import NIOCore
import NIOEmbedded
import PosternHTTP
import Testing

/// One connection of a server without a socket, in a time of its own.
final class EmbeddedServer {
    let channel: EmbeddedChannel
    let responder = ScriptedResponder()
    let observer = RecordingObserver()
    let ledger: ConnectionLedger
    let loop: LoopContext
    private(set) var output: [UInt8] = []

    init(
        limits: ConnectionLimits = .init(),
        deadlines: ConnectionDeadlines = .init(),
        peer text: String = "192.0.2.7",
        adjust: (inout HTTPServerConfiguration) -> Void = { _ in }
    ) throws {
        var configuration = HTTPServerConfiguration(address: .tcp(host: "127.0.0.1", port: 0))
        configuration.limits = limits
        configuration.deadlines = deadlines
        adjust(&configuration)
        self.channel = EmbeddedChannel()
        self.ledger = ConnectionLedger(limits)
        self.loop = LoopContext(
            eventLoop: self.channel.eventLoop,
            configuration: configuration,
            responder: self.responder,
            observer: self.observer,
            ledger: self.ledger,
            dateLine: DateLine(clock: { 1_795_244_400 })
        )
        let peer = try #require(PeerAddress(text: text))
        _ = self.ledger.admit(configuration.trustedProxies.contains(peer) ? .local : peer.network)
        try self.loop.install(on: self.channel.pipeline.syncOperations, peer: peer)
        try self.channel.connect(to: SocketAddress(ipAddress: text, port: 40_000)).wait()
    }

    // A pipeline and its handlers hold each other until the channel is closed, and a request that nobody answered holds
    // the connection that holds the loop that holds the responder.
    deinit {
        self.responder.waiting.removeAll()
        self.channel.close(promise: nil)
        self.channel.embeddedEventLoop.run()
    }

    /// Whether the connection is open.
    var isOpen: Bool { self.channel.isActive }

    /// Hands bytes to the connection as one read.
    func send(_ bytes: some Sequence<UInt8>) {
        // A parser's failure comes back here as well as through the pipeline; the tests look at the answers.
        _ = try? self.channel.writeInbound(ByteBuffer(bytes: bytes))
        self.collect()
    }

    /// Hands text to the connection as one read.
    func send(_ text: String) { self.send(text.utf8) }

    /// Lets time pass.
    func pass(_ amount: TimeAmount) {
        self.channel.embeddedEventLoop.advanceTime(by: amount)
        self.collect()
    }

    /// All complete answers since the beginning.
    func answers(bodyless: Int = 0) -> [ReceivedAnswer] {
        self.collect()
        return ReceivedAnswer.all(in: self.output, bodyless: bodyless)
    }

    /// The statuses of all complete answers since the beginning.
    var statuses: [Int] { self.answers().map(\.status) }

    private func collect() {
        while let buffer = try? self.channel.readOutbound(as: ByteBuffer.self) {
            self.output += Array(buffer.readableBytesView)
        }
    }
}
