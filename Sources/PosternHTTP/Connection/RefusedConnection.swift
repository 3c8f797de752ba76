internal import NIOCore

/// Tells a connection that is one too many so, and closes it: the only handler of its pipeline.
///
/// What the peer sends is dropped unread by any parser; its end is awaited for a second at most, because closing with
/// unread bytes resets the connection and destroys the answer. Belongs to its channel's event loop.
final class RefusedConnection: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer
    typealias OutboundOut = ByteBuffer

    private let answer: PreparedAnswer
    private let removed: () -> Void

    /// Makes the handler of a connection that gets this answer and nothing else.
    ///
    /// - Parameters:
    ///   - answer: The answer.
    ///   - removed: Called once when the connection is gone.
    init(_ answer: PreparedAnswer, removed: @escaping () -> Void) {
        self.answer = answer
        self.removed = removed
    }

    func channelActive(context: ChannelHandlerContext) {
        var output = self.answer.head
        var date = DateLine()
        date.append(to: &output, now: context.eventLoop.now)
        output.writeStaticString("Connection: close\r\n\r\n")
        output.writeImmutableBuffer(self.answer.body)
        context.writeAndFlush(self.wrapOutboundOut(output), promise: nil)
        context.close(mode: .output, promise: nil)
        let channel = context.channel
        context.eventLoop.scheduleTask(in: .seconds(1)) { channel.close(promise: nil) }
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {}

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        if case .some(.inputClosed) = event as? ChannelEvent { context.close(promise: nil) }
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        context.close(promise: nil)
    }

    func handlerRemoved(context: ChannelHandlerContext) {
        self.removed()
    }
}
