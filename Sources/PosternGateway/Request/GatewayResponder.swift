package import Logging
package import NIOCore
internal import NIOHTTP1
package import PosternHTTP
internal import PosternModel
internal import PosternPlatforms
package import PosternStore
package import PosternTelemetry

/// The way of one request: route, limits, verify, limits, hand to a writer, answer.
///
/// One for each event loop; belongs to it.
package final class GatewayResponder: RequestResponder {
    let limits: LimitBook
    /// The account of the bodies in memory, of all loops together.
    let held: HeldBytes
    let metrics: GatewayMetrics
    let quarantine: QuarantineBuffer
    let publicOrigin: String?
    let plainRejections = RejectionAnswers()
    var limitedAnswers = LimitedAnswers()
    var tally = TrafficTally()
    var sampler = RejectionSampler()
    private let loop: Int
    private let queue: CommitQueue
    private let waiting: WaitingRequests
    private let lookups: EndpointLookups
    private let logger: Logger
    private let logsRequests: Bool
    private var directory: EndpointDirectory = .empty
    private var unknownKeys = UnknownKeys()
    private var ids = UniqueIDSequence()
    private let alive = PreparedAnswer(status: .ok, text: #"{"status":"ok"}"#)
    private let notReady = PreparedAnswer(status: .serviceUnavailable, text: #"{"status":"failing"}"#)

    /// Joins the parts; call it on the loop.
    ///
    /// `loop`: this loop's number among the gateway's.
    package init(
        loop: Int,
        queue: CommitQueue,
        waiting: WaitingRequests,
        limits: LimitBook,
        held: HeldBytes,
        quarantine: QuarantineBuffer,
        metrics: GatewayMetrics,
        lookups: EndpointLookups,
        publicOrigin: String?,
        logger: Logger
    ) {
        self.loop = loop
        self.queue = queue
        self.waiting = waiting
        self.limits = limits
        self.held = held
        self.quarantine = quarantine
        self.metrics = metrics
        self.lookups = lookups
        self.publicOrigin = publicOrigin
        self.logger = logger
        // Asked once: a level is not changed while the process runs, and each request would pay for asking.
        self.logsRequests = logger.logLevel <= .debug
    }

    /// Takes a new directory.
    package func adopt(_ directory: EndpointDirectory) {
        self.directory = directory
        self.unknownKeys.removeAll()
    }

    /// Hands over what was counted since the last time.
    package func drainTally() -> [TrafficTally.Key: Int64] { self.tally.drain() }

    /// Hands over the refused requests that were kept for the tenant to see.
    package func drainSamples() -> [RejectionSample] { self.sampler.drain() }

    // MARK: Head

    package func begin(_ head: RequestHead, exchange: Exchange) -> HeadDecision {
        switch RequestPath(target: head.target) {
        case .health(let ready):
            return .answer(!ready || self.queue.isAvailable ? self.alive : self.notReady)
        case .unknown:
            return .answer(self.refuseUnknown(head))
        case .webhook(let key):
            if let entry = self.directory[key] { return self.begin(head, exchange: exchange, entry: entry) }
            if self.unknownKeys.contains(key, at: .now) { return .answer(self.refuseUnknown(head)) }
            return self.lookUp(String(key), head: head, exchange: exchange)
        }
    }

    private func begin(_ head: RequestHead, exchange: Exchange, entry: EndpointEntry) -> HeadDecision {
        if let refusal = self.refuseStranger(head, entry: entry) { return .answer(refusal) }
        guard let served = entry.platform else { return self.reject(.endpointUnusable, head, entry: entry) }
        guard entry.isEnabled else { return self.reject(.endpointDisabled, head, entry: entry) }
        let facts = self.facts(head, served)
        // Before the secrets are looked at: some platforms probe a URL before there is one.
        if head.method != .POST, let outcome = self.handshake(facts, entry: entry, served: served) {
            return .answer(self.answer(outcome, head, entry: entry))
        }
        guard let verifier = entry.verifier, let budgets = entry.budgets else {
            return self.reject(.endpointUnusable, head, entry: entry)
        }
        guard head.method == .POST else { return self.reject(.methodNotAllowed, head, entry: entry) }
        // What cannot be stored now is refused before its body is sent.
        switch self.queue.room(budgets.share.index) {
        case .queued: break
        case .full: return self.reject(.overloaded, head, entry: entry)
        case .unavailable: return self.reject(.databaseUnavailable, head, entry: entry)
        case .closed: return self.reject(.stopping, head, entry: entry)
        }
        guard self.held.mayBegin(budgets.share) else { return self.reject(.overloaded, head, entry: entry) }
        let limit = served.platform.bodyLimitBytes
        if let length = head.contentLength, length > limit { return self.reject(.bodyTooLarge, head, entry: entry) }
        let verification = verifier.begin(facts)
        // A request without a signature is refused before its body is read, unless it may be an unsigned handshake or
        // its bytes are to be kept.
        if let failure = verification.refusal, entry.record.quarantineBytes == nil,
            !served.platform.handshakes.mayApply(method: "POST", verified: false)
        {
            return self.reject(Rejection(failure), head, entry: entry)
        }
        exchange.state = GatewayRequest(
            entry: entry,
            served: served,
            exchange: exchange,
            facts: facts,
            head: head,
            verification: verification,
            responder: self
        )
        return .read(limitBytes: limit)
    }

    /// Recognizes a handshake that needs no body.
    private func handshake(_ facts: RequestFacts, entry: EndpointEntry, served: ServedPlatform) -> HandshakeOutcome? {
        guard let secrets = entry.handshakeSecrets,
            served.platform.handshakes.mayApply(method: facts.verb, verified: false)
        else { return nil }
        return served.platform.handshake(for: facts, body: [], verified: false, secrets: secrets)
    }

    private func facts(_ head: RequestHead, _ served: ServedPlatform) -> RequestFacts {
        let facts = RequestFacts(
            platform: served.platform,
            method: head.method.rawValue,
            origin: self.publicOrigin ?? "",
            host: self.publicOrigin == nil ? Self.host(of: head) : "",
            target: head.target
        )
        for (name, value) in head.headers { facts.note(name, value) }
        return facts
    }

    /// The host the sender asked for: where it stands for an origin that nobody configured.
    private static func host(of head: RequestHead) -> String { head.headers.first(name: "host") ?? "localhost" }

    // MARK: Unknown keys

    /// Asks the database once whether a key that is not in the directory was made a moment ago.
    private func lookUp(_ key: String, head: RequestHead, exchange: Exchange) -> HeadDecision {
        // A stranger who tries keys at random does not get to ask the database.
        if let refusal = self.refuseIndebted(head) { return .answer(refusal) }
        let pending = PendingLookup(key: key, head: head, exchange: exchange, held: self.held)
        let reply = NIOLoopBound(pending, eventLoop: exchange.eventLoop)
        let loop = exchange.eventLoop
        let me = NIOLoopBound(self, eventLoop: loop)
        guard self.held.mayBegin(nil) else { return self.reject(.overloaded, head) }
        let asked = self.lookups.ask(key) { answer in
            loop.execute { me.value.decided(reply.value, answer) }
        }
        guard asked else { return self.reject(.overloaded, head) }
        exchange.state = pending
        return .read(limitBytes: PendingLookup.bodyLimitBytes)
    }

    private func decided(_ pending: PendingLookup, _ answer: EndpointLookups.Answer) {
        guard pending.exchange.isOpen else { return }
        switch answer {
        case .found(let entry):
            switch self.begin(pending.head, exchange: pending.exchange, entry: entry) {
            case .answer(let prepared): pending.exchange.answer(prepared)
            case .answered: break
            case .read(let limit):
                guard pending.body.readableBytes <= limit else {
                    pending.exchange.answer(self.rejection(.bodyTooLarge, pending.head, entry: entry))
                    return
                }
                self.received(pending.body, exchange: pending.exchange)
                if pending.isComplete { self.complete(pending.exchange) }
            }
        case .missing:
            self.unknownKeys.insert(pending.key, at: .now)
            pending.exchange.answer(self.refuseUnknown(pending.head))
        case .databaseUnavailable:
            pending.exchange.answer(self.rejection(.databaseUnavailable, pending.head))
        }
    }

    // MARK: Body

    package func received(_ chunk: ByteBuffer, exchange: Exchange) {
        switch exchange.state {
        case let request as GatewayRequest:
            if !request.append(chunk) {
                exchange.answer(self.rejection(.overloaded, request.head, entry: request.entry))
            }
        case let pending as PendingLookup:
            if !pending.append(chunk) { exchange.answer(self.rejection(.overloaded, pending.head)) }
        default: break
        }
    }

    package func complete(_ exchange: Exchange) {
        switch exchange.state {
        case let request as GatewayRequest: self.verify(request)
        case let pending as PendingLookup: pending.isComplete = true
        default: break
        }
    }

    package func aborted(_ exchange: Exchange, reason: AbortReason) {
        guard let request = exchange.state as? GatewayRequest else { return }
        switch reason {
        case .refused(.bodyTooLarge): self.note(.bodyTooLarge, request.head, entry: request.entry)
        // What it held in memory for so long had no proof, like the body of a forger.
        case .refused(.bodyTimeout): self.chargeAddress(request.head)
        case .refused, .disconnected, .shutdown: break
        }
    }

    private func verify(_ request: GatewayRequest) {
        if let outcome = request.handshake(verified: false) {
            request.exchange.answer(self.answer(outcome, request.head, entry: request.entry))
            return
        }
        let now = Timestamp.now()
        switch request.verdict(now: now) {
        case .refused(let failure):
            self.keepIfWanted(request, failure, at: now)
            request.exchange.answer(self.rejection(Rejection(failure), request.head, entry: request.entry))
        case .accepted(let secret, _, let redactions):
            if let outcome = request.handshake(verified: true) {
                guard case .answer(_, delivers: true) = outcome else {
                    request.exchange.answer(self.answer(outcome, request.head, entry: request.entry))
                    return
                }
                request.success = self.answer(outcome, request.head, entry: request.entry)
            }
            if let refusal = self.refuseOverLimit(request) {
                request.exchange.answer(refusal)
                return
            }
            request.redact(redactions)
            self.commit(request, secret: secret, at: now)
        }
    }

    // MARK: Commit

    private func commit(_ request: GatewayRequest, secret: SecretID?, at now: Timestamp) {
        guard let share = request.entry.budgets?.share else { return }
        let id = DeliveryID(self.ids.next(at: now))
        request.willCommit(as: id, secret: secret)
        let slot = self.waiting.add(request)
        let row = DeliveryRow(
            id: id,
            organization: request.entry.organization,
            endpoint: request.entry.id,
            lane: request.entry.lane,
            platform: request.served.platform.name,
            secret: secret
        )
        let headers = StoredHeaders.encode(
            target: request.entry.hasTokenInPath
                ? StoredHeaders.targetHidingEndOfPath(request.facts) : request.head.target,
            headers: request.head.headers,
            secretHeaders: request.entry.secretHeaders,
            allocator: ByteBufferAllocator()
        )
        let admission = self.queue.offer(
            Ticket(row: row, headers: headers, body: request.body, loop: self.loop, slot: slot, share: share.index)
        )
        switch admission {
        case .queued: return
        case .full: self.refuse(request, slot, .overloaded)
        case .unavailable: self.refuse(request, slot, .databaseUnavailable)
        case .closed: self.refuse(request, slot, .stopping)
        }
    }

    private func refuse(_ request: GatewayRequest, _ slot: Int, _ rejection: Rejection) {
        self.waiting.remove(slot)
        self.giveBack(request)
        request.exchange.answer(self.rejection(rejection, request.head, entry: request.entry))
    }

    /// Answers a request whose commit is decided.
    func finish(_ request: GatewayRequest, _ outcome: CommitOutcome) {
        switch outcome {
        case .committed:
            self.count(.accepted(request.secret), entry: request.entry)
            if self.logsRequests, let delivery = request.delivery {
                self.log("delivery committed", request.entry, id: delivery.id)
            }
            request.served.metrics.payloadBytes.increment(by: request.body.readableBytes)
            request.exchange.answer(request.success) { fields in
                guard let delivery = request.delivery else { return }
                let text = delivery.id.text
                fields.append("Postern-Delivery-Id", ascii: text.span)
            }
        case .notCommitted:
            self.giveBack(request)
            request.exchange.answer(self.rejection(.databaseUnavailable, request.head, entry: request.entry))
        }
    }

    // MARK: Answers

    private func answer(_ outcome: HandshakeOutcome, _ head: RequestHead, entry: EndpointEntry) -> PreparedAnswer {
        switch outcome {
        case .answer(let answer, delivers: _):
            self.count(.handshake, entry: entry)
            return PreparedAnswer(answer)
        case .refuse(let status):
            self.note(.handshakeRefused, head, entry: entry)
            return PreparedAnswer(
                status: HTTPResponseStatus(statusCode: status),
                body: self.plainRejections[.handshakeRefused].body
            )
        }
    }

    private func reject(_ rejection: Rejection, _ head: RequestHead, entry: EndpointEntry? = nil) -> HeadDecision {
        .answer(self.rejection(rejection, head, entry: entry))
    }

    /// Notes a refusal everywhere it is noted, and gives its answer.
    func rejection(_ rejection: Rejection, _ head: RequestHead, entry: EndpointEntry? = nil) -> PreparedAnswer {
        self.note(rejection, head, entry: entry)
        return entry?.platform?.rejections[rejection] ?? self.plainRejections[rejection]
    }

    /// Counts, samples and logs a refusal, and charges whoever caused it.
    func note(_ rejection: Rejection, _ head: RequestHead, entry: EndpointEntry?) {
        if self.logsRequests {
            self.log("request refused", entry, id: UniqueID.timeOrdered(at: .now()), reason: rejection.code)
        }
        self.charge(rejection, head, entry: entry)
        guard let entry else {
            self.metrics.rejected(rejection.code, platform: nil)
            return
        }
        self.sample(rejection, head, entry: entry)
        self.count(.rejected(rejection), entry: entry)
    }

    /// Says what became of a request; the id of an accepted one is its delivery's, which the sender sees, too.
    private func log(_ message: Logger.Message, _ entry: EndpointEntry?, id: UniqueID, reason: String? = nil) {
        var line = self.logger.with([.requestID: "\(id)"])
        if let entry {
            line[.endpoint] = "\(entry.id)"
            line[.organization] = "\(entry.organization)"
            line[.platform] = "\(entry.record.platform)"
        }
        if let reason { line[.reason] = "\(reason)" }
        line.debug(message)
    }

    func count(_ outcome: TrafficTally.Outcome, entry: EndpointEntry) {
        self.tally.count(outcome, endpoint: entry, at: .now())
        guard let metrics = entry.platform?.metrics else {
            if case .rejected(let rejection) = outcome { self.metrics.rejected(rejection.code, platform: nil) }
            return
        }
        switch outcome {
        case .accepted: metrics.accepted.increment()
        case .handshake: metrics.handshakesAnswered.increment()
        case .rejected(.handshakeRefused): metrics.handshakesRefused.increment()
        case .rejected(let rejection): metrics.reject(rejection.code)
        case .shadowed: break
        }
    }
}
