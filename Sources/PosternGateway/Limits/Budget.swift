package import PosternLimits
package import PosternModel
internal import Synchronization

/// One limit of one subject, as all event loops of this gateway share it.
///
/// Any thread; a lock held for tens of nanoseconds, and none where there is no limit.
package final class Budget: Sendable {
    private struct State {
        var policy: LimitPolicy
        var budget: BudgetState
    }

    /// The organization or endpoint that is limited.
    package let subject: UniqueID
    /// The organization it belongs to.
    package let organization: OrganizationID
    /// Which limit it is.
    package let tier: LimitTier
    private let state: Mutex<State>
    /// Whether there is a limit at all: read before the lock is taken.
    private let isLimited: Atomic<Bool>
    private let asked: AskedBudgets?

    /// Makes a full budget.
    ///
    /// `asked`: notes budgets that other gateways must hear of; `nil` for limits of this gateway alone.
    package init(
        subject: UniqueID,
        organization: OrganizationID,
        tier: LimitTier,
        policy: LimitPolicy,
        asked: AskedBudgets?,
        now: Int64
    ) {
        self.subject = subject
        self.organization = organization
        self.tier = tier
        self.state = Mutex(State(policy: policy, budget: BudgetState(limit: policy.limit, now: now)))
        self.isLimited = Atomic(policy.limit != nil)
        self.asked = asked
    }

    /// What is in force.
    package var policy: LimitPolicy { self.state.withLock { state in state.policy } }

    /// Puts another policy in force; what was used stays used.
    package func adopt(_ policy: LimitPolicy, now: Int64) {
        self.state.withLock { state in
            guard state.policy != policy else { return }
            state.policy = policy
            state.budget.adopt(policy.limit, now: now)
        }
        self.isLimited.store(policy.limit != nil, ordering: .releasing)
    }

    /// Takes one request out of the budget.
    package func take(now: Int64) -> RateDecision {
        guard self.isLimited.load(ordering: .acquiring) else { return .unlimited }
        let (decision, isFirst) = self.state.withLock { state in
            let isFirst = !state.budget.wasAskedSinceReport
            return (state.budget.take(now: now), isFirst)
        }
        if isFirst { self.asked?.note(self) }
        return decision
    }

    /// What ``take(now:)`` would say, without taking.
    package func decision(now: Int64) -> RateDecision {
        guard self.isLimited.load(ordering: .acquiring) else { return .unlimited }
        return self.state.withLock { state in state.budget.decision(now: now) }
    }

    /// Takes one request back that was not stored after all.
    package func giveBack(now: Int64) {
        guard self.isLimited.load(ordering: .acquiring) else { return }
        self.state.withLock { state in state.budget.giveBack(now: now) }
    }

    /// Works on the budget's value, for the exchange with other gateways.
    package func withState<Value>(_ body: (inout BudgetState) -> Value) -> Value {
        self.state.withLock { state in body(&state.budget) }
    }
}
