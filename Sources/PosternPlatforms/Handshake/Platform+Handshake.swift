extension Platform {
    /// Recognizes and answers a handshake; `nil` when the request is none.
    ///
    /// Ask ``HandshakePlan/mayApply(method:verified:)`` first. Ask once before the signature is checked, with
    /// `verified: false`, and once after it was found right, with `verified: true`. The body must be the whole one where
    /// ``HandshakePlan/needsBody(method:verified:)``; otherwise it may be empty.
    package func handshake(
        for facts: RequestFacts,
        body: [UInt8],
        verified: Bool,
        secrets: HandshakeSecrets
    ) -> HandshakeOutcome? {
        var scope: ReferenceScope?
        for entry in self.handshakes.entries
        where entry.isVerified == verified && entry.method.rawValue == facts.verb {
            let current = scope ?? self.handshakeScope(facts, body, secrets)
            scope = current
            guard entry.conditions.allHold(in: current) else { continue }
            guard entry.requirements.allSatisfy({ $0.holds(current, secrets) }),
                let answer = entry.answer.render(current)
            else { return .refuse(status: entry.refusalStatus) }
            return .answer(answer, delivers: entry.delivers)
        }
        return nil
    }

    private func handshakeScope(
        _ facts: RequestFacts,
        _ body: [UInt8],
        _ secrets: HandshakeSecrets
    ) -> ReferenceScope {
        let source = RequestSource(facts, parameters: secrets.parameters, signingKey: secrets.signingKey)
        return body.isEmpty ? ReferenceScope(source: source) : source.scope(self, body: body)
    }
}
