internal import NIOCore
internal import NIOHTTP1

extension HTTPConnection {
    /// Whether the next part can be worked off now.
    var takesParts: Bool {
        if self.machine.isWaiting { return false }
        // A peer that does not read its answers gets no further ones.
        return !self.machine.isIdle || (self.isThere && self.isWritable)
    }

    /// Whether the socket may be read.
    var mayRead: Bool { self.queue.isEmpty && (!self.machine.isIdle || (self.isThere && self.isWritable)) }

    /// Works off waiting parts until a request has to wait for its answer.
    func advance() {
        guard !self.isAdvancing, !self.machine.hasEnded else { return }
        self.isAdvancing = true
        while self.takesParts, let part = self.queue.take() { self.process(part) }
        self.isAdvancing = false
        self.flushIfDue()
        guard self.queue.isEmpty, !self.machine.isWaiting, !self.machine.hasEnded else { return }
        if let refusal = self.pendingRefusal {
            self.refuse(refusal)
        } else if self.queue.hasOverflowed {
            // The rest of what was being received has been dropped, and more may be on its way: a reset would take the
            // answers back.
            self.closeWhenWritten(.refused, lingering: true)
        } else if self.inputClosed {
            if self.machine.isIdle { self.closeWhenWritten(.peer) }
        } else if self.holdsRead, self.mayRead {
            self.holdsRead = false
            self.context?.read()
        }
    }

    /// Works off one part of a request.
    func process(_ part: HTTPServerRequestPart) {
        switch part {
        case .head(let head):
            guard !self.machine.hasEnded else { return }
            self.begin(head)
        case .body(let chunk):
            switch self.machine.received(bytes: chunk.readableBytes) {
            case .deliver:
                self.loop.responder.received(chunk, exchange: Exchange(connection: self, number: self.machine.number))
            case .discard: break
            case .tooLarge(let limitBytes): self.refuse(.bodyTooLarge(limitBytes: limitBytes))
            }
        case .end:
            if self.isLastRequest { self.ignoresInput = true }
            switch self.machine.receivedEnd() {
            case .complete:
                self.wait(for: .responder)
                self.loop.responder.complete(Exchange(connection: self, number: self.machine.number))
            case .next: self.becameIdle()
            case .ignore: break
            }
        }
    }

    private func begin(_ head: HTTPRequestHead) {
        self.hasHeadBytes = false
        self.begun = self.now
        let framing: RequestFraming
        let target: RequestTarget
        do {
            framing = try RequestFraming(head, limits: self.loop.configuration.limits)
            target = try RequestTarget(head.uri, method: head.method)
        } catch {
            self.refuse(error)
            return
        }
        self.isLastRequest = !framing.keepsAlive
        if self.readsForwarded { self.requestPeer = self.forwardedPeer(head.headers) }
        let number = self.machine.begin(framing)
        self.wait(for: .body)
        let exchange = Exchange(connection: self, number: number)
        let requestHead = RequestHead(target.applied(to: head), framing: framing, peer: self.requestPeer)
        switch self.loop.responder.begin(requestHead, exchange: exchange) {
        case .answer(let answer): self.answer(answer, number: number) { _ in }
        case .answered:
            precondition(!self.machine.isOpen(number), "begin returned .answered without having answered")
        case .read(let limitBytes):
            guard self.machine.isOpen(number) else { return }
            switch self.machine.read(limitBytes: limitBytes) {
            case .read: break
            case .readAfterContinue: self.writeContinue()
            case .tooLarge(let limitBytes): self.refuse(.bodyTooLarge(limitBytes: limitBytes))
            }
        }
    }

    private func forwardedPeer(_ headers: HTTPHeaders) -> PeerAddress {
        let configuration = self.loop.configuration
        var walk = ForwardedWalk(from: self.peer, trusted: configuration.trustedProxies)
        walk.follow(configuration.forwardedField, in: headers)
        return walk.nearest
    }

    /// Notes that the parser cannot go on: its refusal goes out after the answers of the requests before.
    func parserFailed(_ refusal: Refusal) {
        guard !self.machine.hasEnded, self.context?.channel.isActive ?? false else { return }
        self.pendingRefusal = self.pendingRefusal ?? refusal
        self.advance()
    }

    /// Sorts what the parser found wrong.
    static func refusal(for failure: HTTPParserError) -> Refusal {
        switch failure {
        case .headerOverflow: .headersTooLarge
        case .invalidVersion: .unsupportedVersion
        default: .malformedRequest
        }
    }
}
