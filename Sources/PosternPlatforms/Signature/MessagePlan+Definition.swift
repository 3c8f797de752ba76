internal import PosternCrypto

extension MessagePlan {
    /// Takes the fields that say what is signed, how, and where the signature stands.
    static func read(
        _ fields: inout DefinitionFields,
        kind: SchemeKind,
        scope: inout DefinitionScope
    ) throws(DefinitionError) -> MessagePlan {
        let items = try fields.take("each").map { (each) throws(DefinitionError) in
            try scope.path(each, iterating: true)
        }
        let bindings = items == nil ? [] : ["item"]
        let signature = try SignaturePlace(fields.require("signature"), bindings: bindings, scope: &scope)
        let encoding: SignatureEncoding = try fields.require("encoding").word()
        let digests = try Self.digests(&fields, kind: kind)
        let syntax: SignatureSyntax
        switch (digests, signature.syntax) {
        case (.fixed, let written): syntax = written
        case (.fromPrefix, .plain(prefix: nil, optionalPrefix: nil)): syntax = .digestPrefix
        case (.fromPrefix, _):
            throw fields.node.error(
                "digest: from-prefix reads the prefix itself; the signature may name no other syntax"
            )
        }
        let time = try fields.take("timestamp").map { (time) throws(DefinitionError) in
            try TimePlan(time, syntax: signature.syntax, bindings: bindings, scope: &scope)
        }
        let separator = Array((try fields.take("join")?.text() ?? "").utf8)
        let message = try fields.require("message")
        var parts: [MessagePart] = []
        for part in try message.list() { parts.append(try MessagePart(part, bindings: bindings, scope: &scope)) }
        let plan = MessagePlan(
            digests: digests,
            encoding: encoding,
            location: signature.location,
            syntax: syntax,
            parts: parts,
            separator: separator,
            items: items,
            time: time
        )
        try plan.check(message, kind: kind)
        return plan
    }

    private static func digests(
        _ fields: inout DefinitionFields,
        kind: SchemeKind
    ) throws(DefinitionError) -> Digests {
        let list = fields.take("digests")
        guard let digest = fields.take("digest") else {
            // A public-key algorithm brings its own.
            guard kind != .publicKey else { return .fixed(.sha256) }
            throw fields.node.error("a signature scheme of this kind needs the field \"digest\"")
        }
        guard try digest.text() == "from-prefix" else {
            if let list { throw list.error("digests: goes with digest: from-prefix only") }
            return .fixed(try digest.word())
        }
        guard kind == .hmac else { throw digest.error("from-prefix is for kind: hmac") }
        guard let list else { throw digest.error("from-prefix needs the list digests: of what is accepted") }
        var algorithms: [DigestAlgorithm] = []
        for entry in try list.oneOrMore() { algorithms.append(try entry.word()) }
        return .fromPrefix(algorithms)
    }

    private func check(_ message: DefinitionNode, kind: SchemeKind) throws(DefinitionError) {
        var bodies = 0
        var hasSecret = false
        for part in self.parts {
            switch part {
            case .body: bodies += 1
            case .secret: hasSecret = true
            case .timestamp:
                if self.time == nil {
                    throw message.error("the message names the timestamp, but timestamp: is missing")
                }
            case .escapedBody, .method, .url, .sortedForm, .literal, .header, .json, .parameter: break
            }
        }
        guard !self.parts.isEmpty else { throw message.error("the message has no parts") }
        guard bodies <= 1 else { throw message.error("the body stands in the message more than once") }
        switch kind {
        case .digest where !hasSecret:
            throw message.error("a hash without a key proves nothing unless the secret is a part of the message")
        case .hmac where hasSecret:
            throw message.error("the secret is the key here and no part of the message")
        case .hmac, .digest, .token, .urlToken, .none, .publicKey: break
        }
    }
}
