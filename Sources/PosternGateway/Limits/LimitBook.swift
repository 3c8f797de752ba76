internal import PosternLimits
package import PosternModel
package import PosternStore
internal import Synchronization

/// Every budget of this gateway, by subject: kept while the directory is read again, so that what was used stays used.
///
/// Any thread. Asked when a directory is compiled and when counts are exchanged, never for a request.
package final class LimitBook: Sendable {
    private struct State {
        var organizations: [OrganizationID: (budget: Budget, share: OrganizationShare)] = [:]
        var endpoints: [EndpointID: EndpointBudgets] = [:]
        var scopes: [LimitScope: ConfiguredLimit] = [:]
        var shares = 0
        var gateways = 1
    }

    /// All verified requests of this gateway.
    package let global: Budget
    /// Requests that were not verified, by address.
    package let addresses: AddressBudgets
    private let asked = AskedBudgets()
    private let state = Mutex(State())
    private let clock: @Sendable () -> Int64

    /// Makes an empty book with the limits a new database starts with.
    ///
    /// `clock`: nanoseconds of a monotonic clock, the one requests are measured by.
    package init(clock: @escaping @Sendable () -> Int64) {
        let nobody = OrganizationID(UniqueID(high: 0, low: 0))
        self.clock = clock
        self.global = Budget(
            subject: nobody.id,
            organization: nobody,
            tier: .global,
            policy: .unlimited(LimitTier.global.name),
            asked: nil,
            now: clock()
        )
        self.addresses = AddressBudgets()
    }

    /// Puts the limits that were read in force.
    ///
    /// `isComplete`: whether every organization and limit was read, so that what is not there is gone.
    package func adopt(_ contents: DirectoryContents, isComplete: Bool) {
        let now = self.clock()
        if isComplete {
            self.global.adopt(LimitPolicy(name: LimitTier.global.name, contents.limits[.global]), now: now)
            self.addresses.adopt(LimitPolicy(name: LimitTier.address.name, contents.limits[.address]))
        }
        self.state.withLock { state in
            if isComplete { state.scopes = contents.limits }
            for limit in contents.organizations {
                let policy = LimitPolicy(name: limit.tier, limit.limit)
                if let known = state.organizations[limit.organization] {
                    known.budget.adopt(policy, now: now)
                } else {
                    let budget = Budget(
                        subject: limit.organization.id,
                        organization: limit.organization,
                        tier: .organization,
                        policy: policy,
                        asked: self.asked,
                        now: now
                    )
                    budget.withState { budget in budget.expectSharers(state.gateways) }
                    state.organizations[limit.organization] = (budget, OrganizationShare(index: state.shares))
                    state.shares += 1
                }
            }
            for record in contents.endpoints { self.adopt(record, &state, now: now) }
            guard isComplete else { return }
            let known = Set(contents.endpoints.lazy.map(\.id))
            // Organizations stay: a budget costs little, and their number in the commit queue must not be given twice.
            state.endpoints = state.endpoints.filter { id, _ in known.contains(id) }
        }
    }

    private func adopt(_ record: EndpointRecord, _ state: inout State, now: Int64) {
        guard let organization = state.organizations[record.organization] else { return }
        let unverified = LimitPolicy(name: LimitTier.unverified.name, state.scopes[.unverified])
        let verified = Self.policy(of: record, state.scopes[.endpoint])
        if let known = state.endpoints[record.id] {
            known.unverified.adopt(unverified, now: now)
            known.endpoint.adopt(verified, now: now)
            return
        }
        let endpoint = self.budget(of: record, .endpoint, verified, asked: self.asked, now: now)
        endpoint.withState { budget in budget.expectSharers(state.gateways) }
        state.endpoints[record.id] = EndpointBudgets(
            unverified: self.budget(of: record, .unverified, unverified, asked: nil, now: now),
            endpoint: endpoint,
            organization: organization.budget,
            share: organization.share
        )
    }

    private func budget(
        of record: EndpointRecord,
        _ tier: LimitTier,
        _ policy: LimitPolicy,
        asked: AskedBudgets?,
        now: Int64
    ) -> Budget {
        Budget(
            subject: record.id.id,
            organization: record.organization,
            tier: tier,
            policy: policy,
            asked: asked,
            now: now
        )
    }

    /// The endpoint's own limit, or the one that holds for every endpoint.
    private static func policy(of record: EndpointRecord, _ scope: ConfiguredLimit?) -> LimitPolicy {
        guard let own = LimitPolicy.limit(record.requestsPerMinute, record.burst) else {
            return LimitPolicy(name: LimitTier.endpoint.name, scope)
        }
        return LimitPolicy(name: LimitTier.endpoint.name, limit: own, isShadow: scope?.isShadow ?? false)
    }

    /// Notes how many gateways share the limits, for budgets that nobody has told others of yet.
    package func expect(gateways: Int) {
        self.state.withLock { state in
            state.gateways = gateways
            for (_, organization) in state.organizations {
                organization.budget.withState { budget in budget.expectSharers(gateways) }
            }
            for (_, endpoint) in state.endpoints {
                endpoint.endpoint.withState { budget in budget.expectSharers(gateways) }
            }
        }
    }

    /// The limits of an endpoint; `nil` when its organization was not read.
    package func budgets(of endpoint: EndpointID) -> EndpointBudgets? {
        self.state.withLock { state in state.endpoints[endpoint] }
    }

    /// The budgets that were asked since the last time: what other gateways must hear of.
    package func drainAsked() -> [Budget] { self.asked.drain() }

    /// The shared budget of an organization or endpoint.
    package func budget(_ subject: UniqueID) -> Budget? {
        self.state.withLock { state in
            state.organizations[OrganizationID(subject)]?.budget ?? state.endpoints[EndpointID(subject)]?.endpoint
        }
    }
}
