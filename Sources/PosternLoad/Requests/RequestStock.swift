internal import NIOCore
internal import PosternModel

/// Requests that each need a signature of their own, signed ahead on another thread.
///
/// Belongs to its event loop. When nothing is ready, which is so at the first request and when signing is what limits
/// the rate, one is signed on the spot.
final class RequestStock {
    /// A signed request.
    struct Prepared: Sendable {
        /// What goes over the wire.
        let bytes: RequestBytes
        /// What it was made for.
        let order: RequestOrders.Order
    }

    private enum Slot: Sendable {
        case ready(Prepared)
        case duplicate
    }

    private static let batch = 128
    /// Platforms refuse what was signed minutes ago; with slow rates a batch lasts long.
    private static let shelfLife: Int64 = 30_000_000_000

    private let requests: TargetRequests
    private let eventLoop: any EventLoop
    private let workshop: any EventLoop
    private var orders: RequestOrders
    private var slots = CircularBuffer<(slot: Slot, signedAt: Int64)>()
    private var isRefilling = false
    private var failure: LoadFailure?
    private var recent: RecentRequests<Prepared>

    /// Starts empty; `workshop` is the loop that signs.
    init(_ requests: TargetRequests, _ orders: RequestOrders, eventLoop: any EventLoop, workshop: any EventLoop) {
        self.requests = requests
        self.orders = orders
        self.eventLoop = eventLoop
        self.workshop = workshop
        self.recent = RecentRequests(limit: Self.batch)
    }

    /// The next request, and what it is.
    func take() throws(LoadFailure) -> (Prepared, RequestKind) {
        if let failure = self.failure { throw failure }
        let now = LoadClock.now()
        while let first = self.slots.first, now - first.signedAt > Self.shelfLife { self.slots.removeFirst() }
        if self.slots.count < Self.batch / 2 { self.refill() }
        let slot: Slot
        if let ready = self.slots.popFirst() {
            slot = ready.slot
        } else {
            slot = try Self.make(self.orders.next(), self.requests)
        }
        switch slot {
        case .ready(let prepared):
            if prepared.order.kind == .genuine, self.orders.repeats { self.recent.note(prepared) }
            return (prepared, prepared.order.kind)
        case .duplicate:
            // A shelf that was cleared may have held the only genuine one.
            guard let earlier = self.recent.take() else { return try self.take() }
            return (earlier, .duplicate)
        }
    }

    private func refill() {
        guard !self.isRefilling else { return }
        self.isRefilling = true
        var orders: [RequestOrders.Order] = []
        for _ in 0..<Self.batch { orders.append(self.orders.next()) }
        let (requests, batch, eventLoop) = (self.requests, orders, self.eventLoop)
        let stock = NIOLoopBound(self, eventLoop: eventLoop)
        self.workshop.execute {
            let signedAt = LoadClock.now()
            var slots: [Slot] = []
            var failure: LoadFailure?
            do throws(LoadFailure) {
                for order in batch { slots.append(try Self.make(order, requests)) }
            } catch {
                failure = error
            }
            let (made, found) = (slots, failure)
            eventLoop.execute { stock.value.receive(made, signedAt, found) }
        }
    }

    private func receive(_ slots: [Slot], _ signedAt: Int64, _ failure: LoadFailure?) {
        self.isRefilling = false
        self.failure = failure
        for slot in slots { self.slots.append((slot, signedAt)) }
    }

    private static func make(_ order: RequestOrders.Order, _ requests: TargetRequests) throws(LoadFailure) -> Slot {
        guard order.kind != .duplicate else { return .duplicate }
        let bytes = try requests.make(
            turn: order.turn,
            number: order.number,
            forged: order.kind == .forged,
            now: .now()
        )
        return .ready(Prepared(bytes: bytes, order: order))
    }
}
