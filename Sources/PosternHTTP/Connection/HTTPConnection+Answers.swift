internal import NIOCore

extension HTTPConnection {
    /// Whether the request with this number awaits its answer.
    func isOpen(_ number: UInt64) -> Bool { self.machine.isOpen(number) }

    /// The responder's object for the request with this number.
    func state(of number: UInt64) -> AnyObject? { number == self.machine.number ? self.state : nil }

    /// Hangs the responder's object on the request with this number, while it is open.
    func setState(_ state: AnyObject?, of number: UInt64) {
        if self.machine.isOpen(number) { self.state = state }
    }

    /// Answers the request with this number, unless it is over.
    func answer(_ answer: PreparedAnswer, number: UInt64, fields: (inout AnswerFields) -> Void) {
        self.eventLoop.preconditionInEventLoop()
        guard let context = self.context, self.isThere else { return }
        let followed = !self.queue.isEmpty || !(self.inputClosed || self.queue.hasOverflowed)
        guard let plan = self.machine.answer(number, isLast: self.loop.isDraining || !followed) else { return }
        self.state = nil
        self.write(answer, plan: plan, fields: fields, context: context)
        switch plan.next {
        case .next:
            self.becameIdle()
            if !self.isReading { self.advance() }
        case .discard: break
        case .close, .linger:
            let mayReceive = plan.next == .linger || !self.queue.isEmpty || self.holdsRead
            self.finish(lingering: mayReceive, end: self.loop.isDraining ? .shutdown : .answered, context: context)
        }
    }

    /// Answers with a refusal of the server's own and closes.
    func refuse(_ refusal: Refusal) {
        guard let context = self.context, context.channel.isActive, !self.machine.hasEnded else { return }
        // The request was answered already, so a second answer would be taken for the next one's.
        guard !self.machine.isDiscarding else { return self.closeWhenWritten(.refused) }
        let omitsBody = self.machine.omitsBody
        self.abort(.refused(refusal))
        self.loop.observer.requestRefused(refusal)
        self.write(
            self.loop.responder.answer(for: refusal),
            plan: .init(omitsBody: omitsBody, field: .close, next: .linger),
            fields: { _ in },
            context: context
        )
        self.finish(lingering: true, end: .refused, context: context)
    }

    /// Ends the requests of the connection, and tells the responder if it owed an answer.
    func abort(_ reason: AbortReason) {
        let number = self.machine.number
        if self.machine.end() {
            self.loop.responder.aborted(Exchange(connection: self, number: number), reason: reason)
        }
        self.state = nil
    }

    /// Asks the sender for the body it holds back.
    func writeContinue() {
        guard let context = self.context else { return }
        context.write(self.wrapOutboundOut(ByteBuffer(staticString: "HTTP/1.1 100 Continue\r\n\r\n")), promise: nil)
        self.needsFlush = true
        self.flushIfDue()
    }

    /// Starts waiting for the next request.
    func becameIdle() {
        self.begun = nil
        if self.loop.isDraining {
            self.closeWhenWritten(.shutdown, lingering: true)
        } else {
            self.wait(for: .idle)
        }
    }

    /// Closes without a further answer, once the answers written before are out.
    func closeWhenWritten(_ end: ConnectionEnd, lingering: Bool = false) {
        guard let context = self.context, context.channel.isActive, !self.machine.hasEnded else { return }
        self.abort(.disconnected)
        self.finish(lingering: lingering, end: end, context: context)
    }

    /// Flushes what was written, unless a read is being worked off whose end will.
    func flushIfDue() {
        if self.needsFlush, !self.isReading, !self.isAdvancing {
            self.needsFlush = false
            self.context?.flush()
        }
    }

    private func write(
        _ answer: PreparedAnswer,
        plan: RequestMachine.AnswerPlan,
        fields: (inout AnswerFields) -> Void,
        context: ChannelHandlerContext
    ) {
        let now = self.now
        var output = ByteBuffer()
        swap(&output, &self.loop.output)
        output.clear()
        output.writeImmutableBuffer(answer.head)
        self.loop.dateLine.append(to: &output, now: now)
        var writer = AnswerFields(output)
        output = ByteBuffer()  // The writer must hold the only reference, or its first write copies everything.
        fields(&writer)
        output = writer.finish()
        switch plan.field {
        case .none: output.writeStaticString("\r\n")
        case .close: output.writeStaticString("Connection: close\r\n\r\n")
        case .keepAlive: output.writeStaticString("Connection: keep-alive\r\n\r\n")
        }
        let isSmall = answer.body.readableBytes <= Self.copiedBodyBytes
        if !plan.omitsBody, isSmall { output.writeImmutableBuffer(answer.body) }
        context.write(self.wrapOutboundOut(output), promise: nil)
        swap(&output, &self.loop.output)
        if !plan.omitsBody, !isSmall { context.write(self.wrapOutboundOut(answer.body), promise: nil) }
        self.deadlines.wrote(now: now)
        self.needsFlush = true
        self.flushIfDue()
        self.loop.observer.requestAnswered(status: answer.status, duration: self.begun.map { now - $0 } ?? .zero)
    }

    /// Closes once everything written is out; lingering, only our side first, so that the peer can read the answer
    /// while bytes of its request still come (a reset would destroy it).
    private func finish(lingering: Bool, end: ConnectionEnd, context: ChannelHandlerContext) {
        self.end = self.end ?? end
        self.ignoresInput = true
        self.queue.close()
        self.wait(for: .write)
        let written = context.eventLoop.makePromise(of: Void.self)
        written.futureResult.assumeIsolated().whenComplete { _ in
            guard let context = self.context, context.channel.isActive else { return }
            guard lingering, !self.inputClosed else { return context.close(promise: nil) }
            self.isLingering = true
            self.wait(for: .linger)
            context.close(mode: .output, promise: nil)
            if self.holdsRead {
                self.holdsRead = false
                context.read()
            }
        }
        self.needsFlush = false
        context.writeAndFlush(self.wrapOutboundOut(ByteBuffer()), promise: written)
    }

    /// Bodies up to this size are copied behind their head, so that the answer is one write.
    private static var copiedBodyBytes: Int { 16_384 }
}
