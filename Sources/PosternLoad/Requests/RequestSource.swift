package import NIOCore

/// Hands one event loop its requests to one server, each ready to be written.
///
/// Belongs to its event loop. Where a signature covers neither key nor time, a request costs a copy of its template
/// with another key; otherwise it comes out of a ``RequestStock``.
package final class RequestSource {
    /// Up to so many bytes a body is copied behind its head, which is cheaper than writing two pieces.
    private static let copyLimit = 16_384
    /// How many requests are kept for duplicates; numbers only, so it may be many.
    private static let memory = 512

    private let requests: TargetRequests
    private let genuine: [RequestTemplate]
    private let forged: [RequestTemplate]
    private let stock: RequestStock?
    private var orders: RequestOrders
    private var recent = RecentRequests<RequestOrders.Order>(limit: RequestSource.memory)
    /// The keys of each draft, and the text of one, to be written over.
    private let keyTexts: [EventKeyText]
    private var keys: [[UInt8]]
    /// The request being sent; its storage is used again once the transport has let go of it.
    private var scratch = ByteBuffer()

    /// Prepares one share of the requests.
    ///
    /// - Parameters:
    ///   - requests: what all shares have in common.
    ///   - mix: duplicates and forgeries.
    ///   - share: a number no other source of the run has; its keys follow from it.
    ///   - eventLoop: the loop this belongs to.
    ///   - workshop: the loop that signs ahead.
    package init(
        _ requests: TargetRequests,
        _ mix: RequestMix,
        share: Int,
        eventLoop: any EventLoop,
        workshop: any EventLoop
    ) {
        let orders = RequestOrders(mix, share: share)
        self.requests = requests
        self.orders = orders
        self.keyTexts = requests.drafts.map(\.key)
        self.keys = self.keyTexts.map { $0.text(0) }
        switch requests.signing {
        case .once(let genuine, let forged):
            self.genuine = genuine
            self.forged = forged
            self.stock = nil
        case .each:
            self.genuine = []
            self.forged = []
            self.stock = RequestStock(requests, orders, eventLoop: eventLoop, workshop: workshop)
        }
    }

    /// The next request.
    ///
    /// - Throws: ``LoadFailure/signing(_:)``.
    package func next() throws(LoadFailure) -> OutgoingRequest {
        if let stock = self.stock {
            let (prepared, kind) = try stock.take()
            let draft = self.requests.position(prepared.order.turn).draft
            return self.joined(prepared.bytes, kind, prepared.order.number, draft)
        }
        var order = self.orders.next()
        let kind = order.kind
        if kind == .duplicate, let earlier = self.recent.take() { order = earlier }
        if kind == .genuine, self.orders.repeats { self.recent.note(order) }
        let (path, draft) = self.requests.position(order.turn)
        let index = path * self.keys.count + draft
        let template = kind == .forged ? self.forged[index] : self.genuine[index]
        self.keyTexts[draft].replace(&self.keys[draft], with: order.number)
        self.scratch.clear()
        self.scratch.writeImmutableBuffer(template.bytes.head)
        self.scratch.setBytes(self.keys[draft], at: template.keyPosition)
        return self.finished(template.bytes.body, kind, order.number, draft)
    }

    /// Appends the event's key of a request to a line of the ledger.
    package func appendEventKey(_ number: UInt64, draft: Int, to output: inout [UInt8]) {
        self.requests.drafts[draft].appendEventKey(number, to: &output)
    }

    private func joined(_ bytes: RequestBytes, _ kind: RequestKind, _ number: UInt64, _ draft: Int) -> OutgoingRequest {
        self.scratch.clear()
        self.scratch.writeImmutableBuffer(bytes.head)
        return self.finished(bytes.body, kind, number, draft)
    }

    private func finished(_ body: ByteBuffer, _ kind: RequestKind, _ number: UInt64, _ draft: Int) -> OutgoingRequest {
        let isSmall = body.readableBytes <= Self.copyLimit
        if isSmall { self.scratch.writeImmutableBuffer(body) }
        return OutgoingRequest(
            head: self.scratch,
            body: isSmall ? nil : body,
            kind: kind,
            number: number,
            draft: draft
        )
    }
}
