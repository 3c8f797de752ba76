internal import PosternCrypto
package import PosternModel

/// One request being checked while its body arrives.
///
/// Belongs to one thread at a time. Pieces before the body are hashed at once, the body chunk by chunk, the rest at the
/// end; schemes that look into the body wait for all of it (``needsWholeBody``).
package struct Verification: ~Copyable {
    private let verifier: Verifier
    private let facts: RequestFacts
    /// The form that counts; `nil` while only the body can tell.
    private var form: VerifierForm?
    private var candidates = SignatureCandidates()
    private var time: Substring?
    private var signedTime: Timestamp?
    private var fan: HMACFan?
    /// Whether the chunks of the body are pieces of the message.
    private var hashesBody = false
    /// Why the request is refused, when that is known already; the body need not be read then.
    package private(set) var refusal: VerificationFailure?

    init(_ verifier: Verifier, _ facts: RequestFacts) {
        self.verifier = verifier
        self.facts = facts
        switch verifier.choose(facts, nil) {
        case .form(let form):
            self.form = form
            guard form.streams, let plan = form.message else { return }
            do throws(VerificationFailure) {
                try self.prepare(form, plan)
            } catch {
                self.refusal = error
            }
        case .needsBody: break
        case .none: self.refusal = .missingSignature
        }
    }

    /// Whether ``finish(body:now:)`` needs the body; otherwise it may be given an empty one.
    package var needsWholeBody: Bool {
        guard self.refusal == nil else { return false }
        return self.form?.needsWholeBody ?? true
    }

    /// Hashes the next chunk of the body, if the scheme can use it now.
    package mutating func update(_ chunk: RawSpan) {
        if self.hashesBody { self.fan?.update(chunk) }
    }

    /// Hashes the next chunk of the body, if the scheme can use it now.
    package mutating func update(_ chunk: Span<UInt8>) {
        if self.hashesBody { self.fan?.update(chunk) }
    }

    /// Ends the body and decides, at the time of arrival.
    ///
    /// The body must be the whole one when ``needsWholeBody``; otherwise it is not looked at.
    package consuming func finish(body: [UInt8], now: Timestamp) -> Verdict {
        if let refusal = self.refusal { return .refused(refusal) }
        guard let form = self.form, let plan = form.message, var fan = self.fan.take() else {
            return WholeDecision(self.verifier, self.facts, body, now).verdict(self.form)
        }
        if let position = plan.bodyPosition, position + 1 < plan.parts.count {
            let feed = MessageFeed(
                plan: plan,
                facts: self.facts,
                parameters: self.verifier.parameters,
                time: self.time
            )
            guard feed.feed(position + 1..<plan.parts.count, into: &fan) else {
                return .refused(.malformedSignature)
            }
        }
        guard let key = form.key(of: fan, among: self.candidates) else { return .refused(.signatureMismatch) }
        guard !form.needsWholeBody else {
            return WholeDecision(self.verifier, self.facts, body, now)
                .conclude(form, key, time: self.time, candidates: self.candidates)
        }
        if let signedTime, !form.tolerance.admits(signedTime, now: now) { return .refused(.staleTimestamp) }
        return .accepted(secret: key.id, signedTime: self.signedTime, redactions: [])
    }

    /// Looks at everything that is known before the body, and starts hashing.
    private mutating func prepare(_ form: VerifierForm, _ plan: MessagePlan) throws(VerificationFailure) {
        self.candidates.read(plan.location, plan, self.facts)
        if let failure = self.candidates.failure { throw failure }
        for requirement in form.plan.requirements where !requirement.holds(self.facts) { throw .signatureMismatch }
        if let time = plan.time, !time.readsBody {
            self.time = time.text(self.facts, self.candidates, nil)
            self.signedTime = try form.time(self.time)
        }
        guard var fan = form.fan(self.candidates.algorithm) else { throw .signatureMismatch }
        let position = plan.bodyPosition
        if position != 0 {
            let feed = MessageFeed(
                plan: plan,
                facts: self.facts,
                parameters: self.verifier.parameters,
                time: self.time
            )
            guard feed.feed(0..<(position ?? plan.parts.count), into: &fan) else { throw .malformedSignature }
            if position != nil { feed.feedSeparator(into: &fan) }
        }
        self.hashesBody = position != nil
        self.fan = consume fan
    }
}
