internal import NIOCore

/// One connection under load: writes requests, reads answers, remembers what is under way.
///
/// Belongs to its event loop. Everything it learns goes to its ``LoadLoop``, which decides what to send.
final class LoadConnection: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer
    typealias OutboundOut = ByteBuffer

    /// Which of the loop's connections it is.
    let slot: Int
    /// Which server it goes to.
    let target: Int
    /// Whether it stands among the idle ones of an open loop.
    var isListedIdle = false

    /// Whether an answer has ever come.
    private(set) var hasServed = false

    private let loop: LoadLoop
    private let depth: Int
    private var context: ChannelHandlerContext?
    private var reader = ResponseReader()
    private var tickets = CircularBuffer<Ticket>(initialCapacity: 1)
    /// The server said that it closes, so nothing more may be sent.
    private var isClosing = false
    /// Why it is being closed, when the reason is ours.
    private var fault: LossReason?

    /// Prepares a connection with room for `depth` requests at a time.
    init(_ loop: LoadLoop, slot: Int, target: Int, depth: Int) {
        self.loop = loop
        self.slot = slot
        self.target = target
        self.depth = depth
    }

    /// Whether a request may be sent now.
    var hasRoom: Bool { self.context != nil && !self.isClosing && self.tickets.count < self.depth }

    /// The requests whose answers have not come.
    var underWay: some Sequence<Ticket> { self.tickets }

    /// When the oldest request under way was sent.
    var oldestSent: Int64? { self.tickets.first?.sent }

    /// Writes a request.
    func send(_ request: OutgoingRequest, _ ticket: Ticket) {
        guard let context = self.context else {
            preconditionFailure("a request for connection \(self.slot), which is closed")
        }
        self.tickets.append(ticket)
        guard let body = request.body else {
            context.writeAndFlush(self.wrapOutboundOut(request.head), promise: nil)
            return
        }
        context.write(self.wrapOutboundOut(request.head), promise: nil)
        context.writeAndFlush(self.wrapOutboundOut(body), promise: nil)
    }

    /// Closes because the oldest request was not answered in time.
    func expire() {
        self.fault = .timeout
        self.close()
    }

    /// Closes; what is under way is lost.
    func close() {
        self.isClosing = true
        self.context?.close(promise: nil)
    }

    func channelActive(context: ChannelHandlerContext) {
        self.context = context
        self.loop.didConnect(self)
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        let buffer = self.unwrapInboundIn(data)
        let now = LoadClock.now()
        var position = 0
        while position < buffer.readableBytes {
            switch self.reader.next(buffer.readableBytesUInt8Span, at: &position) {
            case .needsMore: return
            case .answer(let status, let closes):
                guard let ticket = self.tickets.popFirst() else { return self.refuse() }
                self.hasServed = true
                self.loop.didAnswer(ticket, self, status: status, id: self.reader.deliveryID, now: now)
                if closes {
                    self.close()
                    return
                }
                self.loop.goOn(self, after: status, now: now)
            case .malformed: return self.refuse()
            }
        }
    }

    func channelInactive(context: ChannelHandlerContext) {
        self.context = nil
        self.isClosing = true
        let now = LoadClock.now()
        if case .answer(let status, _) = self.reader.end(), let ticket = self.tickets.popFirst() {
            self.loop.didAnswer(ticket, self, status: status, id: self.reader.deliveryID, now: now)
        }
        // Only the oldest one was late; those behind it just go with the connection.
        var reason = self.fault ?? .reset
        while let ticket = self.tickets.popFirst() {
            self.loop.didLose(ticket, reason)
            reason = .reset
        }
        self.loop.didClose(self)
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        // Read and write errors: what they cost is counted when the channel becomes inactive.
        self.close()
    }

    private func refuse() {
        self.fault = .protocol
        self.close()
    }
}
