internal import NIOCore

/// Reads the PROXY header of a trusted proxy's connection, before anything else does, and leaves the pipeline.
///
/// Its time is the first head's: that deadline runs from the connection's opening. A header that cannot be taken closes
/// the connection without a word, since nobody who speaks HTTP is known to listen. Belongs to its channel's event loop.
final class ProxyHeaderHandler: ChannelInboundHandler, RemovableChannelHandler {
    typealias InboundIn = ByteBuffer
    typealias InboundOut = ByteBuffer

    private let connection: HTTPConnection
    private var received = ByteBuffer()
    private var isDone = false
    /// Whether bytes went on, so that the handlers behind must see the end of the read too.
    private var hasForwarded = false

    /// Makes the handler in front of a connection's decoder.
    init(_ connection: HTTPConnection) { self.connection = connection }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        guard !self.isDone else {
            self.hasForwarded = true
            return context.fireChannelRead(data)
        }
        var bytes = self.unwrapInboundIn(data)
        self.received.writeBuffer(&bytes)
        switch ProxyHeader.read(from: &self.received) {
        case .incomplete: break
        case .malformed:
            self.isDone = true
            self.received = ByteBuffer()
            self.connection.ignoresInput = true
            self.connection.closeNow(.refused)
        case .complete(let header):
            self.isDone = true
            self.connection.identify(header)
            if self.received.readableBytes > 0 {
                self.hasForwarded = true
                context.fireChannelRead(self.wrapInboundOut(self.received))
            }
            self.received = ByteBuffer()
        }
    }

    func channelReadComplete(context: ChannelHandlerContext) {
        // The end of a read in which nothing of a request came would be taken for the beginning of a head.
        if self.hasForwarded { context.fireChannelReadComplete() }
        // Only now, or the end of the header's own read would go past this handler.
        if self.isDone { context.pipeline.syncOperations.removeHandler(self, promise: nil) }
    }
}
