extension SignatureCandidates {
    /// Takes the candidates from the request's headers; places inside the body are read with a scope.
    mutating func read(_ location: SignatureLocation, _ plan: MessagePlan, _ facts: RequestFacts) {
        switch location {
        case .headers(let slots):
            for slot in slots {
                if let value = facts.header(slot) { self.read(value, plan) }
            }
        case .numbered(let header): facts.forEach(header) { self.read($0, plan) }
        case .json, .form: break
        }
    }

    /// Takes the candidates from wherever the plan says.
    mutating func read(_ plan: MessagePlan, _ facts: RequestFacts, _ scope: ReferenceScope) {
        switch plan.location {
        case .headers, .numbered: self.read(plan.location, plan, facts)
        case .json(let path): if let value = path.text(in: scope) { self.read(value, plan) }
        case .form(let name): if let value = scope.form?.first(name) { self.read(value, plan) }
        }
    }
}
