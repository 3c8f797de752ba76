extension HandshakePlan {
    /// Compiles `handshakes:`.
    init(_ node: DefinitionNode?, scope: inout DefinitionScope) throws(DefinitionError) {
        var entries: [Entry] = []
        for entry in try node?.list() ?? [] { entries.append(try Entry(entry, scope: &scope)) }
        self.init(entries: entries)
    }
}

extension HandshakePlan.Entry {
    /// Compiles one handshake.
    fileprivate init(_ node: DefinitionNode, scope: inout DefinitionScope) throws(DefinitionError) {
        var fields = try node.fields("a handshake")
        self.method = try fields.require("method").word()
        self.conditions = try scope.conditions(fields.take("when"))
        let verified = fields.take("verified")
        self.isVerified = try verified?.boolean() ?? (self.method == .post)
        guard !self.isVerified || self.method == .post else {
            throw node.error("only a POST can be signed: verified: goes with method: POST")
        }
        var requirements: [HandshakeRequirement] = []
        for entry in try fields.take("require")?.oneOrMore() ?? [] {
            requirements.append(try HandshakeRequirement(entry, scope: &scope))
        }
        self.requirements = requirements
        self.answer = try HandshakeAnswer(fields.require("answer"), scope: &scope)
        if let node = fields.take("refuse") {
            var refusal = try node.fields("refuse")
            self.refusalStatus = try refusal.require("status").integer(in: 400...599)
            try refusal.finish()
        } else {
            self.refusalStatus = 403
        }
        self.delivers = try fields.take("deliver")?.boolean() ?? false
        guard !self.delivers || self.isVerified else {
            throw node.error("only what is verified may be stored: deliver: true excludes verified: false")
        }
        try fields.finish()
    }
}

extension HandshakeRequirement {
    /// Compiles one entry under `require:`.
    fileprivate init(_ node: DefinitionNode, scope: inout DefinitionScope) throws(DefinitionError) {
        var fields = try node.fields("a requirement of a handshake")
        self.value = try scope.template(fields.require("value"))
        switch (fields.take("secret"), fields.take("in_parameter")) {
        case (let secret?, nil):
            let kind = try secret.text()
            guard scope.secretKinds.contains(kind) else {
                throw secret.error("the secret \"\(kind)\" is not declared under secrets:")
            }
            self.expectation = .secret(kind: kind)
        case (nil, let parameter?): self.expectation = .listed(parameter: try scope.parameter(parameter))
        case (nil, nil), (_?, _?): throw node.error("a requirement says either secret: or in_parameter:")
        }
        try fields.finish()
    }
}

extension HandshakeAnswer {
    /// Compiles `answer:`.
    fileprivate init(_ node: DefinitionNode, scope: inout DefinitionScope) throws(DefinitionError) {
        var fields = try node.fields("the answer to a handshake")
        self.status = try fields.take("status")?.integer(in: 200...299) ?? 200
        let contentType = try fields.take("content_type")?.headerValue()
        var headers: [HeaderLine] = []
        for (name, value) in try fields.take("headers")?.fields("headers").entries ?? [] {
            let nameNode = DefinitionNode(file: value.file, line: value.line, content: .text(name, isNull: false))
            headers.append(HeaderLine(name: try nameNode.headerName(), value: try value.headerValue()))
        }
        self.headers = headers
        switch (fields.take("text"), fields.take("json")) {
        case (nil, nil): self.body = .empty
        case (let text?, nil): self.body = .text(try scope.template(text))
        case (nil, let json?):
            var members: [(name: String, value: Template)] = []
            for (name, value) in try json.fields("json").entries { members.append((name, try scope.template(value))) }
            self.body = .json(members)
        case (_?, _?): throw node.error("an answer has either text: or json:")
        }
        switch self.body {
        case .empty: self.contentType = contentType
        case .text:
            guard let contentType else { throw node.error("an answer with a text needs a content_type") }
            self.contentType = contentType
        case .json: self.contentType = contentType ?? "application/json"
        }
        try fields.finish()
    }
}
