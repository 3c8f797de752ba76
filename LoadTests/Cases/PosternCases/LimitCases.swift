internal import PosternGateway
internal import PosternHTTP
internal import PosternLimits
internal import PosternModel
internal import PosternPlatforms
internal import PosternStore
internal import Synchronization

/// What limits cost a request: everything that is asked and taken for one that is let through, or refused by the last
/// of them.
///
/// The clock is a number that goes forward by a microsecond for each request.
enum LimitCases {
    @Sendable static func all() throws(CaseFailure) -> [MeasuredCase] {
        [
            MeasuredCase("limits/one organization", claim: .calls(0)) { () throws(CaseFailure) in
                try Self.work(organizations: 1, limit: Self.never, isAdmitted: true)
            },
            MeasuredCase("limits/10000 organizations", claim: .calls(0)) { () throws(CaseFailure) in
                try Self.work(organizations: 10_000, limit: Self.never, isAdmitted: true)
            },
            MeasuredCase("limits/over the limit", claim: .calls(0)) { () throws(CaseFailure) in
                try Self.work(organizations: 1, limit: ConfiguredLimit(requestsPerMinute: 1), isAdmitted: false)
            },
            MeasuredCase("limits/100000 strangers", claim: .calls(0)) { () throws(CaseFailure) in Self.strangers() },
        ]
    }

    /// A limit that is counted and never reached.
    private static let never = ConfiguredLimit(requestsPerMinute: 100_000_000)

    private static func work(
        organizations: Int,
        limit: ConfiguredLimit,
        isAdmitted: Bool
    ) throws(CaseFailure) -> MeasuredCase.Work {
        let clock = Clock()
        let book = LimitBook { clock.now }
        let contents = try LimitedEndpoints(organizations: organizations, limit: limit)
        book.adopt(contents.contents, isComplete: true)
        var all: [(endpoint: EndpointID, budgets: EndpointBudgets)] = []
        for record in contents.contents.endpoints {
            guard let budgets = book.budgets(of: record.id) else { throw .cannotPrepare("an endpoint has no budgets") }
            all.append((record.id, budgets))
        }
        guard let peer = PeerAddress(text: "192.0.2.7") else { throw .cannotPrepare("192.0.2.7 is no address") }
        // What fits once is taken now.
        if !isAdmitted { for endpoint in all { _ = endpoint.budgets.organization.take(now: clock.next()) } }
        let endpoints = all
        return { (count: Int) throws(CaseFailure) in
            for _ in 0..<count {
                let turn = clock.turn(of: endpoints.count)
                let decision = Self.decide(endpoints[turn].endpoint, endpoints[turn].budgets, book, peer, clock)
                guard decision == isAdmitted else {
                    throw .wrongResult("a request was \(decision ? "admitted" : "refused")")
                }
            }
        }
    }

    /// What the gateway does before and after it has verified a request.
    private static func decide(
        _ endpoint: EndpointID,
        _ budgets: EndpointBudgets,
        _ book: LimitBook,
        _ peer: PeerAddress,
        _ clock: Clock
    ) -> Bool {
        let now = clock.next()
        guard book.addresses.decision(peer, now: now).isAdmitted, budgets.unverified.decision(now: now).isAdmitted
        else {
            return false
        }
        book.addresses.remember(peer, endpoint, now: now)
        guard book.global.take(now: now).isAdmitted else { return false }
        guard budgets.endpoint.take(now: now).isAdmitted else { return false }
        if budgets.organization.take(now: now).isAdmitted { return true }
        book.global.giveBack(now: now)
        budgets.endpoint.giveBack(now: now)
        return false
    }

    /// Unverified requests from more addresses than are remembered: each is looked up and charged.
    private static func strangers() -> MeasuredCase.Work {
        let clock = Clock()
        let addresses = AddressBudgets()
        addresses.adopt(LimitPolicy(name: "address", ConfiguredLimit(requestsPerMinute: 1000)))
        let peers = (0..<100_000).compactMap { PeerAddress(text: "10.\($0 >> 16).\($0 >> 8 & 255).\($0 & 255)") }
        return { (count: Int) throws(CaseFailure) in
            for _ in 0..<count {
                let peer = peers[clock.turn(of: peers.count)]
                let now = clock.next()
                guard addresses.decision(peer, now: now).remaining > 0 else {
                    throw .wrongResult("an address is over its budget")
                }
                addresses.charge(peer, now: now)
            }
        }
    }

    /// The time, which passes when it is asked for.
    private final class Clock: Sendable {
        private let time = Atomic<Int64>(1_000_000_000)

        var now: Int64 { self.time.load(ordering: .relaxed) }

        func next() -> Int64 { self.time.wrappingAdd(1000, ordering: .relaxed).newValue }

        /// Whose turn it is of so many: by the time, so that the next sample goes on where the last one stopped.
        ///
        /// A step that shares no factor with the count visits all, in no order that memory could guess.
        func turn(of count: Int) -> Int { Int(self.now / 1000) * 7919 % count }
    }
}
