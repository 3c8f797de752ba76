internal import PosternCrypto

extension SignaturePlan {
    /// Compiles the fields of one form; those of its kind, and no others, are accepted.
    init(_ start: DefinitionFields, scope: inout DefinitionScope) throws(DefinitionError) {
        var fields = start
        self.conditions = try scope.conditions(fields.take("when"))
        let kind: SchemeKind = try fields.require("kind").word()
        switch kind {
        case .hmac:
            let key = try KeyEncoding(&fields)
            self.method = .hmac(try MessagePlan.read(&fields, kind: kind, scope: &scope), key)
        case .digest: self.method = .digest(try MessagePlan.read(&fields, kind: kind, scope: &scope))
        case .token: self.method = .token(try TokenPlan(fields.require("token"), scope: &scope))
        case .urlToken: self.method = .urlToken
        case .none: self.method = .none
        case .publicKey:
            let algorithm = try fields.require("algorithm").text()
            _ = try KeyEncoding(&fields)
            if fields.node.hasField("signature") { _ = try MessagePlan.read(&fields, kind: kind, scope: &scope) }
            self.method = .unsupported(algorithm)
        }
        var requirements: [HeaderRequirement] = []
        var bodyDigest: BodyDigestPlan?
        switch kind {
        case .hmac, .digest, .token, .publicKey:
            for entry in try fields.take("require")?.oneOrMore() ?? [] {
                requirements.append(try HeaderRequirement(entry, scope: &scope))
            }
            if kind != .token { bodyDigest = try fields.take("body_digest").map(BodyDigestPlan.read) }
        case .urlToken, .none: break
        }
        self.requirements = requirements
        self.bodyDigest = bodyDigest
        try fields.finish()
    }
}

extension DefinitionNode {
    /// Whether this is a mapping with such a field.
    fileprivate func hasField(_ name: String) -> Bool {
        guard case .mapping(let entries) = self.content else { return false }
        return entries.contains { $0.name == name }
    }
}

extension KeyEncoding {
    /// Takes `key` and `key_prefix`.
    fileprivate init(_ fields: inout DefinitionFields) throws(DefinitionError) {
        self.notation = try fields.take("key")?.word() ?? .text
        self.prefix = try fields.take("key_prefix")?.text()
    }
}

extension HeaderRequirement {
    /// Compiles one entry under `require:`.
    fileprivate init(_ node: DefinitionNode, scope: inout DefinitionScope) throws(DefinitionError) {
        var fields = try node.fields("a requirement")
        self.header = try scope.header(fields.require("header"))
        switch (fields.take("equals"), fields.take("contains")) {
        case (let text?, nil): self.test = .equals(try text.text())
        case (nil, let text?): self.test = .contains(try text.text())
        case (nil, nil), (_?, _?): throw node.error("a requirement says either equals: or contains:")
        }
        try fields.finish()
    }
}

extension BodyDigestPlan {
    /// Compiles `body_digest:`.
    fileprivate static func read(_ node: DefinitionNode) throws(DefinitionError) -> BodyDigestPlan {
        var fields = try node.fields("body_digest")
        let plan = BodyDigestPlan(
            query: try fields.require("query").text(),
            digest: try fields.require("digest").word(),
            encoding: try fields.require("encoding").word()
        )
        try fields.finish()
        return plan
    }
}

extension TokenPlan {
    /// Compiles `token:`.
    fileprivate init(_ node: DefinitionNode, scope: inout DefinitionScope) throws(DefinitionError) {
        var fields = try node.fields("token")
        let header = fields.take("header")
        let json = fields.take("json")
        self.redacts = try fields.take("redact")?.boolean() ?? false
        switch (header, json) {
        case (let header?, nil):
            guard !self.redacts else {
                throw node.error("redact: is for tokens in the body; headers are masked anyway")
            }
            self.location = .header(try scope.header(header))
        case (nil, let json?):
            let path = try scope.path(json, iterating: true)
            if let (items, rest) = path.splitAtLastIteration() {
                self.location = .eachItem(items, rest)
            } else {
                self.location = .json(path)
            }
        case (nil, nil), (_?, _?): throw node.error("a token stands either in a header: or at a json: path")
        }
        try fields.finish()
    }
}

extension ValuePath {
    /// The path to the items and the one inside each item, when the path iterates: `body.value[]` and `.clientState`.
    func splitAtLastIteration() -> (items: ValuePath, rest: ValuePath)? {
        let last = self.steps.lastIndex { step in
            switch step {
            case .eachElement, .eachMember: true
            case .member, .element: false
            }
        }
        guard let last else { return nil }
        return (
            ValuePath(root: self.root, steps: Array(self.steps[...last]), description: self.description),
            ValuePath(root: .binding(0), steps: Array(self.steps[(last + 1)...]), description: self.description)
        )
    }
}
