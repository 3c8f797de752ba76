package import PosternModel

/// Checks the requests of one endpoint: a scheme with the endpoint's keys made ready.
///
/// Immutable; any event loop may use it at any time.
package final class Verifier: Sendable {
    /// The platform whose requests are checked.
    package let platform: Platform
    /// The scheme in force.
    package let scheme: SignatureScheme
    let parameters: [String: String]
    let forms: [VerifierForm]

    /// Makes the keys of an endpoint ready.
    ///
    /// The secrets are the active ones, newest first; those of other kinds than ``SecretKind/signing`` are left out.
    ///
    /// - Throws: what makes the endpoint unable to verify anything.
    package init(
        scheme: SignatureScheme,
        platform: Platform,
        secrets: [(id: SecretID, kind: String, secret: Secret)],
        parameters: [String: String] = [:],
        tolerance: ToleranceOverride = .platform
    ) throws(VerifierError) {
        if let algorithm = scheme.unsupportedAlgorithm { throw .unsupported(algorithm: algorithm) }
        let signing = secrets.filter { $0.kind == SecretKind.signing }.map { (id: $0.id, secret: $0.secret) }
        if signing.isEmpty, scheme.needsSecret { throw .noSigningSecret }
        if let missing = scheme.parameterNames.first(where: { parameters[$0]?.isEmpty ?? true }) {
            throw .missingParameter(missing)
        }
        var forms: [VerifierForm] = []
        for plan in scheme.forms { forms.append(try VerifierForm(plan, secrets: signing, tolerance: tolerance)) }
        self.platform = platform
        self.scheme = scheme
        self.parameters = parameters
        self.forms = forms
    }

    /// Starts to check a request whose headers have arrived.
    ///
    /// The facts must have been collected for the verifier's own platform: slots mean nothing to another.
    package func begin(_ facts: RequestFacts) -> Verification {
        precondition(facts.platform === self.platform, "facts of \(facts.platform.name) for \(self.platform.name)")
        return Verification(self, facts)
    }

    /// Checks a request that is at hand as a whole.
    package func verify(_ facts: RequestFacts, body: [UInt8], now: Timestamp) -> Verdict {
        var verification = self.begin(facts)
        verification.update(body.span)
        return verification.finish(body: body, now: now)
    }

    /// What the choice of a form comes to.
    enum Choice {
        case form(VerifierForm)
        /// A condition looks into the body, which is not there yet.
        case needsBody
        case none
    }

    /// Chooses the form of a request whose body is not there yet, or is in `scope`.
    func choose(_ facts: RequestFacts, _ scope: ReferenceScope?) -> Choice {
        for form in self.forms {
            if form.conditions.isEmpty { return .form(form) }
            if scope == nil, form.choiceNeedsBody { return .needsBody }
            if form.conditions.allHold(in: scope ?? ReferenceScope(source: self.source(facts))) { return .form(form) }
        }
        return .none
    }

    /// Everything references may ask about a request to this endpoint.
    func source(_ facts: RequestFacts) -> RequestSource { RequestSource(facts, parameters: self.parameters) }
}
