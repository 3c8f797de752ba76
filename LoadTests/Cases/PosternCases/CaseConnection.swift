internal import NIOCore
internal import NIOEmbedded
internal import PosternHTTP

/// One connection of a server without a socket.
///
/// Belongs to the thread it is made on.
struct CaseConnection {
    /// The beginning of an answer and its statuses' first byte.
    private static let statusPosition = 9

    private let channel: EmbeddedChannel

    /// Opens a connection to a responder; further ones may share its loop.
    init(_ context: LoopContext, on loop: EmbeddedEventLoop, _ ledger: ConnectionLedger) throws(CaseFailure) {
        self.channel = EmbeddedChannel(loop: loop)
        guard let peer = PeerAddress(text: "192.0.2.7") else { throw .cannotPrepare("192.0.2.7 is no address") }
        _ = ledger.admit(peer.network)
        do {
            try context.install(on: self.channel.pipeline.syncOperations, peer: peer)
            try self.channel.connect(to: SocketAddress(ipAddress: "192.0.2.7", port: 40_000)).wait()
        } catch {
            throw .cannotPrepare("\(error)")
        }
    }

    /// Makes what all connections to a responder share.
    static func context(
        _ responder: any RequestResponder,
        on loop: EmbeddedEventLoop
    ) -> (LoopContext, ConnectionLedger) {
        let configuration = HTTPServerConfiguration(address: .tcp(host: "127.0.0.1", port: 0))
        let ledger = ConnectionLedger(configuration.limits)
        let context = LoopContext(
            eventLoop: loop,
            configuration: configuration,
            responder: responder,
            observer: SilentObserver(),
            ledger: ledger
        )
        return (context, ledger)
    }

    /// Hands bytes over as one read.
    func receive(_ bytes: ByteBuffer) throws(CaseFailure) {
        do { try self.channel.writeInbound(bytes) } catch { throw .wrongResult("the request is refused: \(error)") }
    }

    /// Takes the answer, whose status must begin with this digit.
    func expect(_ digit: Character) throws(CaseFailure) {
        var answer: ByteBuffer?
        do { answer = try self.channel.readOutbound(as: ByteBuffer.self) } catch { throw .wrongResult("\(error)") }
        guard let answer else { throw .wrongResult("there is no answer") }
        let status = answer.getInteger(at: answer.readerIndex + Self.statusPosition, as: UInt8.self)
        guard status == digit.asciiValue else { throw .wrongResult("the answer is \(String(buffer: answer))") }
    }
}
