package import NIOCore
internal import NIOHTTP1

extension LoopContext {
    /// Sets up a new connection: serves it, or tells it that there are too many.
    func serve(_ channel: any Channel) throws {
        let peer = PeerAddress(channel.remoteAddress)
        let pipeline = channel.pipeline.syncOperations
        switch self.ledger.admit(peer.network) {
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

    /// Adds the handlers of one connection to its pipeline; its place in the ledger was taken before.
    package func install(on pipeline: ChannelPipeline.SynchronousOperations, peer: PeerAddress) throws {
        var limits = NIOHTTPDecoderLimitConfiguration()
        // The decoder counts target and fields as one and cannot say which was too much. It lets through what either
        // limit might; RequestFraming holds each to its own.
        limits.maxHeaderFieldSize = self.configuration.limits.headerBytes + self.configuration.limits.targetBytes
        limits.maxHeaderListSize = limits.maxHeaderFieldSize
        limits.maxHeaderFieldCount = self.configuration.limits.headerCount
        let decoder = HTTPRequestDecoder(leftOverBytesStrategy: .dropBytes, limitConfiguration: limits)
        do {
            try pipeline.addHandlers(
                ByteToMessageHandler(decoder),
                HTTPConnection(loop: self, peer: peer)
            )
        } catch {
            self.ledger.release(peer.network)
            throw error
        }
    }
}
