package import PosternHTTP
package import PosternLimits
package import PosternModel
internal import Synchronization

/// What each address may send without proving anything, and which addresses have proved themselves to an endpoint.
///
/// Any thread. The memory is fixed: 65,536 addresses in debt and as many known senders, whatever comes.
package final class AddressBudgets: Sendable {
    /// An address that sent a verified request to an endpoint.
    private struct KnownSender: Hashable, Sendable {
        let address: PeerAddress
        let endpoint: EndpointID
    }

    private struct State: ~Copyable {
        var policy = LimitPolicy.unlimited(LimitTier.address.name)
        var buckets: BucketTable<PeerAddress>
        var known: RecentKeys<KnownSender>
        var overBudget: UInt64 = 0
    }

    private let state: Mutex<State>
    /// Until when any address may be over its budget; before the first charge nobody is, and no lock is taken.
    private let inDebtUntil = Atomic<Int64>(.min)

    /// How long a sender is known after its last verified request, in nanoseconds: a day.
    private static let memory: Int64 = 86_400_000_000_000
    /// One in so many requests over a budget is verified all the same.
    ///
    /// A genuine sender behind a forger's address gets known that way. Verifying costs a tenth of what the request has
    /// cost already, so a flood gains next to nothing.
    private static let trial: UInt64 = 4

    /// Makes empty tables.
    package init(capacity: Int = 65_536) {
        self.state = Mutex(State(buckets: BucketTable(capacity: capacity), known: RecentKeys(capacity: capacity)))
    }

    /// What is in force.
    package var policy: LimitPolicy { self.state.withLock { state in state.policy } }

    /// Puts another policy in force.
    package func adopt(_ policy: LimitPolicy) { self.state.withLock { state in state.policy = policy } }

    /// Says whether an address has anything left to spend, without spending it.
    package func decision(_ address: PeerAddress, now: Int64) -> RateDecision {
        guard now < self.inDebtUntil.load(ordering: .relaxed) else { return .unlimited }
        return self.state.withLock { state in
            guard let limit = state.policy.limit else { return .unlimited }
            return state.buckets.decision(address.network, limit, now: now)
        }
    }

    /// Spends one request of an address that was not verified.
    package func charge(_ address: PeerAddress, now: Int64) {
        let horizon: Int64? = self.state.withLock { state in
            guard let limit = state.policy.limit else { return nil }
            state.buckets.charge(address.network, limit, now: now)
            // When a bucket that holds the largest debt there can be is full again.
            return limit.intervalNanoseconds.multipliedReportingOverflow(by: Int64(limit.burst) + 1).partialValue
        }
        guard let horizon else { return }
        let end = now.addingReportingOverflow(horizon)
        self.inDebtUntil.store(end.overflow ? .max : end.partialValue, ordering: .relaxed)
    }

    /// Remembers that an address sent a verified request to an endpoint.
    package func remember(_ address: PeerAddress, _ endpoint: EndpointID, now: Int64) {
        self.state.withLock { state in
            state.known.insert(KnownSender(address: address.network, endpoint: endpoint), until: now + Self.memory)
        }
    }

    /// Whether a request over a budget is verified all the same: its sender is known, or its turn for a trial has come.
    package func mayBeTried(_ address: PeerAddress, _ endpoint: EndpointID, now: Int64) -> Bool {
        self.state.withLock { state in
            if state.known.contains(KnownSender(address: address.network, endpoint: endpoint), now: now) { return true }
            state.overBudget &+= 1
            return state.overBudget % Self.trial == 0
        }
    }
}
