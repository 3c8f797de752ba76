internal import PosternCrypto
internal import PosternJSON
internal import PosternModel

/// The decision about a request whose body is complete.
struct WholeDecision {
    private let verifier: Verifier
    private let source: RequestSource
    private let body: [UInt8]
    private let now: Timestamp

    init(_ verifier: Verifier, _ facts: RequestFacts, _ body: [UInt8], _ now: Timestamp) {
        self.verifier = verifier
        self.source = verifier.source(facts)
        self.body = body
        self.now = now
    }

    private var facts: RequestFacts { self.source.facts }

    /// The body as references see it; without a document when it cannot be read as one.
    private func scope(reads: Bool) -> ReferenceScope {
        reads ? self.source.scope(self.verifier.platform, body: self.body) : ReferenceScope(source: self.source)
    }

    /// Decides by the form chosen before, or chooses now.
    func verdict(_ chosen: VerifierForm?) -> Verdict {
        if let chosen { return self.verdict(chosen, nil) }
        let scope = self.scope(reads: true)
        switch self.verifier.choose(self.facts, scope) {
        case .form(let form): return self.verdict(form, scope)
        case .needsBody, .none: return .refused(.missingSignature)
        }
    }

    private func verdict(_ form: VerifierForm, _ known: ReferenceScope?) -> Verdict {
        switch form.plan.method {
        case .none: return .accepted(secret: nil, signedTime: nil, redactions: [])
        case .urlToken: return self.urlToken(form)
        case .token(let plan): return self.token(form, plan, known ?? self.scope(reads: plan.readsBody))
        case .hmac(let plan, _), .digest(let plan):
            return self.signature(form, plan, known ?? self.scope(reads: plan.readsDocument))
        case .unsupported: return .refused(.signatureMismatch)
        }
    }

    private func urlToken(_ form: VerifierForm) -> Verdict {
        guard let key = form.key(matching: String(self.facts.endOfPath)) else { return .refused(.badToken) }
        return .accepted(secret: key.id, signedTime: nil, redactions: [])
    }

    private func token(_ form: VerifierForm, _ plan: TokenPlan, _ scope: ReferenceScope) -> Verdict {
        guard form.plan.requirements.allSatisfy({ $0.holds(self.facts) }) else { return .refused(.signatureMismatch) }
        let values: [JSONValue?]
        switch plan.location {
        case .header(let slot):
            guard let text = self.facts.header(slot), !text.isEmpty else { return .refused(.missingSignature) }
            guard let key = form.key(matching: text) else { return .refused(.signatureMismatch) }
            return .accepted(secret: key.id, signedTime: nil, redactions: [])
        case .json(let path): values = [path.value(in: scope)]
        case .eachItem(let items, let path):
            values = items.items(in: scope).map { path.value(in: scope.binding($0)) }
        }
        guard !values.isEmpty else { return .refused(.missingSignature) }
        var matched: VerifierForm.Key?
        var redactions: [Range<Int>] = []
        for value in values {
            guard let value, !value.isNull else { return .refused(.missingSignature) }
            guard let text = value.text, let key = form.key(matching: text) else { return .refused(.badToken) }
            matched = matched ?? key
            // Places in a projection or a form's field are not places in the body.
            if plan.redacts, value.document.bytes == self.body {
                redactions.append(value.raw.lowerBound + 1..<value.raw.upperBound - 1)
            }
        }
        return .accepted(secret: matched?.id, signedTime: nil, redactions: redactions)
    }

    private func signature(_ form: VerifierForm, _ plan: MessagePlan, _ scope: ReferenceScope) -> Verdict {
        let scopes = plan.items.map { path in path.items(in: scope).map { scope.binding($0) } } ?? [scope]
        var verdict = Verdict.refused(.missingSignature)
        for (index, item) in scopes.enumerated() {
            let next = self.signedItem(form, plan, item)
            guard case .accepted = next else { return next }
            // The first item's secret and time stand for all.
            if index == 0 { verdict = next }
        }
        return verdict
    }

    private func signedItem(_ form: VerifierForm, _ plan: MessagePlan, _ scope: ReferenceScope) -> Verdict {
        var candidates = SignatureCandidates()
        candidates.read(plan, self.facts, scope)
        if let failure = candidates.failure { return .refused(failure) }
        guard form.plan.requirements.allSatisfy({ $0.holds(self.facts) }) else { return .refused(.signatureMismatch) }
        let time = plan.time?.text(self.facts, candidates, scope)
        var feed = MessageFeed(
            plan: plan,
            facts: self.facts,
            parameters: self.verifier.parameters,
            time: time,
            body: self.body,
            scope: scope
        )
        if plan.signsTime, time == nil { return .refused(.malformedSignature) }

        var key: VerifierForm.Key?
        switch form.plan.method {
        case .hmac:
            guard var fan = form.fan(candidates.algorithm) else { return .refused(.signatureMismatch) }
            guard feed.feedAll(into: &fan) else { return .refused(.malformedSignature) }
            key = form.key(of: fan, among: candidates)
        case .digest:
            for candidate in form.keys {
                feed.secret = candidate.secret.bytes
                guard var stream = try? HashStream(plan.digests.all[candidates.algorithm]) else { continue }
                guard feed.feedAll(into: &stream) else { return .refused(.malformedSignature) }
                if candidates.contains(stream.finish()) { key = key ?? candidate }
            }
        case .token, .urlToken, .none, .unsupported: break
        }
        guard let key else { return .refused(.signatureMismatch) }
        return self.conclude(form, key, time: time, candidates: candidates, scope: scope)
    }

    /// Decides about a request whose signature is right: what it does not cover, and how old it is.
    func conclude(
        _ form: VerifierForm,
        _ key: VerifierForm.Key,
        time known: Substring?,
        candidates: SignatureCandidates,
        scope: ReferenceScope? = nil
    ) -> Verdict {
        if let digest = form.plan.bodyDigest, !digest.holds(self.facts, body: self.body) {
            return .refused(.signatureMismatch)
        }
        guard let plan = form.plan.message?.time else {
            return .accepted(secret: key.id, signedTime: nil, redactions: [])
        }
        let text = known ?? plan.text(self.facts, candidates, scope ?? self.scope(reads: plan.readsBody))
        do throws(VerificationFailure) {
            let signed = try form.time(text)
            if let signed, !form.tolerance.admits(signed, now: self.now) { throw .staleTimestamp }
            return .accepted(secret: key.id, signedTime: signed, redactions: [])
        } catch {
            return .refused(error)
        }
    }
}
