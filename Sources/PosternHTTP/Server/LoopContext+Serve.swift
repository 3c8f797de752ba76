package import NIOCore

extension LoopContext {
    /// Sets up a new connection: serves it, or tells it that there are too many.
    func serve(_ channel: any Channel) throws {
        let peer = PeerAddress(channel.remoteAddress)
        let pipeline = channel.pipeline.syncOperations
        switch self.ledger.admit(self.place(of: peer)) {
        case .admitted: try self.install(on: pipeline, peer: peer)
        case .refused(let refusal):
            self.observer.connectionRefused(refusal)
            let ledger = self.ledger
            let handler = RefusedConnection(self.responder.answer(for: refusal)) { ledger.releaseRefused() }
            try pipeline.addHandler(handler)
        case .dropped(let refusal):
            self.observer.connectionRefused(refusal)
            channel.close(promise: nil)
        }
    }

    /// What the cap of each address counts a peer as: its network, or for a trusted proxy nothing.
    func place(of peer: PeerAddress) -> PeerAddress {
        self.configuration.trustedProxies.contains(peer) ? .local : peer.network
    }

    /// Adds the handlers of one connection to its pipeline; its place in the ledger was taken before.
    package func install(on pipeline: ChannelPipeline.SynchronousOperations, peer: PeerAddress) throws {
        let connection = HTTPConnection(loop: self, peer: peer)
        let decoder = RequestDecoder(self.configuration.limits, connection: connection)
        do {
            if connection.awaitsProxyHeader { try pipeline.addHandler(ProxyHeaderHandler(connection)) }
            try pipeline.addHandlers(ByteToMessageHandler(decoder), connection)
        } catch {
            self.ledger.release(self.place(of: peer))
            throw error
        }
    }
}
