internal import PosternModel

extension Platform {
    /// The most bytes a definition may allow a body to have.
    package static let bodyLimitCeiling = 32 << 20
    private static let standardBodyLimit = 1 << 20

    /// Compiles a definition.
    ///
    /// - Throws: the first thing that is missing, unknown or contradictory, with its line.
    package convenience init(definition node: DefinitionNode) throws(DefinitionError) {
        var fields = try node.fields("a platform definition")
        let identity = try Identity(&fields)
        let reader = try BodyReader(&fields)
        let bodyLimit = try fields.take("body_limit_bytes")?.integer(in: 1024...Self.bodyLimitCeiling)
        let parameters = try Self.parameters(fields.take("parameters"))
        let signature = try fields.require("signature")
        let secretKinds = try Self.secretKinds(fields.take("secrets"))
        var scope = DefinitionScope(
            parameters: Set(parameters.map(\.name)),
            secretKinds: Set(secretKinds.map(\.name) + [SecretKind.signing])
        )
        let contentType = scope.header(named: "content-type")
        let schemes = try Self.schemes(signature, scope: &scope)
        let handshakes = try HandshakePlan(fields.take("handshakes"), scope: &scope)
        var deliveryIDs: [Template] = []
        for entry in try fields.take("delivery_id")?.oneOrMore() ?? [] { deliveryIDs.append(try scope.template(entry)) }
        var redactions: [ValuePath] = []
        for entry in try fields.take("redact")?.oneOrMore() ?? [] {
            redactions.append(try scope.path(entry, iterating: true))
        }
        let events = try EventPlan(
            events: fields.take("events"),
            format: reader.format,
            bodyField: reader.field,
            redact: redactions
        )
        let sender = try fields.take("sender").map(SenderFacts.init) ?? .unknown
        try fields.finish()
        try Self.check(identity, schemes, at: signature)
        self.init(
            identity: identity,
            bodyReader: reader,
            bodyLimitBytes: bodyLimit ?? Self.standardBodyLimit,
            parameters: parameters,
            secretKinds: Self.complete(secretKinds, for: schemes),
            schemes: schemes,
            handshakes: handshakes,
            deliveryIDs: deliveryIDs,
            events: events,
            sender: sender,
            headers: scope.headers,
            contentType: contentType
        )
    }

    private static func parameters(_ node: DefinitionNode?) throws(DefinitionError) -> [EndpointParameter] {
        var parameters: [EndpointParameter] = []
        for (name, entry) in try node?.fields("parameters").entries ?? [] {
            guard DefinitionNode.isWord(name) else { throw entry.error("\"\(name)\" is no name: use a-z, 0-9 and _") }
            var fields = try entry.fields("a parameter")
            let isRequired = try fields.take("required")?.boolean() ?? false
            parameters.append(
                EndpointParameter(name: name, isRequired: isRequired, about: try fields.require("about").text())
            )
            try fields.finish()
        }
        return parameters
    }

    private static func secretKinds(_ node: DefinitionNode?) throws(DefinitionError) -> [SecretKind] {
        var kinds: [SecretKind] = []
        for (name, entry) in try node?.fields("secrets").entries ?? [] {
            guard DefinitionNode.isWord(name) else { throw entry.error("\"\(name)\" is no name: use a-z, 0-9 and _") }
            var fields = try entry.fields("a kind of secret")
            let about = try fields.require("about").text()
            kinds.append(
                SecretKind(name: name, about: about, isGenerated: try fields.take("generate")?.boolean() ?? false)
            )
            try fields.finish()
        }
        return kinds
    }

    /// Adds the signing secret that a definition need not mention.
    private static func complete(_ kinds: [SecretKind], for schemes: [SignatureScheme]) -> [SecretKind] {
        guard schemes.contains(where: \.needsSecret), !kinds.contains(where: { $0.name == SecretKind.signing }) else {
            return kinds
        }
        return [SecretKind(name: SecretKind.signing, about: "The secret the platform signs with.", isGenerated: false)]
            + kinds
    }

    private static func schemes(
        _ node: DefinitionNode,
        scope: inout DefinitionScope
    ) throws(DefinitionError) -> [SignatureScheme] {
        var schemes: [SignatureScheme] = []
        for (text, entry) in try node.fields("signature").entries {
            guard let name = SchemeName(text) else {
                throw entry.error("\"\(text)\" is no name of a scheme: use a-z, 0-9, - and _")
            }
            schemes.append(try SignatureScheme(entry, name: name, scope: &scope))
        }
        guard !schemes.isEmpty else { throw node.error("a platform needs at least one signature scheme") }
        return schemes
    }

    private static func check(
        _ identity: Identity,
        _ schemes: [SignatureScheme],
        at node: DefinitionNode
    ) throws(DefinitionError) {
        var names: Set<String> = []
        for alias in schemes.flatMap(\.aliases) where !names.insert(alias).inserted {
            throw node.error("the alias \"\(alias)\" stands here twice")
        }
        if identity.confidence == .unconfirmed, let first = schemes.first, !first.isOptIn {
            throw node.error("an unconfirmed definition may not have a default: its first scheme needs opt_in: true")
        }
    }
}

extension Platform.Identity {
    /// Takes what a definition says about itself.
    fileprivate init(_ fields: inout DefinitionFields) throws(DefinitionError) {
        let name = try fields.require("name")
        guard let platform = PlatformName(try name.text()) else {
            throw name.error("a platform's name has 1 to 48 characters of a-z, 0-9 and -")
        }
        self.name = platform
        self.version = try fields.require("version").integer(in: 1...1_000_000)
        self.title = try fields.require("title").text()
        let documentation = try fields.require("documentation")
        self.documentation = try documentation.text()
        guard self.documentation.hasPrefix("https://") else {
            throw documentation.error("the documentation is an https:// address")
        }
        self.confidence = try fields.require("confidence").word()
    }
}

extension BodyReader {
    /// Takes `body` and `body_field`.
    fileprivate init(_ fields: inout DefinitionFields) throws(DefinitionError) {
        let format: BodyFormat = try fields.require("body").word()
        let field = fields.take("body_field")
        if let field, format == .xml { throw field.error("body_field: is for form bodies, not for XML") }
        self.init(format: format, field: try field?.text())
    }
}
