internal import NIOCore
internal import NIOHTTP1
internal import PosternHTTP
internal import PosternLimits
internal import PosternModel
internal import PosternPlatforms
internal import PosternStore
internal import PosternTelemetry

extension GatewayResponder {
    /// The clock of all limits: nanoseconds that only go forward.
    private static var now: Int64 { Int64(truncatingIfNeeded: NIODeadline.now().uptimeNanoseconds) }

    // MARK: Before verification: what a stranger can spend

    /// Refuses a request whose address may not ask this endpoint, or whose sender is over a budget for unverified
    /// requests; `nil` lets it through to be verified.
    func refuseStranger(_ head: RequestHead, entry: EndpointEntry) -> PreparedAnswer? {
        if let networks = entry.allowedNetworks, !networks.contains(head.peer) {
            return self.rejection(.addressNotAllowed, head, entry: entry)
        }
        guard let budgets = entry.budgets else { return nil }
        let now = Self.now
        let byAddress = self.limits.addresses.decision(head.peer, now: now)
        let byEndpoint = budgets.unverified.decision(now: now)
        guard !byAddress.isAdmitted || !byEndpoint.isAdmitted,
            !self.limits.addresses.mayBeTried(head.peer, entry.id, now: now)
        else { return nil }
        if !byAddress.isAdmitted,
            let refusal = self.limited(.address, self.limits.addresses.policy, byAddress, head, entry: entry)
        {
            return refusal
        }
        guard !byEndpoint.isAdmitted else { return nil }
        return self.limited(.unverified, budgets.unverified.policy, byEndpoint, head, entry: entry)
    }

    /// Refuses a request that reaches no endpoint: it spends its address's budget, and is told so once that is empty.
    func refuseUnknown(_ head: RequestHead) -> PreparedAnswer {
        self.refuseIndebted(head) ?? self.rejection(.unknownEndpoint, head)
    }

    /// Refuses a request whose address has nothing left to spend; `nil` when it has.
    func refuseIndebted(_ head: RequestHead) -> PreparedAnswer? {
        let decision = self.limits.addresses.decision(head.peer, now: Self.now)
        guard !decision.isAdmitted else { return nil }
        return self.limited(.address, self.limits.addresses.policy, decision, head, entry: nil)
    }

    /// Charges whoever caused a refusal.
    func charge(_ rejection: Rejection, _ head: RequestHead, entry: EndpointEntry?) {
        guard rejection.spendsAddress else { return }
        let now = Self.now
        self.limits.addresses.charge(head.peer, now: now)
        if rejection.spendsUnverified, let budgets = entry?.budgets { _ = budgets.unverified.take(now: now) }
    }

    /// Charges the address a request came from, and nobody else.
    func chargeAddress(_ head: RequestHead) { self.limits.addresses.charge(head.peer, now: Self.now) }

    // MARK: After verification: what the tenant may spend

    /// Takes a verified request out of the gateway's, the endpoint's and the organization's budget; refuses it where one
    /// is empty, and then takes nothing.
    func refuseOverLimit(_ request: GatewayRequest) -> PreparedAnswer? {
        guard let budgets = request.entry.budgets else { return nil }
        let now = Self.now
        self.limits.addresses.remember(request.head.peer, request.entry.id, now: now)
        let global = self.limits.global.take(now: now)
        if !global.isAdmitted, let refusal = self.limited(self.limits.global, global, request) { return refusal }
        let endpoint = budgets.endpoint.take(now: now)
        if !endpoint.isAdmitted, let refusal = self.limited(budgets.endpoint, endpoint, request) {
            if global.isAdmitted { self.limits.global.giveBack(now: now) }
            return refusal
        }
        let organization = budgets.organization.take(now: now)
        if !organization.isAdmitted, let refusal = self.limited(budgets.organization, organization, request) {
            if global.isAdmitted { self.limits.global.giveBack(now: now) }
            if endpoint.isAdmitted { budgets.endpoint.giveBack(now: now) }
            return refusal
        }
        request.taken = (global.isAdmitted, endpoint.isAdmitted, organization.isAdmitted)
        return nil
    }

    /// Gives back what a request took that was not stored: its sender comes back, and pays then.
    func giveBack(_ request: GatewayRequest) {
        guard let budgets = request.entry.budgets else { return }
        let now = Self.now
        if request.taken.global { self.limits.global.giveBack(now: now) }
        if request.taken.endpoint { budgets.endpoint.giveBack(now: now) }
        if request.taken.organization { budgets.organization.giveBack(now: now) }
    }

    private func limited(_ budget: Budget, _ decision: RateDecision, _ request: GatewayRequest) -> PreparedAnswer? {
        self.limited(budget.tier, budget.policy, decision, request.head, entry: request.entry)
    }

    /// The answer of a limit; `nil` in shadow mode, which only counts.
    private func limited(
        _ tier: LimitTier,
        _ policy: LimitPolicy,
        _ decision: RateDecision,
        _ head: RequestHead,
        entry: EndpointEntry?
    ) -> PreparedAnswer? {
        self.metrics.limited(tier.name, isShadow: policy.isShadow)
        if policy.isShadow {
            if let entry { self.count(.shadowed(tier.rejection), entry: entry) }
            return nil
        }
        self.note(tier.rejection, head, entry: entry)
        let status = entry?.platform?.limitedStatus ?? 429
        return self.limitedAnswers.answer(tier, policy, status: status, seconds: decision.retryAfterSeconds)
    }

    // MARK: What the tenant sees

    /// Keeps the head of a refused request, if this endpoint's minute has room.
    func sample(_ rejection: Rejection, _ head: RequestHead, entry: EndpointEntry) {
        let time = Timestamp.now()
        guard self.sampler.wants(rejection, of: entry.id, at: time) else { return }
        // Without the query and what follows the key: some platforms put their token there.
        let headers = StoredHeaders.encode(
            target: "/webhooks/\(entry.record.platform)/\(entry.record.key)",
            // Without a definition nobody knows which of them are tokens.
            headers: entry.platform == nil ? HTTPHeaders() : head.headers,
            secretHeaders: entry.secretHeaders,
            allocator: ByteBufferAllocator()
        )
        self.sampler.keep(
            RejectionSample(
                id: UniqueID.timeOrdered(at: time),
                organization: entry.organization,
                endpoint: entry.id,
                at: time,
                reason: rejection.code,
                address: head.peer.description,
                method: head.method.rawValue,
                headers: Array(headers.readableBytesView)
            )
        )
    }

    /// Keeps the exact bytes of a request that failed verification, where the endpoint switched that on.
    func keepIfWanted(_ request: GatewayRequest, _ failure: VerificationFailure, at time: Timestamp) {
        let record = request.entry.record
        guard record.quarantineBytes != nil else { return }
        let head = request.head
        let headers = StoredHeaders.encode(
            target: head.target,
            headers: head.headers,
            secretHeaders: request.entry.secretHeaders,
            allocator: ByteBufferAllocator()
        )
        self.quarantine.keep(
            QuarantinedRequest(
                id: DeliveryID.fresh(at: time),
                organization: record.organization,
                endpoint: record.id,
                receivedAt: time,
                expiresAt: time.advanced(by: .seconds(Int64(record.quarantineHours) * 3600)),
                reason: failure.rawValue,
                address: head.peer.network.description,
                content: QuarantineContent(
                    method: head.method.rawValue,
                    target: head.target,
                    origin: request.facts.origin,
                    headers: Array(headers.readableBytesView),
                    secretHeaders: StoredHeaders.secrets(in: head.headers, named: request.entry.secretHeaders),
                    body: Array(request.body.readableBytesView)
                )
            )
        )
    }
}
