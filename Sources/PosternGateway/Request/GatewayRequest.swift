internal import NIOCore
internal import NIOHTTP1
internal import PosternHTTP
internal import PosternModel
internal import PosternPlatforms

/// One POST from its head to its answer.
///
/// Belongs to its event loop.
final class GatewayRequest: CommitWaiter {
    let entry: EndpointEntry
    let served: ServedPlatform
    let exchange: Exchange
    let facts: RequestFacts
    let head: RequestHead
    /// The running check; taken when the body is complete.
    var verification: Verification?
    var body: ByteBuffer
    private(set) var delivery: DeliveryID?
    /// What is answered once the delivery is stored.
    var success: PreparedAnswer
    /// The secret that proved it.
    private(set) var secret: SecretID?
    /// Which budgets it was taken out of, to be given back if it is not stored.
    var taken = (global: false, endpoint: false, organization: false)
    private var heldBytes = 0
    private let held: HeldBytes
    private unowned let responder: GatewayResponder

    init(
        entry: EndpointEntry,
        served: ServedPlatform,
        exchange: Exchange,
        facts: RequestFacts,
        head: RequestHead,
        verification: consuming Verification,
        responder: GatewayResponder
    ) {
        self.entry = entry
        self.served = served
        self.exchange = exchange
        self.facts = facts
        self.head = head
        self.verification = consume verification
        self.body = ByteBuffer()
        self.success = served.success
        self.held = responder.held
        self.responder = responder
    }

    // Whatever ends a request ends this object: the account is right without anybody's care.
    deinit { self.held.release(self.heldBytes, self.entry.budgets?.share) }

    /// Takes the next bytes: into the running hash and into memory of the size the body needs.
    ///
    /// A copy, because a slice would keep the whole receive buffer alive while the delivery waits for its commit.
    /// `false` when all bodies together are at their limit: then nothing was taken.
    func append(_ chunk: ByteBuffer) -> Bool {
        let bytes = chunk.readableBytes
        guard self.held.take(bytes, self.entry.budgets?.share) else { return false }
        self.heldBytes += bytes
        self.verification?.update(chunk.readableBytesSpan)
        // The announced length was checked against the endpoint's limit before the first byte was read.
        if self.body.capacity == 0 { self.body.reserveCapacity(self.head.contentLength ?? chunk.readableBytes) }
        self.body.writeImmutableBuffer(chunk)
        return true
    }

    /// Ends the check.
    func verdict(now: Timestamp) -> Verdict {
        guard let verification = self.verification.take() else { return .refused(.missingSignature) }
        let body = verification.needsWholeBody ? Array(self.body.readableBytesView) : []
        return verification.finish(body: body, now: now)
    }

    /// Recognizes a handshake that comes as a POST, before or after the signature was checked.
    func handshake(verified: Bool) -> HandshakeOutcome? {
        let platform = self.served.platform
        guard platform.handshakes.mayApply(method: self.facts.verb, verified: verified),
            let secrets = self.entry.handshakeSecrets
        else { return nil }
        let needsBody = platform.handshakes.needsBody(method: self.facts.verb, verified: verified)
        let body = needsBody ? Array(self.body.readableBytesView) : []
        return platform.handshake(for: self.facts, body: body, verified: verified, secrets: secrets)
    }

    /// Replaces shared tokens in the body, which must not be stored, by asterisks; the length stays.
    func redact(_ ranges: [Range<Int>]) {
        for range in ranges {
            self.body.setRepeatingByte(
                UInt8(ascii: "*"),
                count: range.count,
                at: self.body.readerIndex + range.lowerBound
            )
        }
    }

    /// Notes the number under which the delivery is stored, and what proved it.
    func willCommit(as delivery: DeliveryID, secret: SecretID?) {
        self.delivery = delivery
        self.secret = secret
    }

    func commitDecided(_ outcome: CommitOutcome) { self.responder.finish(self, outcome) }
}
