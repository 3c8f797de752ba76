package import NIOCore
package import NIOHTTP1

/// Serves one HTTP/1.1 connection: the last handler of its pipeline, after NIO's request decoder.
///
/// It holds the machines that decide (``RequestMachine``, ``DeadlineMachine``, ``RequestQueue``) and carries out what
/// they say. Belongs to its channel's event loop.
package final class HTTPConnection: ChannelDuplexHandler, NIOScheduledCallbackHandler {
    package typealias InboundIn = HTTPServerRequestPart
    package typealias OutboundIn = ByteBuffer
    package typealias OutboundOut = ByteBuffer

    let loop: LoopContext
    /// Where the connection comes from, or where a trusted proxy says in a PROXY header that it does.
    private(set) var peer: PeerAddress
    /// The address that the request in progress comes from; ``peer`` unless a trusted proxy forwards it.
    var requestPeer: PeerAddress
    /// Whether requests are asked for the address they were forwarded for: ``peer`` is a trusted proxy.
    private(set) var readsForwarded: Bool
    /// Whether a PROXY header must come before anything else.
    private(set) var awaitsProxyHeader: Bool
    /// What the ledger counts the connection as.
    private var place: PeerAddress
    var machine: RequestMachine
    var deadlines: DeadlineMachine
    var queue: RequestQueue<HTTPServerRequestPart>
    var context: ChannelHandlerContext?
    /// The responder's object for the request in progress.
    var state: AnyObject?
    /// When the head of the request in progress ended; `nil` between requests.
    var begun: NIODeadline?
    /// What to refuse once the requests before it are answered: the parser's failure.
    var pendingRefusal: Refusal?
    /// Why the connection ends, once known; the first reason stands.
    var end: ConnectionEnd?
    /// Whether the peer has closed its side.
    var inputClosed = false
    /// Whether nothing more is answered and the peer's end is awaited.
    var isLingering = false
    /// Whether bytes of a head have come that is not complete.
    var hasHeadBytes = false
    /// Whether parts came since the last end of a read.
    private var sawPart = false
    /// Whether a read of the socket is being worked off: answers wait for its end and go out together.
    var isReading = false
    /// Whether answers were written since the last flush.
    var needsFlush = false
    /// Whether waiting parts are being worked off further up the stack.
    var isAdvancing = false
    /// Whether further bytes are dropped unread: the request in progress is the last, or the connection is closing.
    var ignoresInput = false
    /// Whether no request may follow the one in progress, or the last one seen.
    var isLastRequest = false
    /// Bytes that became nothing.
    private var unframed: UnframedBytes
    /// Whether the channel wants to read and has to wait.
    var holdsRead = false
    /// The time of the read being worked off, so that one read costs one look at the clock.
    private var readTime: NIODeadline?
    private var timer: NIOScheduledCallback?
    private var hasOpened = false
    private var hasClosed = false
    /// Whether the peer takes answers; asking the channel at every part of a request costs more than keeping it.
    private(set) var isWritable = true

    /// Whether the connection is there, as far as the channel has told.
    var isThere: Bool { self.hasOpened && !self.hasClosed }

    /// Makes the handler of one connection.
    ///
    /// Call it on the loop of `loop`.
    package init(loop: LoopContext, peer: PeerAddress) {
        let limits = loop.configuration.limits
        self.loop = loop
        self.peer = peer
        self.requestPeer = peer
        self.place = loop.place(of: peer)
        let isTrusted = loop.configuration.trustedProxies.contains(peer)
        self.awaitsProxyHeader = isTrusted && loop.configuration.proxyProtocol
        self.readsForwarded = isTrusted && loop.configuration.forwardedField != .none
        // More than any head that the decoder lets through, line ends included.
        self.unframed = UnframedBytes(limit: limits.headerBytes + limits.targetBytes + 4096)
        self.machine = RequestMachine(discardLimitBytes: limits.discardedBodyBytes)
        self.deadlines = DeadlineMachine(loop.configuration.deadlines)
        self.queue = RequestQueue(limit: limits.pipelinedRequests, byteLimit: 1 << 20)
    }

    /// The loop the connection belongs to.
    var eventLoop: any EventLoop { self.loop.eventLoop }

    /// The time: one and the same while a read is being worked off.
    var now: NIODeadline {
        if let readTime = self.readTime { return readTime }
        let now = self.eventLoop.now
        if self.isReading { self.readTime = now }
        return now
    }

    // MARK: the channel's events

    package func handlerAdded(context: ChannelHandlerContext) {
        self.context = context
        if context.channel.isActive { self.opened() }
    }

    package func handlerRemoved(context: ChannelHandlerContext) {
        self.closed()  // A channel that never became active has no other last event.
        self.context = nil
    }

    package func channelActive(context: ChannelHandlerContext) {
        self.opened()
    }

    package func channelInactive(context: ChannelHandlerContext) {
        self.closed()
    }

    package func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        self.isReading = true
        self.sawPart = true
        let part = self.unwrapInboundIn(data)
        switch part {
        case .head: self.unframed.headEnded()
        case .body(let chunk): self.unframed.body(bytes: chunk.readableBytes)
        case .end: self.unframed.bodyEnded()
        }
        if self.takesParts && self.queue.isEmpty {
            self.process(part)
        } else {
            switch part {
            case .head: self.queue.offer(head: part)
            case .body(let chunk): self.queue.offer(part, bytes: chunk.readableBytes)
            case .end: self.queue.offer(part, bytes: 0)
            }
        }
    }

    package func channelReadComplete(context: ChannelHandlerContext) {
        if !self.sawPart, !self.hasHeadBytes, self.machine.isIdle, self.queue.isEmpty {
            self.hasHeadBytes = true
            if self.deadlines.current == .idle { self.wait(for: .head) }
        }
        self.readEnded()
    }

    package func read(context: ChannelHandlerContext) {
        if self.mayRead {
            context.read()
        } else {
            self.holdsRead = true
        }
    }

    package func channelWritabilityChanged(context: ChannelHandlerContext) {
        self.isWritable = context.channel.isWritable
        if self.isWritable { self.advance() }
    }

    package func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        guard case .some(.inputClosed) = event as? ChannelEvent else {
            context.fireUserInboundEventTriggered(event)
            return
        }
        self.inputClosed = true
        self.readEnded()  // The decoder's last parts come without the end of a read.
        if self.isLingering { self.closeNow(.peer) }
    }

    package func errorCaught(context: ChannelHandlerContext, error: any Error) {
        switch error {
        case let failure as HTTPParserError: self.parserFailed(Self.refusal(for: failure))
        case is ByteToMessageDecoderError: break  // Bytes after a failure that is being answered.
        default: self.closeNow(.broken)
        }
    }

    /// Counts the bytes of a read that the decoder has worked off.
    func decoded(bytes: Int) {
        guard !self.unframed.isWithinLimit(afterRead: bytes), !self.ignoresInput else { return }
        self.ignoresInput = true
        self.parserFailed(self.unframed.isInBody ? .malformedRequest : .headersTooLarge)
    }

    /// Takes the address a trusted proxy names for the connection, or refuses the connection when that address has too
    /// many.
    func identify(_ header: ProxyHeader) {
        self.awaitsProxyHeader = false
        guard case .proxied(let address) = header else { return }
        self.peer = address
        self.requestPeer = address
        let place = self.loop.place(of: address)
        self.readsForwarded =
            self.loop.configuration.forwardedField != .none && self.loop.configuration.trustedProxies.contains(address)
        if let refusal = self.loop.ledger.name(place) {
            self.ignoresInput = true
            self.loop.observer.connectionRefused(refusal)
            self.refuse(refusal)
        } else {
            self.place = place
        }
    }

    // MARK: closing and deadlines

    /// Lets the request in progress finish and closes then; closes our side at once without one.
    ///
    /// Only our side: a request that crosses the end is not answered by a reset, which a sender takes for a fault.
    func drain() {
        if self.machine.isIdle, self.queue.isEmpty, self.pendingRefusal == nil, !self.hasHeadBytes {
            self.closeWhenWritten(.shutdown, lingering: true)
        }
    }

    /// Closes without a further word.
    func closeNow(_ end: ConnectionEnd) {
        self.end = self.end ?? end
        if let context = self.context { context.close(promise: nil) }
    }

    /// Starts waiting for something, the earlier wait being over.
    func wait(for wait: DeadlineMachine.Wait) {
        switch self.deadlines.set(wait, now: self.now) {
        case .keep: break
        case .schedule(let time): self.schedule(time)
        case .reschedule(let time):
            self.timer?.cancel()
            self.schedule(time)
        }
    }

    private func readEnded() {
        self.isReading = false
        self.sawPart = false
        self.readTime = nil
        self.flushIfDue()
        self.advance()
    }

    private func opened() {
        guard !self.hasOpened else { return }
        self.hasOpened = true
        self.loop.insert(self)
        self.loop.observer.connectionOpened()
        self.wait(for: .head)
        // A connection accepted while the server began to shut down has its first request under way: it is served, as
        // its last, if it comes soon.
        if self.loop.isDraining { self.wait(for: .linger) }
    }

    private func closed() {
        guard !self.hasClosed else { return }
        self.hasClosed = true
        self.timer?.cancel()
        self.timer = nil
        self.queue.close()
        self.abort(self.end == .shutdown ? .shutdown : .disconnected)
        self.loop.ledger.release(self.place)
        guard self.hasOpened else { return }
        self.loop.remove(self)
        self.loop.observer.connectionClosed(self.end ?? .peer)
    }

    private func schedule(_ time: NIODeadline) {
        // Nothing is awaited of a connection that is gone; the timer would keep it until it fires.
        guard !self.hasClosed else { return }
        // A callback and no task: it takes no memory of its own. It is refused by a loop that shuts down, which closes
        // its connections.
        self.timer = try? self.eventLoop.assumeIsolated().scheduleCallback(at: time, handler: self)
    }

    package func handleScheduledCallback(eventLoop: some EventLoop) {
        guard let context = self.context, context.channel.isActive else { return }
        let buffered = (try? context.channel.syncOptions?.getOption(.bufferedWritableBytes)) ?? 0
        switch self.deadlines.fired(now: self.eventLoop.now, hasUnwrittenBytes: buffered > 0) {
        case .rest: self.timer = nil
        case .schedule(let time): self.schedule(time)
        case .expired(let wait):
            self.timer = nil
            self.expired(wait)
        }
    }

    private func expired(_ wait: DeadlineMachine.Wait) {
        switch wait {
        case .head where self.hasHeadBytes: self.refuse(.headTimeout)
        case .head, .idle: self.closeNow(.idle)
        case .body: self.refuse(.bodyTimeout)
        case .responder: self.refuse(.answerOverdue)
        case .write:
            self.end = .writeTimeout
            self.closeNow(.writeTimeout)
        case .linger: self.closeNow(self.end ?? (self.loop.isDraining ? .shutdown : .refused))
        }
    }
}
